// MinHash signatures (Broder 1997, "On the resemblance and containment of documents").
//
// Value k of a signature is min over the shingles s of (a_k * high32(s) + b_k) mod 2^32, with a_k
// odd: each k permutes the 32-bit numbers. Every instruction set gives the same signature.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace wirecopy {

inline constexpr int kMaxPermutations = 4096;
// Changes whenever the same text, size and seed would give another signature.
inline constexpr int kSignatureVersion = 2;

class MinHasher {
 public:
  // Throws InputError unless 1 <= permutations <= kMaxPermutations.
  MinHasher(int permutations, std::uint64_t seed);

  std::size_t size() const { return size_; }
  // Writes size() values. Order and repeats of the shingles make no difference. No shingles: all
  // ones.
  void sign(std::span<const std::uint64_t> shingles, std::span<std::uint32_t> signature) const;

 private:
  std::size_t size_;
  // Padded to whole kernel blocks.
  std::vector<std::uint32_t> multipliers_;
  std::vector<std::uint32_t> increments_;
};

}  // namespace wirecopy

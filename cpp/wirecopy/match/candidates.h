// Candidates: texts whose signatures agree on all rows of some band.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

// One 64-bit key per band and text, band after band.
class BandKeys {
 public:
  BandKeys(std::size_t bands, std::size_t texts) : texts_(texts), keys_(bands * texts) {}

  std::size_t bands() const { return texts_ == 0 ? 0 : keys_.size() / texts_; }
  void set(std::size_t band, std::size_t text, std::uint64_t key) {
    keys_[band * texts_ + text] = key;
  }
  std::span<const std::uint64_t> band(std::size_t band) const {
    return {keys_.data() + band * texts_, texts_};
  }

 private:
  std::size_t texts_;
  std::vector<std::uint64_t> keys_;
};

// Lists of texts, end to end: list i is members[starts[i] .. starts[i + 1]), ascending.
struct Buckets {
  std::vector<DocId> members;
  std::vector<std::size_t> starts{0};

  std::size_t size() const { return starts.size() - 1; }
  std::span<const DocId> operator[](std::size_t i) const {
    return {members.data() + starts[i], starts[i + 1] - starts[i]};
  }
};

// The texts among `wanted` that share a band key with another one, bucket by bucket, in an order
// that depends on the keys only.
Buckets shared_buckets(const BandKeys& keys, std::span<const DocId> wanted, const Run& run);

}  // namespace wirecopy

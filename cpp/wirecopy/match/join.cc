#include "wirecopy/match/join.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <vector>

#include "wirecopy/match/candidates.h"

namespace wirecopy {
namespace {

// About how many sets a member is in, in classes from rare to frequent. Any order is right; this
// one makes few candidates. Counted in a sample of the sets and in a table without collision
// handling.
class Rarity {
 public:
  static constexpr std::size_t kClasses = 32;

  Rarity(const Sets& sets, const Run& run) {
    std::uint64_t members = 0;
    for (const auto& set : sets.members) members += set.size();
    const auto bits = std::clamp(static_cast<int>(std::bit_width(members / kStride)), 10, 19);
    shift_ = 64 - bits;
    counts_ = std::vector<std::atomic<std::uint8_t>>(std::size_t{1} << bits);
    const std::size_t sampled = (sets.count() + kStride - 1) / kStride;
    parallel_for(run, sampled, 64, [&](int, std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        for (const std::uint64_t member : sets.members[i * kStride]) {
          auto& count = counts_[member >> shift_];
          // Above kEnough all counts are one class, so it does not matter who came first.
          if (count.load(std::memory_order_relaxed) < kEnough) {
            count.fetch_add(1, std::memory_order_relaxed);
          }
        }
      }
    });
  }

  std::uint8_t operator()(std::uint64_t member) const {
    const unsigned count =
        std::min<unsigned>(counts_[member >> shift_].load(std::memory_order_relaxed), kEnough);
    // 0 .. 7 as they are, then by powers of two.
    return static_cast<std::uint8_t>(count < 8 ? count : 5 + std::bit_width(count) - 1);
  }

 private:
  static constexpr std::size_t kStride = 8;
  static constexpr unsigned kEnough = 128;  // plus one a thread, still below 256

  int shift_ = 0;
  std::vector<std::atomic<std::uint8_t>> counts_;
};

constexpr int kPartBits = 8;
constexpr std::size_t kParts = std::size_t{1} << kPartBits;

std::size_t part_of(std::uint64_t member) { return member >> (64 - kPartBits); }
std::uint32_t key_of(std::uint64_t member) {
  return static_cast<std::uint32_t>(member >> (32 - kPartBits));
}

// Marks the first `length` members in the order of rarity: whole classes below `cut`, and `rest`
// members of class `cut`, by hash.
struct Prefix {
  std::size_t cut = 0;
  std::size_t rest = 0;

  Prefix(std::size_t length, const std::array<std::uint32_t, Rarity::kClasses>& in_class)
      : rest(length) {
    while (cut < Rarity::kClasses && in_class[cut] <= rest) rest -= in_class[cut++];
  }
  bool take(std::size_t rarity_class) {
    if (rarity_class != cut) return rarity_class < cut;
    if (rest == 0) return false;
    --rest;
    return true;
  }
};

class PrefixWriter {
 public:
  PrefixWriter() : parts_(kParts) {}

  void write(std::size_t slot, const Sets& sets, const Similarity& similarity,
             const Rarity& rarity) {
    const auto members = sets.members[slot];
    const auto length = [&](std::uint32_t needed) {
      return needed > members.size() ? std::size_t{0} : members.size() - needed + 1;
    };
    const std::size_t indexed = length(similarity.needed_as_smaller(sets.size[slot]));
    const std::size_t probed = length(similarity.needed_as_larger(sets.size[slot]));
    if (probed == 0) return;
    std::array<std::uint32_t, Rarity::kClasses> in_class{};
    classes_.resize(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) {
      classes_[i] = rarity(members[i]);
      ++in_class[classes_[i]];
    }
    Prefix found_by(indexed, in_class);
    Prefix looks_with(probed, in_class);
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (!looks_with.take(classes_[i])) continue;
      parts_[part_of(members[i])].push_back(
          keyed(key_of(members[i]), seat(slot, found_by.take(classes_[i]))));
    }
  }

  std::vector<KeyedSeat>& part(std::size_t i) { return parts_[i]; }

 private:
  std::vector<std::vector<KeyedSeat>> parts_;
  std::vector<std::uint8_t> classes_;
};

}  // namespace

Buckets prefix_buckets(const Sets& sets, const Similarity& similarity, const Run& run) {
  std::vector<PrefixWriter> writers(static_cast<std::size_t>(run.threads));
  run.begin("joining", sets.count() + kParts);
  {
    const Rarity rarity(sets, run);
    parallel_for(run, sets.count(), 64, [&](int worker, std::size_t begin, std::size_t end) {
      for (std::size_t slot = begin; slot < end; ++slot) {
        run.check();
        writers[static_cast<std::size_t>(worker)].write(slot, sets, similarity, rarity);
      }
      run.advance(end - begin);
    });
  }
  return shared_buckets(
      kParts,
      [&](int, std::size_t part, std::vector<KeyedSeat>& entries) {
        entries.clear();
        for (PrefixWriter& writer : writers) {
          std::vector<KeyedSeat>& written = writer.part(part);
          entries.insert(entries.end(), written.begin(), written.end());
          written = {};
        }
      },
      run);
}

Compared exact_join(const Sets& sets, const Similarity& similarity, const Run& run) {
  return compare(sets, prefix_buckets(sets, similarity, run), similarity, /*max_pairs=*/0, run);
}

}  // namespace wirecopy

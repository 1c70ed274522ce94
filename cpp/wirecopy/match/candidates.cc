#include "wirecopy/match/candidates.h"

#include <algorithm>
#include <bit>

#include "wirecopy/base/buffer.h"

namespace wirecopy {
namespace {

// Sorts one part by key: a counting pass on the top bits leaves about one entry a slot, so that
// nearly all of the work is that pass.
class PartSorter {
 public:
  void append_shared(std::span<const KeyedSeat> entries, Buckets& out) {
    if (entries.size() < 2) return;
    const int bits = std::clamp(static_cast<int>(std::bit_width(entries.size())), 1, 20);
    const int shift = 64 - bits;
    starts_.assign((std::size_t{1} << bits) + 1, 0);
    sorted_.resize(entries.size());
    for (const KeyedSeat entry : entries) ++starts_[(entry >> shift) + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    for (const KeyedSeat entry : entries) sorted_[starts_[entry >> shift]++] = entry;
    std::size_t begin = 0;
    for (std::size_t slot = 0; slot + 1 < starts_.size(); ++slot) {
      const std::size_t end = starts_[slot];  // now the end of this slot
      if (end - begin > 1) append_slot(begin, end, out);
      begin = end;
    }
  }

 private:
  void append_slot(std::size_t begin, std::size_t end, Buckets& out) {
    std::sort(sorted_.begin() + static_cast<std::ptrdiff_t>(begin),
              sorted_.begin() + static_cast<std::ptrdiff_t>(end));
    for (std::size_t i = begin; i < end;) {
      std::size_t j = i + 1;
      while (j < end && sorted_[j] >> 32 == sorted_[i] >> 32) ++j;
      if (j - i > 1) {
        for (std::size_t k = i; k < j; ++k) out.members.push_back(static_cast<Seat>(sorted_[k]));
        out.starts.push_back(out.members.size());
      }
      i = j;
    }
  }

  std::vector<std::size_t> starts_;
  std::vector<KeyedSeat> sorted_;
};

}  // namespace

Buckets shared_buckets(std::size_t parts,
                       const std::function<void(int, std::size_t, std::vector<KeyedSeat>&)>& fill,
                       const Run& run) {
  std::vector<Buckets> of_part(parts);
  struct Worker {
    PartSorter sorter;
    std::vector<KeyedSeat> entries;
  };
  std::vector<Worker> workers(static_cast<std::size_t>(run.threads));
  parallel_for(run, parts, 1, [&](int w, std::size_t begin, std::size_t end) {
    Worker& worker = workers[static_cast<std::size_t>(w)];
    for (std::size_t part = begin; part < end; ++part) {
      fill(w, part, worker.entries);
      worker.sorter.append_shared(worker.entries, of_part[part]);
    }
    run.advance(end - begin);
  });
  Buckets all;
  std::size_t members = 0;
  std::size_t lists = 0;
  for (const Buckets& buckets : of_part) {
    members += buckets.members.size();
    lists += buckets.size();
  }
  reserve_huge(all.members, members);
  reserve_huge(all.starts, lists + 1);
  for (Buckets& buckets : of_part) {
    const std::size_t base = all.members.size();
    all.members.insert(all.members.end(), buckets.members.begin(), buckets.members.end());
    for (std::size_t i = 1; i < buckets.starts.size(); ++i) {
      all.starts.push_back(base + buckets.starts[i]);
    }
    buckets = {};
  }
  return all;
}

}  // namespace wirecopy

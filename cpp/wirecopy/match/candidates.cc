#include "wirecopy/match/candidates.h"

#include <algorithm>
#include <bit>

namespace wirecopy {
namespace {

struct Entry {
  std::uint64_t key;
  DocId text;
  friend bool operator<(const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key < b.key : a.text < b.text;
  }
};

// Sorts one band's texts by key: a counting pass on the top bits leaves about one text a slot, so
// that nearly all of the work is that pass.
class BandSorter {
 public:
  explicit BandSorter(std::size_t texts)
      : bits_(std::clamp(static_cast<int>(std::bit_width(texts)), 1, 16)),
        starts_((std::size_t{1} << bits_) + 1),
        entries_(texts) {}

  void append_shared(std::span<const std::uint64_t> keys, std::span<const DocId> wanted,
                     Buckets& out) {
    const int shift = 64 - bits_;
    std::fill(starts_.begin(), starts_.end(), 0);
    for (const DocId text : wanted) ++starts_[(keys[text] >> shift) + 1];
    for (std::size_t i = 1; i < starts_.size(); ++i) starts_[i] += starts_[i - 1];
    for (const DocId text : wanted) entries_[starts_[keys[text] >> shift]++] = {keys[text], text};
    std::size_t begin = 0;
    for (std::size_t slot = 0; slot + 1 < starts_.size(); ++slot) {
      const std::size_t end = starts_[slot];  // now the end of this slot
      if (end - begin > 1) append_slot(begin, end, out);
      begin = end;
    }
  }

 private:
  void append_slot(std::size_t begin, std::size_t end, Buckets& out) {
    std::sort(entries_.begin() + static_cast<std::ptrdiff_t>(begin),
              entries_.begin() + static_cast<std::ptrdiff_t>(end));
    for (std::size_t i = begin; i < end;) {
      std::size_t j = i + 1;
      while (j < end && entries_[j].key == entries_[i].key) ++j;
      if (j - i > 1) {
        for (std::size_t k = i; k < j; ++k) out.members.push_back(entries_[k].text);
        out.starts.push_back(out.members.size());
      }
      i = j;
    }
  }

  int bits_;
  std::vector<std::size_t> starts_;
  std::vector<Entry> entries_;
};

}  // namespace

Buckets shared_buckets(const BandKeys& keys, std::span<const DocId> wanted, const Run& run) {
  const std::size_t bands = keys.bands();
  std::vector<Buckets> of_band(bands);
  std::vector<BandSorter> sorters(static_cast<std::size_t>(std::max(run.threads, 1)),
                                  BandSorter(wanted.size()));
  parallel_for(run, bands, 1, [&](int worker, std::size_t begin, std::size_t end) {
    for (std::size_t band = begin; band < end; ++band) {
      sorters[static_cast<std::size_t>(worker)].append_shared(keys.band(band), wanted,
                                                              of_band[band]);
      run.advance(1);
    }
  });
  Buckets all;
  for (Buckets& buckets : of_band) {
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

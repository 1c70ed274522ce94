#include "wirecopy/match/copies.h"

#include <algorithm>

#include "wirecopy/base/hash.h"

namespace wirecopy {

std::vector<DocId> find_copies(const TextColumn& texts, std::span<const DocId> wanted, CopyForm,
                               const Run& run) {
  struct Entry {
    Fingerprint print;
    std::size_t index;
  };
  std::vector<Entry> entries(wanted.size());
  parallel_for(run, wanted.size(), 64, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const auto t = texts[wanted[i]];
      entries[i] = {fingerprint(t.data(), t.size()), i};
    }
  });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.print != b.print ? a.print < b.print : a.index < b.index;
  });
  std::vector<DocId> first(wanted.begin(), wanted.end());
  for (std::size_t i = 1; i < entries.size(); ++i) {
    if (entries[i].print != entries[i - 1].print) continue;
    const DocId before = first[entries[i - 1].index];
    if (texts[before].empty()) continue;
    if (texts[before] == texts[wanted[entries[i].index]]) first[entries[i].index] = before;
  }
  return first;
}

}  // namespace wirecopy

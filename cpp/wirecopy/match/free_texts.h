// Which texts are in no group yet, while groups are made in keeper order.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "wirecopy/match/candidates.h"
#include "wirecopy/match/constraint.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/groups.h"

namespace wirecopy {

class FreeTexts {
 public:
  explicit FreeTexts(const Matches& matches)
      : twins_(twins_of(matches)), left_(matches.twin.size()), taken_(matches.twin.size()) {
    for (std::size_t first = 0; first < left_.size(); ++first) left_[first] = twins_[first].size();
  }

  bool taken(DocId text) const { return taken_[text]; }
  void take(DocId text) { taken_[text] = true; }

  // Whether texts with the shingle set of `first` may be free.
  bool any(DocId first) const { return left_[first] > 0; }

  // Takes all of them that are free and may stand with `keeper`, and calls put(text) for each.
  template <typename Put>
  void take_from(DocId first, DocId keeper, const Constraint& constraint, Put put) {
    // Those that stay free move to the front, so that no text is looked at once it is taken.
    const std::span<DocId> texts(twins_.members.data() + twins_.starts[first], left_[first]);
    std::size_t kept = 0;
    for (const DocId text : texts) {
      if (taken_[text]) continue;
      if (!constraint.allows(keeper, text)) {
        texts[kept++] = text;
        continue;
      }
      taken_[text] = true;
      put(text);
    }
    left_[first] = kept;
  }

 private:
  Buckets twins_;                  // of each first one the left_ first may be free
  std::vector<std::size_t> left_;  // by first twin
  std::vector<bool> taken_;
};

}  // namespace wirecopy

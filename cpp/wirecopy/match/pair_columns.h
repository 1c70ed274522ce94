// The columns that tables of pairs have in common.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wirecopy/base/table.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/verdict.h"

namespace wirecopy {

class PairColumns {
 public:
  struct Form {
    std::string a = "a";  // what the rows of a pair are called ...
    std::string b = "b";
    std::string suffix_a = "_a";  // ... and what stands after "containment"
    std::string suffix_b = "_b";
    bool similarity = true;  // whether there is a column for it
  };

  explicit PairColumns(const Matches& matches) : matches_(matches) {}

  void push_back(const Pair& pair, Verdict verdict);
  // a, b, [similarity,] jaccard, containment_a, containment_b, shared, verdict. Rows b are counted
  // from row `split` on.
  Table table(const Form& form, std::size_t split = 0) &&;

 private:
  const Matches& matches_;
  std::vector<std::int64_t> a_, b_, shared_;
  std::vector<double> similarity_, jaccard_, containment_a_, containment_b_;
  Strings verdict_;
};

}  // namespace wirecopy

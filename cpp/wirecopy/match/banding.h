// Bands and rows: a pair is a candidate when all rows of some band of its signatures agree, which
// happens with probability 1 - (1 - s^rows)^bands at Jaccard similarity s (the "S-curve"; Leskovec,
// Rajaraman and Ullman, Mining of Massive Datasets, section 3.4).
#pragma once

#include <cstdint>

namespace wirecopy {

struct Banding {
  int bands = 0;
  int rows = 0;

  double candidate_probability(double similarity) const;
};

// The most rows (fewest chance candidates) whose bands, within `permutations` values, still find a
// pair at `threshold` with probability `recall` or more. Throws InputError where even one row a
// band cannot.
Banding choose_banding(double threshold, double recall, int permutations);

}  // namespace wirecopy

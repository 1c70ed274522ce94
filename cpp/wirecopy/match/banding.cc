#include "wirecopy/match/banding.h"

#include <cmath>
#include <string>

#include "wirecopy/base/error.h"

namespace wirecopy {

double Banding::candidate_probability(double similarity) const {
  return 1 - std::pow(1 - std::pow(similarity, rows), bands);
}

Banding choose_banding(double threshold, double recall, int permutations) {
  for (int rows = permutations; rows >= 1; --rows) {
    const Banding banding{permutations / rows, rows};
    if (banding.candidate_probability(threshold) >= recall) return banding;
  }
  const double needed = std::ceil(std::log1p(-recall) / std::log1p(-threshold));
  throw InputError(
      "recall",
      "cannot be reached at this threshold with num_perm=" + std::to_string(permutations) +
          "; it takes num_perm=" + std::to_string(static_cast<long long>(needed)));
}

}  // namespace wirecopy

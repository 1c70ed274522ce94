#include "wirecopy/keywords/weights.h"

#include <string>

#include "wirecopy/base/error.h"

namespace wirecopy {

Weights::Weights(std::span<const double> values, std::size_t texts) : values_(values) {
  if (values.empty()) return;
  if (values.size() != texts) {
    throw InputError("weights", std::to_string(values.size()) + " values for " +
                                    std::to_string(texts) + " texts");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i]) || values[i] < 0) {
      throw InputError("weights", static_cast<std::int64_t>(i),
                       std::to_string(values[i]) + "; must be finite and not negative");
    }
    if (values[i] > kLargestTotal) {
      throw InputError("weights", static_cast<std::int64_t>(i),
                       std::to_string(values[i]) + "; must be at most 2^53");
    }
  }
}

}  // namespace wirecopy

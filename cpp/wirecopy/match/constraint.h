// Which texts may match at all, by when and where they appeared.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "wirecopy/base/text_column.h"

namespace wirecopy {

struct Constraint {
  static constexpr std::int64_t kUnknownDate = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int32_t kUnknownSource = -1;

  // Microseconds, by row; where not empty, two texts with known dates further apart than `window`
  // are no match.
  std::span<const std::int64_t> dates;
  std::int64_t window = 0;
  // Numbers of sources, by row; where not empty, two texts of one known source are no match.
  std::span<const std::int32_t> sources;

  bool active() const { return !dates.empty() || !sources.empty(); }

  bool allows(DocId a, DocId b) const {
    if (!sources.empty() && sources[a] == sources[b] && sources[a] != kUnknownSource) return false;
    if (dates.empty() || dates[a] == kUnknownDate || dates[b] == kUnknownDate) return true;
    // As unsigned: the difference of two dates may be more than an int64 holds.
    const auto x = static_cast<std::uint64_t>(dates[a]);
    const auto y = static_cast<std::uint64_t>(dates[b]);
    return (dates[a] < dates[b] ? y - x : x - y) <= static_cast<std::uint64_t>(window);
  }
};

}  // namespace wirecopy

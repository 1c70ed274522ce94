// From places in a text to places in what became of it, and back.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "wirecopy/text/rewriter.h"

namespace wirecopy {

// Half-open.
struct Range {
  std::size_t begin;
  std::size_t end;

  bool operator==(const Range&) const = default;
};

// Where a range of the one text lies in the other: the shortest range that everything in it comes
// from (or went to). A range that cuts an edit gets the whole of it; what was removed right before
// or after a range that is not empty is not in it. An empty range stays one, unless it is inside an
// edit.
Range to_result(const std::vector<Edit>& edits, Range range);
Range to_original(const std::vector<Edit>& edits, Range range);

// The edits from the first text to the third. Where edits of the two overlap in the second, they
// become one.
std::vector<Edit> compose_edits(const std::vector<Edit>& first, const std::vector<Edit>& second);

// The same edits in code points instead of bytes.
std::vector<Edit> in_code_points(const std::vector<Edit>& edits, std::string_view original,
                                 std::string_view result);

// Edits that make `result` of `original`, for a result that came without (mojibake repair). The two
// are read side by side; where they differ, the nearest place where they go on alike is looked for
// within `kWindow` bytes, so time is linear. None has an empty range in `original`, unless that is
// empty.
inline constexpr std::size_t kAlignWindow = 64;
std::vector<Edit> align_edits(std::string_view original, std::string_view result);

}  // namespace wirecopy

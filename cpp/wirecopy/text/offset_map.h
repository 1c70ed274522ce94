// From places in a text to places in what became of it, and back.
#pragma once

#include <cstddef>
#include <span>
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
Range to_result(std::span<const Edit> edits, Range range);
Range to_original(std::span<const Edit> edits, Range range);

// The edits of many texts, row after row, and how long the texts are; in code points.
struct OffsetMaps {
  std::size_t rows() const { return lengths.size(); }
  std::span<const Edit> row(std::size_t i) const {
    return std::span(edits).subspan(begins[i], begins[i + 1] - begins[i]);
  }
  void push_back(std::span<const Edit> row_edits, Range row_lengths);
  void append(const OffsetMaps& other);

  std::vector<std::size_t> begins{0};  // of the rows among the edits; one more than rows
  std::vector<Edit> edits;
  std::vector<Range> lengths;  // of the original, and of what became of it
};

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

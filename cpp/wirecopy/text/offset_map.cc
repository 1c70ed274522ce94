#include "wirecopy/text/offset_map.h"

#include <algorithm>
#include <cstdint>

namespace wirecopy {
namespace {

bool is_continuation(char byte) { return (static_cast<std::uint8_t>(byte) & 0xC0u) == 0x80u; }

// One direction of the map.
struct Sides {
  std::size_t Edit::* from_begin;
  std::size_t Edit::* from_end;
  std::size_t Edit::* to_begin;
  std::size_t Edit::* to_end;
};

Range map_range(std::span<const Edit> edits, Range range, const Sides& side) {
  // Where a place goes that is in no edit, after all edits before `next`.
  const auto shifted = [&](std::size_t at, std::span<const Edit>::iterator next) {
    return next == edits.begin() ? at
                                 : (*(next - 1)).*side.to_end + (at - (*(next - 1)).*side.from_end);
  };
  // As the end of a range: edits that begin before `at`.
  const auto map_end = [&](std::size_t at) {
    const auto next = std::partition_point(edits.begin(), edits.end(),
                                           [&](const Edit& e) { return e.*side.from_begin < at; });
    if (next != edits.begin() && (*(next - 1)).*side.from_end >= at) {
      return (*(next - 1)).*side.to_end;
    }
    return shifted(at, next);
  };
  // As the beginning: edits that end after `at`.
  const auto map_begin = [&](std::size_t at) {
    const auto next = std::partition_point(edits.begin(), edits.end(),
                                           [&](const Edit& e) { return e.*side.from_end <= at; });
    if (next != edits.end() && (*next).*side.from_begin <= at) return (*next).*side.to_begin;
    return shifted(at, next);
  };
  if (range.begin == range.end) {
    const auto next = std::partition_point(
        edits.begin(), edits.end(), [&](const Edit& e) { return e.*side.from_end <= range.begin; });
    const bool inside = next != edits.end() && (*next).*side.from_begin < range.begin;
    if (!inside) {
      const std::size_t at = map_end(range.end);
      return {at, at};
    }
  }
  return {map_begin(range.begin), map_end(range.end)};
}

}  // namespace

Range to_result(std::span<const Edit> edits, Range range) {
  return map_range(edits, range, {&Edit::begin, &Edit::end, &Edit::out_begin, &Edit::out_end});
}

Range to_original(std::span<const Edit> edits, Range range) {
  return map_range(edits, range, {&Edit::out_begin, &Edit::out_end, &Edit::begin, &Edit::end});
}

void OffsetMaps::push_back(std::span<const Edit> row_edits, Range row_lengths) {
  edits.insert(edits.end(), row_edits.begin(), row_edits.end());
  begins.push_back(edits.size());
  lengths.push_back(row_lengths);
}

void OffsetMaps::append(const OffsetMaps& other) {
  const std::size_t base = edits.size();
  edits.insert(edits.end(), other.edits.begin(), other.edits.end());
  for (std::size_t i = 1; i < other.begins.size(); ++i) begins.push_back(base + other.begins[i]);
  lengths.insert(lengths.end(), other.lengths.begin(), other.lengths.end());
}

std::vector<Edit> compose_edits(const std::vector<Edit>& first, const std::vector<Edit>& second) {
  if (first.empty()) return second;
  if (second.empty()) return first;
  std::vector<Edit> both;
  both.reserve(first.size() + second.size());
  auto a = first.begin();
  auto b = second.begin();
  // Place in the original, or in the result, of a place in the text between them.
  const auto original = [&](std::size_t at) {
    return a == first.begin() ? at : (a - 1)->end + (at - (a - 1)->out_end);
  };
  const auto result = [&](std::size_t at) {
    return b == second.begin() ? at : (b - 1)->out_end + (at - (b - 1)->end);
  };
  while (a != first.end() || b != second.end()) {
    const bool from_a = b == second.end() || (a != first.end() && a->out_begin <= b->begin);
    const std::size_t begin = from_a ? a->out_begin : b->begin;
    Edit edit{original(begin), 0, result(begin), 0};
    std::size_t end = from_a ? a->out_end : b->end;
    from_a ? static_cast<void>(++a) : static_cast<void>(++b);
    for (bool more = true; more;) {
      more = false;
      if (a != first.end() && a->out_begin < end) {
        end = std::max(end, a->out_end);
        ++a;
        more = true;
      }
      if (b != second.end() && b->begin < end) {
        end = std::max(end, b->end);
        ++b;
        more = true;
      }
    }
    edit.end = original(end);
    edit.out_end = result(end);
    both.push_back(edit);
  }
  return both;
}

std::vector<Edit> in_code_points(const std::vector<Edit>& edits, std::string_view original,
                                 std::string_view result) {
  class Counter {
   public:
    explicit Counter(std::string_view text) : text_(text) {}
    std::size_t operator()(std::size_t byte) {
      for (; at_ < byte; ++at_) count_ += is_continuation(text_[at_]) ? 0 : 1;
      return count_;
    }

   private:
    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t count_ = 0;
  };
  Counter before(original);
  Counter after(result);
  std::vector<Edit> out;
  out.reserve(edits.size());
  for (const Edit& e : edits) {
    const std::size_t begin = before(e.begin);
    const std::size_t end = before(e.end);
    const std::size_t out_begin = after(e.out_begin);
    out.push_back({begin, end, out_begin, after(e.out_end)});
  }
  return out;
}

std::vector<Edit> align_edits(std::string_view original, std::string_view result) {
  constexpr std::size_t kAlike = 3;  // characters that must be equal to go on
  std::vector<Edit> edits;
  std::size_t end = original.size();
  std::size_t out_end = result.size();
  while (end > 0 && out_end > 0 && original[end - 1] == result[out_end - 1]) --end, --out_end;
  while ((end < original.size() && is_continuation(original[end])) ||
         (out_end < result.size() && is_continuation(result[out_end]))) {
    ++end;
    ++out_end;
  }
  const auto alike = [&](std::size_t i, std::size_t j) {
    if (i < end && is_continuation(original[i])) return false;
    if (j < out_end && is_continuation(result[j])) return false;
    for (std::size_t k = 0; k < kAlike; ++k) {
      if (i + k == end && j + k == out_end) return true;
      if (i + k >= end || j + k >= out_end || original[i + k] != result[j + k]) return false;
    }
    return true;
  };
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < end || j < out_end) {
    if (i < end && j < out_end && original[i] == result[j]) {
      ++i;
      ++j;
      continue;
    }
    while ((i < end && is_continuation(original[i])) ||
           (j < out_end && is_continuation(result[j]))) {
      --i;
      --j;
    }
    std::size_t to_i = end;
    std::size_t to_j = out_end;
    bool found = false;
    for (std::size_t total = 1; total <= kAlignWindow && !found; ++total) {
      // Mojibake is longer than what it stands for.
      for (std::size_t dj = 0; dj <= total / 2 && !found; ++dj) {
        const std::size_t di = total - dj;
        if (di == 0 || i + di > end || j + dj > out_end || !alike(i + di, j + dj)) continue;
        to_i = i + di;
        to_j = j + dj;
        found = true;
      }
    }
    if (!edits.empty() && edits.back().end == i && edits.back().out_end == j) {
      edits.back().end = to_i;
      edits.back().out_end = to_j;
    } else {
      edits.push_back({i, to_i, j, to_j});
    }
    i = to_i;
    j = to_j;
  }
  // An insertion goes with the character before or after it.
  for (std::size_t k = 0; k < edits.size(); ++k) {
    Edit& e = edits[k];
    if (e.begin != e.end) continue;
    if (e.begin > 0 && e.out_begin > 0 && (k == 0 || edits[k - 1].end < e.begin)) {
      do {
        --e.begin;
        --e.out_begin;
      } while (is_continuation(original[e.begin]));
    } else if (e.end < original.size()) {
      do {
        ++e.end;
        ++e.out_end;
      } while (e.end < original.size() && is_continuation(original[e.end]));
    }
  }
  return edits;
}

}  // namespace wirecopy

// What kind of match a pair is. The rules are in evidence.h; judge() here knows the shingle sets
// only and gives the first four.
#pragma once

#include <cstdint>
#include <string_view>

namespace wirecopy {

enum class Verdict : std::uint8_t {
  kIdentical,  // the same bytes
  kSameText,   // the same set of shingles: only case, punctuation, spacing or encoding differ
  kCutDown,    // >= 90 % of the shorter is in the longer, and it has at most 80 % of its shingles
  kNearCopy,   // any other pair at or above the threshold
  kUpdate,     // the same story later: long shared runs, with changed numbers or added text
  kTemplate,   // alike in frame, different in facts
  kSharedPassage,  // one long run in both, and little else
};

inline constexpr std::uint8_t kVerdicts = 7;  // how many there are
inline constexpr double kCutDownContainment = 0.9;
inline constexpr double kCutDownSize = 0.8;

std::string_view verdict_name(Verdict verdict);
// What a member of a group is to its keeper: "copy", "reprint", "cut-down", "extended" (the keeper
// is the cut-down), "update", "template" or "excerpt".
std::string_view role_name(Verdict verdict, std::uint32_t size, std::uint32_t keeper_size);

Verdict judge(bool same_bytes, std::uint32_t size_a, std::uint32_t size_b, std::uint32_t shared);

}  // namespace wirecopy

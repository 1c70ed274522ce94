#include "wirecopy/match/verdict.h"

#include <algorithm>

namespace wirecopy {

std::string_view verdict_name(Verdict verdict) {
  switch (verdict) {
    case Verdict::kIdentical: return "identical";
    case Verdict::kSameText: return "same text";
    case Verdict::kCutDown: return "cut-down";
    case Verdict::kNearCopy: return "near copy";
    case Verdict::kUpdate: return "update";
    case Verdict::kTemplate: return "template";
    case Verdict::kSharedPassage: return "shared passage";
  }
  return "";
}

std::string_view role_name(Verdict verdict, std::uint32_t size, std::uint32_t keeper_size) {
  switch (verdict) {
    case Verdict::kIdentical:
    case Verdict::kSameText: return "copy";
    case Verdict::kCutDown: return size < keeper_size ? "cut-down" : "extended";
    case Verdict::kNearCopy: return "reprint";
    case Verdict::kUpdate: return "update";
    case Verdict::kTemplate: return "template";
    case Verdict::kSharedPassage: return "excerpt";
  }
  return "";
}

Verdict judge(bool same_bytes, std::uint32_t size_a, std::uint32_t size_b, std::uint32_t shared) {
  if (same_bytes) return Verdict::kIdentical;
  if (shared == size_a && shared == size_b) return Verdict::kSameText;
  const double shorter = std::min(size_a, size_b);
  const double longer = std::max(size_a, size_b);
  if (shared >= kCutDownContainment * shorter && shorter <= kCutDownSize * longer) {
    return Verdict::kCutDown;
  }
  return Verdict::kNearCopy;
}

}  // namespace wirecopy

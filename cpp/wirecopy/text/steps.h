// The names of what normalization can do.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace wirecopy {

// In the order in which they are done, whatever the order in which they were asked for.
enum class Step : std::uint8_t {
  kUtf8,
  kMojibake,
  kHtmlEntities,
  kDoubleEntities,
  kLineHyphens,
  kControls,
  kSoftHyphens,
  kZeroWidth,
  kJoiners,
  kBidi,
  kLineBreaks,
  kSpaces,
  kQuotes,
  kApostrophes,
  kDashes,
  kEllipses,
  kLigatures,
  kNfc,
  kNfd,
  kNfkc,
  kNfkd,
  kDropUrls,
  kMarkUrls,
  kDropEmails,
  kMarkEmails,
  kDropHandles,
  kMarkHandles,
  kDropNumbers,
  kMarkNumbers,
  kCasefold,
  kAccents,
  kWhitespace,
  kOneLine,
};
inline constexpr int kStepCount = static_cast<int>(Step::kOneLine) + 1;

// As it is called in Python.
std::string_view step_name(Step step);

class StepSet {
 public:
  StepSet() = default;
  StepSet(std::initializer_list<Step> steps) {
    for (const Step step : steps) add(step);
  }
  void add(Step step) { bits_ |= bit(step); }
  bool has(Step step) const { return (bits_ & bit(step)) != 0; }
  // Throws InputError where two of them exclude each other (two forms; drop and mark of a kind).
  void require_consistent() const;

 private:
  static std::uint64_t bit(Step step) { return std::uint64_t{1} << static_cast<unsigned>(step); }
  std::uint64_t bits_ = 0;
};

}  // namespace wirecopy

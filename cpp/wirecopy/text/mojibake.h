// Which texts could be mojibake: the rule of who repairs it, made into an automaton.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace wirecopy {

// Looks for any of a list of patterns, each a sequence of sets of characters, all at once: bit
// parallel (Shift-And; Baeza-Yates and Gonnet, CACM 35, 1992), one bit for each place of each
// pattern. The patterns come from outside, so that they are those of the version that is installed.
class SequenceDetector {
 public:
  static constexpr std::size_t kWords = 4;
  static constexpr std::size_t kMostPlaces = 64 * kWords;
  using Bits = std::array<std::uint64_t, kWords>;

  // The places of all patterns stand one after the other. class_of: for every code point, the
  // number of its class; classes: the places at which a character of the class may stand; first,
  // anchored, last: the places where patterns begin, where those begin that match at the start of a
  // text only (not in `first`), and where they end. Throws InputError where the sizes do not fit.
  // Every match must have a character >= U+0080: texts of ASCII are not read.
  SequenceDetector(std::vector<std::uint8_t> class_of, std::vector<Bits> classes, const Bits& first,
                   const Bits& anchored, const Bits& last);

  bool matches(std::string_view utf8) const;

 private:
  std::vector<std::uint8_t> class_of_;
  std::vector<Bits> classes_;
  Bits first_, anchored_, last_, not_last_;
  std::size_t longest_ = 0;  // places of a pattern
  std::size_t words_ = 0;    // that hold a place
};

}  // namespace wirecopy

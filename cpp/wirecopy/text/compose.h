// Canonical composition of two code points.
#pragma once

#include <cstdint>
#include <limits>

namespace wirecopy {

// Hangul syllables are composed by arithmetic (Unicode Standard, section 3.12).
namespace hangul {
inline constexpr char32_t kSyllable = 0xAC00, kLead = 0x1100, kVowel = 0x1161, kTrail = 0x11A7;
inline constexpr std::uint32_t kLeads = 19, kVowels = 21, kTrails = 28;
inline constexpr std::uint32_t kSyllables = kLeads * kVowels * kTrails;
}  // namespace hangul

inline constexpr char32_t kNoComposition = std::numeric_limits<char32_t>::max();

// The primary composite of a and b, or kNoComposition.
char32_t composed(char32_t a, char32_t b);

}  // namespace wirecopy

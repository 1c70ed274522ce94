#include "wirecopy/text/compose.h"

#include <algorithm>

#include "wirecopy/text/unicode_tables.h"

namespace wirecopy {

char32_t composed(char32_t a, char32_t b) {
  using namespace hangul;
  if (a - kLead < kLeads && b - kVowel < kVowels) {
    return kSyllable + ((a - kLead) * kVowels + (b - kVowel)) * kTrails;
  }
  if (a - kSyllable < kSyllables && (a - kSyllable) % kTrails == 0 &&
      b - kTrail - 1 < kTrails - 1) {
    return a + (b - kTrail);
  }
  namespace t = unicode::tables;
  const std::uint64_t wanted = static_cast<std::uint64_t>(a) << 32 | b;
  const std::uint64_t* keys_end = t::composition_keys + t::composition_count;
  const std::uint64_t* key = std::lower_bound(t::composition_keys, keys_end, wanted);
  return key != keys_end && *key == wanted ? t::compositions[key - t::composition_keys]
                                           : kNoComposition;
}

}  // namespace wirecopy

// Unicode normalization forms and case, with every change as an edit.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "wirecopy/text/rewriter.h"

namespace wirecopy {

enum class Form : std::uint8_t { kNfc, kNfd, kNfkc, kNfkd };

// All here take well-formed UTF-8. They write to `out` and return true where the text changes;
// where it does not they return false and `out` is empty. `edits` may be null.

// UAX #15. Linear in the text but for runs of combining marks, which are sorted in n log n. An edit
// is the shortest piece that differs between two characters that interact with none before them.
bool to_form(std::string_view text, Form form, ByteBuffer& out, std::vector<Edit>* edits);

// Full case folding (Unicode Standard, section 3.13, R4 with CaseFolding.txt C and F; the Turkic
// mappings are left out): what str.casefold() does. One edit a character.
bool fold_case(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits);

// Takes the nonspacing marks off Latin and Greek letters, whether composed or not. Letters with a
// stroke or a hook (ø, ł, đ) have no mark to take off, and stay.
bool strip_accents(std::string_view text, ByteBuffer& out, std::vector<Edit>* edits);

}  // namespace wirecopy

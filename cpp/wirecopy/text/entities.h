// HTML's character references in plain text.
#pragma once

#include <string_view>
#include <vector>

#include "wirecopy/text/rewriter.h"

namespace wirecopy {

enum class Nesting {
  // As a browser reads text (HTML standard, 13.2.5.72): "&lt;", "&lt", "&#8217;", "&#146;" (meant
  // as
  // windows-1252), once.
  kOnce,
  // An "&" that a reference gave is read as one of the text, to any depth: "&amp;amp;lt;" is "<".
  kNested,
};

// Linear in the text. Returns and writes as the functions of forms.h do; one edit a reference.
bool decode_entities(std::string_view text, Nesting nesting, ByteBuffer& out,
                     std::vector<Edit>* edits);

}  // namespace wirecopy

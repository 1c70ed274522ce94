// URLs, e-mail addresses, handles and numbers in a text.
#pragma once

#include <string_view>
#include <vector>

#include "wirecopy/text/rewriter.h"

namespace wirecopy {

// Each replaces what it finds by `with`, and returns and writes as the functions of forms.h do.
// Linear in the text.

// "http://", "https://", "ftp://" or "www." up to white space, a quote or an angle bracket, without
// the punctuation that ends a sentence and without a closing bracket that was not opened in it.
bool replace_urls(std::string_view text, std::string_view with, ByteBuffer& out,
                  std::vector<Edit>* edits);

// local@domain.tld in ASCII: up to 64 characters before the "@", a last label of letters.
bool replace_emails(std::string_view text, std::string_view with, ByteBuffer& out,
                    std::vector<Edit>* edits);

// "@" and 1 to 30 ASCII letters, digits and "_", not after a letter, digit, "_" or "@".
bool replace_handles(std::string_view text, std::string_view with, ByteBuffer& out,
                     std::vector<Edit>* edits);

// Decimal digits of any script, with single "." and "," between them; no letter, mark or "_" on
// either side ("19th" and "B52" stay).
bool replace_numbers(std::string_view text, std::string_view with, ByteBuffer& out,
                     std::vector<Edit>* edits);

}  // namespace wirecopy

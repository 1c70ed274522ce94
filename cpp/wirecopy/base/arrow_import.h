// Texts in: an Arrow array or stream of strings becomes rows of a TextColumn, without copying a
// text.
#pragma once

#include <string_view>

#include "wirecopy/base/arrow_abi.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

// Appends the rows of one array. Takes over `array` (its release callback is called when the column
// goes, and at once on error); `schema` is only read. Layouts: string (u), large_string (U),
// string_view (vu), dictionary of those with any integer index, null (n). Anything else throws
// InputError naming `argument` and the format found.
void append_arrow_array(TextColumn& column, const ArrowSchema& schema, ArrowArray* array,
                        std::string_view argument);

// Appends every chunk of a stream, and releases it.
void append_arrow_stream(TextColumn& column, ArrowArrayStream* stream, std::string_view argument);

}  // namespace wirecopy

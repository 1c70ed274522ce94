// Texts less their furniture, as a column of their own: what is left of a text where it stands in
// one piece is not copied.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/text/furniture.h"

namespace wirecopy {

struct Bodies {
  TextColumn texts;           // row for row; keeps the texts alive
  std::size_t shortened = 0;  // texts that are not whole any more
};

// A text that is furniture throughout stays whole, and a null text null. `sources`: for each text
// its number in rules.sources() or -1; or empty. Throws InputError naming a row with a lone
// surrogate.
Bodies find_bodies(const TextColumn& texts, const FurnitureRules& rules,
                   const FurnitureOptions& options, std::span<const std::int32_t> sources,
                   const Run& run);

}  // namespace wirecopy

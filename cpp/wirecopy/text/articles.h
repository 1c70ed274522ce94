// Articles taken apart: the furniture of every text as columns, and what is left as the body.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/text/furniture.h"

namespace wirecopy {

struct Articles {
  // headline, date, place, agency, byline (text, empty where not found), body, agency_copy; a row a
  // text.
  Table articles;
  // row, start, end, cut_start, cut_end (code points of the text), kind, rule, language,
  // confidence, removed; by row and start. A text less its cuts is its body.
  Table furniture;
};

// `sources`: for each text its number in rules.sources() or -1; or empty.
Articles parse_articles(const TextColumn& texts, const FurnitureRules& rules,
                        const FurnitureOptions& options, std::span<const std::int32_t> sources,
                        const Run& run);

}  // namespace wirecopy

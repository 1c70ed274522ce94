// Exact copies.
#pragma once

#include <span>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

enum class CopyForm : std::uint8_t { kBytes, kWords };

std::vector<DocId> find_copies(const TextColumn& texts, std::span<const DocId> wanted,
                               CopyForm form, const Run& run);

}  // namespace wirecopy

// Writes a segment.
#pragma once

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/format.h"
#include "wirecopy/archive/manifest.h"
#include "wirecopy/archive/records.h"
#include "wirecopy/base/parallel.h"

namespace wirecopy {

// On disk (the file, not yet its name in the folder) when it returns. What is written depends on
// the records alone, and not on `memory`: bytes to use beside them, about. Some 32 bytes a text and
// a quarter of a byte a key come on top.
format::SegmentEntry write_segment(Folder& folder, std::uint64_t id, const Records& records,
                                   const ArchiveSettings& settings, format::IdKind id_kind,
                                   std::uint64_t memory, const Run& run);

}  // namespace wirecopy

// Writes a segment.
#pragma once

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/format.h"
#include "wirecopy/archive/manifest.h"
#include "wirecopy/archive/records.h"
#include "wirecopy/base/parallel.h"

namespace wirecopy {

// On disk (the file, not yet its name in the folder) when it returns. What is written depends on
// the records alone. Memory beside them: some 32 bytes a text, and 16 bytes for each of at most
// 16 million keys, or 8 keys a text, at a time and thread.
format::SegmentEntry write_segment(Folder& folder, std::uint64_t id, const Records& records,
                                   const ArchiveSettings& settings, format::IdKind id_kind,
                                   const Run& run);

}  // namespace wirecopy

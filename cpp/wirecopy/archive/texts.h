// The texts that an archive keeps.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "wirecopy/archive/held.h"
#include "wirecopy/archive/snapshot.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

// A row for each place: a null text as null, and all of them where texts are not kept. Texts in
// compressed blocks are held in memory as long as the column, others stay where they are mapped.
// Where `wanted` is given, rows at which it is 0 are null and cost nothing. `held` is told what is
// read of the files, where it is given. Throws ArchiveError where one is damaged or not UTF-8.
TextColumn read_texts(const std::shared_ptr<const Snapshot>& snapshot,
                      std::span<const std::uint64_t> places, const Run& run,
                      std::span<const std::uint8_t> wanted = {}, Held* held = nullptr);

}  // namespace wirecopy

// Counts in a file.
//
// Layout, little-endian, no padding: 16 bytes "wirecopy counts\n"; u32 version; u32 flags (1:
// weighted, 2: undercounts); i64 min_n, max_n, skip, texts, left_out, rows, bytes of terms, bytes
// of notes; f64 document_total, undercount; f64 totals[lengths]; i64 term offsets[rows + 1]; terms;
// i64 n[rows]; f64 frequency[rows], documents[rows]; where weighted, sums in units (u64 low, u64
// high): document_total, totals[lengths], frequency[rows], documents[rows]; where flagged, f64
// undercounts[rows]; notes (UTF-8 that the caller reads); XXH3-128 of all before (u64 low, u64
// high).
#pragma once

#include <cstdint>
#include <string>

#include "wirecopy/keywords/counts.h"

namespace wirecopy {

inline constexpr std::uint32_t kCountsFileVersion = 1;

// Without occurrences.
std::string write_counts(const Counts& counts, const std::string& notes);

// Sets `notes`. Throws InputError("file", ...) where the bytes are not such a file, are of a later
// version, were cut off or damaged.
Counts read_counts(const std::string& bytes, std::string& notes);

}  // namespace wirecopy

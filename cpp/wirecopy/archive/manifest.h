// What an archive consists of right now: its settings, its segments, and which of their texts were
// removed. One small file, replaced as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/archive/format.h"
#include "wirecopy/match/banding.h"

namespace wirecopy {

// Chosen once, when an archive is made.
struct ArchiveSettings {
  format::Keys keys = format::Keys::kShingles;
  bool sets = true;
  bool texts = false;
  int shingle_size = 5;
  // Of archives with bands.
  int permutations = 0;
  Banding banding;
  std::uint64_t seed = 0;
  double threshold = 0;  // the least similarity that bands were chosen for
  // For who takes furniture off: not read here.
  std::uint32_t furniture = 0;
  std::uint64_t furniture_print = 0;
  std::string furniture_rules;

  // Throws InputError.
  void check() const;
};

struct Manifest {
  struct Segment {
    format::SegmentEntry entry;
    std::vector<std::uint32_t> removed;  // ascending
  };

  ArchiveSettings settings;
  format::IdKind id_kind = format::IdKind::kNone;
  std::uint64_t generation = 0;
  std::uint64_t next_segment = 1;
  std::int64_t next_id = 0;
  std::vector<Segment> segments;  // in the order in which their texts were added

  std::string write() const;
  // Throws ArchiveError.
  static Manifest read(std::string_view bytes);
};

// Throws ArchiveError naming the file where this wirecopy does not read its version.
void require_version(std::string_view file, std::uint32_t version);

std::string segment_name(std::uint64_t id);
// Whether a file of this name may be a segment's.
bool is_segment_name(std::string_view name);

}  // namespace wirecopy

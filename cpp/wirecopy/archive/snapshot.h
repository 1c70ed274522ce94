// An archive as it was at one moment. What is written later does not change it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/manifest.h"
#include "wirecopy/archive/segment.h"
#include "wirecopy/base/table.h"

namespace wirecopy {

class Snapshot {
 public:
  struct Part {
    std::shared_ptr<const Segment> segment;
    std::vector<bool> removed;  // empty: none
    std::uint64_t first;        // place of its first text

    bool has(std::size_t text) const { return removed.empty() || !removed[text]; }
  };
  struct Place {
    const Part* part;
    std::uint32_t text;
  };

  // Opens the segments that the manifest names, or takes them over from `before`. Null where one of
  // them is gone. Throws ArchiveError.
  static std::shared_ptr<const Snapshot> open(Folder& folder, Manifest manifest,
                                              const Snapshot* before);

  const Manifest& manifest() const { return manifest_; }
  const ArchiveSettings& settings() const { return manifest_.settings; }
  const std::vector<Part>& parts() const { return parts_; }

  // Texts have places in the order in which they were added; removed ones keep theirs until they
  // are compacted away.
  std::uint64_t places() const { return places_; }
  std::uint64_t size() const { return size_; }
  Place at(std::uint64_t place) const;
  // Places of the texts that are not removed.
  std::vector<std::uint64_t> all() const;
  std::optional<std::uint64_t> find_id(std::string_view id) const;
  // Row for row, as find_id(); much faster for many.
  std::vector<std::optional<std::uint64_t>> find_ids(const Strings& ids) const;

  // Lets the system take back the memory of what was read.
  void forget() const {
    for (const Part& part : parts_) part.segment->forget();
  }

 private:
  Manifest manifest_;
  std::vector<Part> parts_;
  std::uint64_t places_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace wirecopy

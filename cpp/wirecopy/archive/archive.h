// An index of articles on disk: one writer, any number of readers, none of which ever sees half of
// a change.
//
// May be used by several threads: changes wait for one another, and snapshots for none of them.
//
// A change writes new segments in full, and then replaces the manifest, which is the moment from
// which it is there: what a call of this class has returned from is on disk, and what it has not
// is there as a whole or not at all.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/manifest.h"
#include "wirecopy/archive/segment.h"
#include "wirecopy/archive/snapshot.h"
#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/chunks.h"

namespace wirecopy {

// Row for row.
struct NewTexts {
  const TextColumn* whole = nullptr;
  const TextColumn* compared = nullptr;  // less furniture; may be the same
  format::IdKind id_kind = format::IdKind::kNone;
  Strings ids;                      // as their bytes; of kind kNone: none, numbers are given
  std::vector<std::int64_t> dates;  // Times::kUnknown for none; or empty
  Strings sources;                  // or empty
  std::vector<bool> has_source;     // row for row, where there are any
};

class Archive {
 public:
  enum class Mode : std::uint8_t { kRead, kWrite };

  // Opens the archive of a folder; with `made`, makes one where there is none. Throws FileError,
  // ArchiveError, and InputError where there is none, or another writer.
  Archive(std::shared_ptr<Folder> folder, Mode mode,
          const std::optional<ArchiveSettings>& made = std::nullopt);

  // As it was after the last change of this object, or at the last refresh().
  std::shared_ptr<const Snapshot> snapshot() const {
    const std::scoped_lock lock(reading_);
    return snapshot_;
  }
  bool writable() const { return mode_ == Mode::kWrite; }
  const std::string& path() const { return folder_->path(); }
  // Looks for what a writer has published since; whether there was anything.
  bool refresh();

  // Adds texts and returns the place of the first one. An id that is there already is an
  // InputError with its row; with `replace`, the text that has it is removed. `max_memory`: bytes
  // to use beside the texts, about (0: 1 GB); more texts than fit go into several segments. Some of
  // it is kept for the next call.
  std::uint64_t add(const NewTexts& texts, bool replace, std::uint64_t max_memory, const Run& run);

  // Removes the texts with these ids, which is published at once; their bytes stay in the files
  // until they are compacted. Throws InputError with the row of an id that is not there, unless
  // `missing_ok`. Returns how many there were.
  std::uint64_t remove(const Strings& ids, bool missing_ok);

  // Writes segments anew without what was removed, as few as there can be and all in the newest
  // version of the format, and deletes the old files. What readers have open stays readable for
  // them.
  void compact(const Run& run);

 private:
  void require_writable() const;
  void take_over(std::shared_ptr<const Snapshot> snapshot);
  void make(const ArchiveSettings& settings);
  std::shared_ptr<const Snapshot> newest(const Snapshot* before);
  void clean();
  void publish(Manifest manifest);
  void write_pieces(const NewTexts& texts, const Strings& ids, std::uint64_t memory,
                    Manifest& manifest, std::vector<std::uint64_t>& written, const Run& run);
  void merge_small(Manifest& manifest, std::vector<std::uint64_t>& written, std::uint64_t memory,
                   const Run& run);
  void merge(const Snapshot& from, std::size_t first, std::size_t count, Manifest& manifest,
             std::vector<std::uint64_t>& written, std::uint64_t memory, const Run& run);
  template <typename Change>
  void change(Change change);

  std::shared_ptr<Folder> folder_;
  Mode mode_;
  std::shared_ptr<BufferPool> pool_ = std::make_shared<BufferPool>();
  std::mutex changing_;
  mutable std::mutex reading_;  // of snapshot_, which only who holds changing_ replaces
  std::shared_ptr<const Snapshot> snapshot_;
  std::uint64_t next_segment_ = 1;  // also above those of files that a failed call left
  bool in_doubt_ = false;           // a manifest may be on disk or not
};

}  // namespace wirecopy

#include "wirecopy/archive/archive.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "wirecopy/archive/pieces.h"
#include "wirecopy/archive/segment_writer.h"
#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

constexpr std::uint64_t kUsualMemory = std::uint64_t{1} << 30;
// Of which so many stay for the next call.
constexpr std::uint64_t kKept = std::uint64_t{128} << 20;
// So many segments of one size become one of the next, eight times as large (a log-structured
// merge; O'Neil and others 1996): a text is rewritten a few times, and there are few segments.
constexpr std::size_t kMergeAt = 8;
// Larger ones are left to compact(), which may take its time: a call that adds some articles should
// not rewrite a million, and looking into a few dozen segments costs little.
constexpr std::uint64_t kMostMerged = std::uint64_t{1} << 17;

std::int64_t integer_of(std::string_view id) {
  std::int64_t number = 0;
  std::memcpy(&number, id.data(), sizeof number);
  return number;
}

void push_integer(Strings& ids, std::int64_t number) {
  ids.push_back({reinterpret_cast<const char*>(&number), sizeof number});
}

// Gives back most of what a pool grew to, however the call ends that it grew in.
class Trimmed {
 public:
  Trimmed(BufferPool& pool, std::uint64_t bytes) : pool_(pool), bytes_(bytes) {}
  Trimmed(const Trimmed&) = delete;
  Trimmed& operator=(const Trimmed&) = delete;
  ~Trimmed() { pool_.keep(bytes_); }

 private:
  BufferPool& pool_;
  std::uint64_t bytes_;
};

std::string shown(std::string_view id, format::IdKind kind) {
  if (kind == format::IdKind::kIntegers) return std::to_string(integer_of(id));
  return "'" + std::string(id.substr(0, 80)) + (id.size() > 80 ? "..." : "") + "'";
}

void mark_removed(Manifest& manifest, const Snapshot& snapshot,
                  const std::vector<std::uint64_t>& places) {
  for (const std::uint64_t place : places) {
    const auto [part, text] = snapshot.at(place);
    const auto i = static_cast<std::size_t>(part - snapshot.parts().data());
    manifest.segments[i].removed.push_back(text);
  }
  for (Manifest::Segment& segment : manifest.segments) {
    std::ranges::sort(segment.removed);
    const auto twice = std::ranges::unique(segment.removed);
    segment.removed.erase(twice.begin(), twice.end());
  }
}

// Of texts that are kept, as UTF-8.
void require_length(const TextColumn& texts) {
  for (std::size_t row = 0; row < texts.size(); ++row) {
    // A character of one stored byte has two at most, one of two has three.
    if (texts.stored_bytes(row) <= format::kLongestText / 2) continue;
    const std::uint64_t bytes = texts.utf8_bytes(row);
    if (bytes > format::kLongestText) {
      throw InputError(texts.name(), static_cast<std::int64_t>(row),
                       "has " + std::to_string(bytes) +
                           " bytes of UTF-8; an archive keeps texts of up to " +
                           std::to_string(format::kLongestText));
    }
  }
}

// The ids of new texts: those given, or numbers.
Strings ids_for(const NewTexts& texts, Manifest& manifest) {
  const bool strings = manifest.id_kind == format::IdKind::kStrings;
  if (texts.id_kind == format::IdKind::kNone) {
    if (strings) throw InputError("ids", "are needed: those of this archive are strings");
    manifest.id_kind = format::IdKind::kIntegers;
    Strings ids;
    const std::size_t count = texts.whole->size();
    if (std::cmp_less(std::numeric_limits<std::int64_t>::max() - manifest.next_id, count)) {
      throw InputError("ids", "are needed: no numbers are left to give");
    }
    for (std::size_t i = 0; i < count; ++i) push_integer(ids, manifest.next_id++);
    return ids;
  }
  if (manifest.id_kind != format::IdKind::kNone && manifest.id_kind != texts.id_kind) {
    throw InputError("ids", strings ? "must be strings, as those of this archive are"
                                    : "must be integers, as those of this archive are");
  }
  manifest.id_kind = texts.id_kind;
  if (!strings && texts.id_kind == format::IdKind::kIntegers) {
    for (std::size_t i = 0; i < texts.ids.size(); ++i) {
      const std::int64_t id = integer_of(texts.ids[i]);
      if (id >= manifest.next_id && id < std::numeric_limits<std::int64_t>::max()) {
        manifest.next_id = id + 1;
      }
    }
  }
  return texts.ids;
}

// The places of texts that new ones replace.
std::vector<std::uint64_t> require_new(const Strings& ids, format::IdKind kind,
                                       const Snapshot& snapshot, bool replace) {
  std::unordered_map<std::string_view, std::size_t> rows;
  std::vector<std::uint64_t> replaced;
  const auto places = snapshot.find_ids(ids);
  for (std::size_t row = 0; row < ids.size(); ++row) {
    const auto [before, is_new] = rows.try_emplace(ids[row], row);
    if (!is_new) {
      throw InputError(
          "ids", static_cast<std::int64_t>(row),
          "is " + shown(ids[row], kind) + ", like row " + std::to_string(before->second));
    }
    const auto place = places[row];
    if (!place) continue;
    if (!replace) {
      throw InputError("ids", static_cast<std::int64_t>(row),
                       "is " + shown(ids[row], kind) + ", which is in the archive already");
    }
    replaced.push_back(*place);
  }
  return replaced;
}

}  // namespace

Archive::Archive(std::shared_ptr<Folder> folder, Mode mode,
                 const std::optional<ArchiveSettings>& made)
    : folder_(std::move(folder)), mode_(mode) {
  if (writable() && !folder_->lock()) {
    throw InputError("archive", "is open for writing elsewhere: " + folder_->path());
  }
  snapshot_ = newest(nullptr);
  if (snapshot_ == nullptr) {
    if (!writable() || !made) {
      throw InputError("archive", "there is none in " + folder_->path());
    }
    make(*made);
    return;
  }
  next_segment_ = snapshot_->manifest().next_segment;
  if (writable()) clean();
}

void Archive::make(const ArchiveSettings& settings) {
  settings.check();
  for (const std::string& name : folder_->list()) {
    if (is_segment_name(name)) throw ArchiveError(format::kManifestName, "is missing");
    if (name != format::kLockName && name != format::kNewManifestName) {
      throw InputError("archive", folder_->path() + " has other files in it, e.g. " + name);
    }
  }
  Manifest manifest;
  manifest.settings = settings;
  publish(std::move(manifest));
}

// Null where there is no manifest.
std::shared_ptr<const Snapshot> Archive::newest(const Snapshot* before) {
  std::optional<std::uint64_t> failed;
  while (true) {
    const std::shared_ptr<const Mapping> file = folder_->map(std::string(format::kManifestName));
    if (file == nullptr) return nullptr;
    Manifest manifest = Manifest::read(file->bytes());
    const std::uint64_t generation = manifest.generation;
    auto snapshot = Snapshot::open(*folder_, std::move(manifest), before);
    if (snapshot != nullptr) return snapshot;
    // A writer may have compacted segments away since the manifest was read; then there is a newer
    // one.
    if (failed == generation) {
      throw ArchiveError(format::kManifestName, "names a segment whose file is missing");
    }
    failed = generation;
  }
}

void Archive::take_over(std::shared_ptr<const Snapshot> snapshot) {
  const std::scoped_lock lock(reading_);
  snapshot_ = std::move(snapshot);
}

bool Archive::refresh() {
  const std::scoped_lock lock(changing_);
  if (writable()) return false;  // nobody else writes
  auto now = newest(snapshot_.get());
  if (now == nullptr) throw ArchiveError(format::kManifestName, "is missing");
  const bool newer = now->manifest().generation != snapshot_->manifest().generation;
  take_over(std::move(now));
  return newer;
}

// What a writer that was killed left behind.
void Archive::clean() {
  std::unordered_set<std::string> named;
  for (const Manifest::Segment& segment : snapshot_->manifest().segments) {
    named.insert(segment_name(segment.entry.id));
  }
  for (const std::string& name : folder_->list()) {
    const bool segment = is_segment_name(name);
    if ((segment && !named.contains(name)) || name == format::kNewManifestName) {
      folder_->remove(name);
    }
  }
}

void Archive::require_writable() const {
  if (!writable()) throw InputError("archive", "is open for reading");
  if (in_doubt_) {
    throw InputError("archive",
                     "an earlier change failed while it was published: open the archive again");
  }
}

void Archive::publish(Manifest manifest) {
  ++manifest.generation;
  manifest.next_segment = next_segment_;
  const std::string bytes = manifest.write();
  auto snapshot = Snapshot::open(*folder_, Manifest::read(bytes), snapshot_.get());
  if (snapshot == nullptr) throw ArchiveError(format::kManifestName, "a new segment is missing");
  const std::string name(format::kNewManifestName);
  {
    const auto file = folder_->create(name);
    file->write(bytes);
    file->sync();
  }
  // From here on a failure does not tell which of the two manifests will be found.
  in_doubt_ = true;
  folder_->rename(name, std::string(format::kManifestName));
  folder_->sync();
  in_doubt_ = false;
  take_over(std::move(snapshot));
}

// Calls change(manifest, written): it puts the numbers of segments that it writes into `written`.
template <typename Change>
void Archive::change(Change change) {
  require_writable();
  Manifest manifest = snapshot_->manifest();
  const std::shared_ptr<const Snapshot> before = snapshot_;
  std::vector<std::uint64_t> written;
  const auto drop = [&](const std::vector<std::uint64_t>& segments) {
    for (const std::uint64_t id : segments) folder_->remove(segment_name(id));
  };
  try {
    change(manifest, written);
    if (!written.empty()) folder_->sync();
    publish(std::move(manifest));
  } catch (...) {
    if (!in_doubt_) {
      try {
        drop(written);
      } catch (const FileError&) {  // NOLINT(bugprone-empty-catch): clean() will
      }
    }
    throw;
  }
  std::unordered_set<std::uint64_t> named;
  for (const Manifest::Segment& segment : snapshot_->manifest().segments) {
    named.insert(segment.entry.id);
  }
  std::vector<std::uint64_t> gone = std::move(written);
  for (const Manifest::Segment& segment : before->manifest().segments) {
    gone.push_back(segment.entry.id);
  }
  std::erase_if(gone, [&](std::uint64_t id) { return named.contains(id); });
  if (gone.empty()) return;
  drop(gone);
  folder_->sync();
}

std::uint64_t Archive::add(const NewTexts& texts, bool replace, std::uint64_t max_memory,
                           const Run& requested) {
  const std::scoped_lock lock(changing_);
  require_writable();
  Run run = requested;
  run.threads = std::max(run.threads, 1);
  if (texts.whole->size() + snapshot_->places() > format::kMostTexts) {
    throw InputError(texts.whole->name(), "more than 2 billion in one archive");
  }
  if (texts.whole->size() == 0) return snapshot_->places();
  if (snapshot_->settings().texts) require_length(*texts.whole);
  const std::uint64_t memory = max_memory > 0 ? max_memory : kUsualMemory;
  change([&](Manifest& manifest, std::vector<std::uint64_t>& written) {
    const Strings ids = ids_for(texts, manifest);
    if (texts.id_kind != format::IdKind::kNone) {  // numbers that are given are new
      mark_removed(manifest, *snapshot_, require_new(ids, manifest.id_kind, *snapshot_, replace));
    }
    {
      const Trimmed trimmed(*pool_, std::min(kKept, memory / 4));
      write_pieces(texts, ids, memory, manifest, written, run);
    }
    merge_small(manifest, written, memory, run);
  });
  return snapshot_->places() - texts.whole->size();
}

void Archive::write_pieces(const NewTexts& texts, const Strings& ids, std::uint64_t memory,
                           Manifest& manifest, std::vector<std::uint64_t>& written,
                           const Run& run) {
  for (std::size_t begin = 0; begin < texts.whole->size();) {
    const std::size_t end = end_of_piece(*texts.whole, begin, memory);
    const Piece piece(texts, ids, begin, end, manifest.settings, pool_, run);
    written.push_back(next_segment_++);
    manifest.segments.push_back({write_segment(*folder_, written.back(), piece, manifest.settings,
                                               manifest.id_kind, memory, run),
                                 {}});
    begin = end;
  }
}

void Archive::merge_small(Manifest& manifest, std::vector<std::uint64_t>& written,
                          std::uint64_t memory, const Run& run) {
  const auto level = [](const Manifest::Segment& segment) {
    return std::bit_width(std::uint64_t{segment.entry.texts}) / 3;
  };
  while (!manifest.segments.empty()) {
    const std::size_t size = manifest.segments.size();
    std::size_t first = size;
    std::uint64_t texts = 0;
    while (first > 0 && level(manifest.segments[first - 1]) <= level(manifest.segments.back())) {
      texts += manifest.segments[--first].entry.texts;
    }
    if (size - first < kMergeAt || texts > kMostMerged) return;
    manifest.next_segment = next_segment_;
    const auto now = Snapshot::open(*folder_, manifest, snapshot_.get());
    if (now == nullptr) throw ArchiveError(format::kManifestName, "a segment is missing");
    merge(*now, first, size - first, manifest, written, memory, run);
  }
}

// Puts one segment in the place of `count`; or none, where nothing is left of them.
void Archive::merge(const Snapshot& from, std::size_t first, std::size_t count, Manifest& manifest,
                    std::vector<std::uint64_t>& written, std::uint64_t memory, const Run& run) {
  Gathered records;
  for (std::size_t i = first; i < first + count; ++i) {
    const Snapshot::Part& part = from.parts()[i];
    std::vector<std::uint32_t> texts;
    for (std::size_t text = 0; text < part.segment->size(); ++text) {
      if (part.has(text)) texts.push_back(static_cast<std::uint32_t>(text));
    }
    records.push_back(part.segment, std::move(texts));
  }
  const auto begin = manifest.segments.begin() + static_cast<std::ptrdiff_t>(first);
  manifest.segments.erase(begin, begin + static_cast<std::ptrdiff_t>(count));
  if (records.size() == 0) return;
  written.push_back(next_segment_++);
  const format::SegmentEntry entry = write_segment(
      *folder_, written.back(), records, manifest.settings, manifest.id_kind, memory, run);
  manifest.segments.insert(manifest.segments.begin() + static_cast<std::ptrdiff_t>(first),
                           {entry, {}});
  for (std::size_t i = first; i < first + count; ++i) from.parts()[i].segment->forget();
}

std::uint64_t Archive::remove(const Strings& ids, bool missing_ok) {
  const std::scoped_lock lock(changing_);
  require_writable();
  std::vector<std::uint64_t> places;
  const auto found = snapshot_->find_ids(ids);
  for (std::size_t row = 0; row < ids.size(); ++row) {
    if (found[row]) {
      places.push_back(*found[row]);
    } else if (!missing_ok) {
      throw InputError(
          "ids", static_cast<std::int64_t>(row),
          "is " + shown(ids[row], snapshot_->manifest().id_kind) + ", which is not in the archive");
    }
  }
  std::ranges::sort(places);
  const auto twice = std::ranges::unique(places);
  places.erase(twice.begin(), twice.end());
  if (places.empty()) return 0;
  change([&](Manifest& manifest, std::vector<std::uint64_t>&) {
    mark_removed(manifest, *snapshot_, places);
  });
  return places.size();
}

void Archive::compact(const Run& requested) {
  const std::scoped_lock lock(changing_);
  require_writable();
  Run run = requested;
  run.threads = std::max(run.threads, 1);
  // Runs of segments that fit into one, last first.
  std::vector<std::pair<std::size_t, std::size_t>> groups;  // first, count
  const std::shared_ptr<const Snapshot> from = snapshot_;
  std::uint64_t keys = 0;
  for (std::size_t i = 0; i < from->parts().size(); ++i) {
    const std::uint64_t more = from->parts()[i].segment->posting_count();
    if (groups.empty() || keys + more > format::kMostPostings) {
      groups.emplace_back(i, 0);
      keys = 0;
    }
    ++groups.back().second;
    keys += more;
  }
  std::erase_if(groups, [&](const auto& group) {
    return group.second == 1 && from->manifest().segments[group.first].removed.empty() &&
           from->parts()[group.first].segment->version() == format::kVersion;
  });
  if (groups.empty()) return;
  change([&](Manifest& manifest, std::vector<std::uint64_t>& written) {
    for (auto group = groups.rbegin(); group != groups.rend(); ++group) {
      merge(*from, group->first, group->second, manifest, written, kUsualMemory, run);
    }
  });
}

}  // namespace wirecopy

#include "wirecopy/archive/manifest.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <unordered_set>

#include "wirecopy/archive/folder.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/sketch/minhash.h"
#include "wirecopy/sketch/shingles.h"

namespace wirecopy {
namespace {

constexpr std::string_view kPrefix = "seg-";
constexpr std::string_view kSuffix = ".wcs";
constexpr std::size_t kDigits = 16;
constexpr std::size_t kChecksumBytes = sizeof(Fingerprint);

[[noreturn]] void fail(const std::string& problem) {
  throw ArchiveError(format::kManifestName, problem);
}

template <typename T>
void append(std::string& bytes, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
}

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  std::string_view take(std::uint64_t bytes, const char* block) {
    if (bytes > left_.size()) fail(std::string("block '") + block + "': is cut off");
    const std::string_view taken = left_.substr(0, static_cast<std::size_t>(bytes));
    left_.remove_prefix(taken.size());
    return taken;
  }
  template <typename T>
  T value(const char* block) {
    T value;
    const std::string_view bytes = take(sizeof value, block);
    std::copy_n(bytes.begin(), sizeof value, reinterpret_cast<char*>(&value));
    return value;
  }
  bool at_end() const { return left_.empty(); }

 private:
  std::string_view left_;
};

void require_whole(std::string_view bytes) {
  if (!bytes.starts_with(format::kManifestMagic)) fail("is not a manifest of a wirecopy archive");
  std::uint32_t version = 0;
  const std::size_t at = offsetof(format::ManifestHead, version);
  if (bytes.size() < at + sizeof version) fail("is cut off");
  std::memcpy(&version, bytes.data() + at, sizeof version);
  require_version(format::kManifestName, version);
  if (bytes.size() < sizeof(format::ManifestHead) + kChecksumBytes) fail("is cut off");
  const std::string_view body = bytes.substr(0, bytes.size() - kChecksumBytes);
  Fingerprint checksum{};
  std::memcpy(&checksum, bytes.data() + body.size(), kChecksumBytes);
  if (checksum != fingerprint(body.data(), body.size())) fail("is damaged or cut off (checksum)");
}

ArchiveSettings settings_of(const format::ManifestHead& head) {
  if (head.keys > static_cast<std::uint32_t>(format::Keys::kBands)) fail("has unknown keys");
  if ((head.flags & ~(format::kKeepsSets | format::kKeepsTexts)) != 0) fail("has unknown flags");
  if (head.id_kind > static_cast<std::uint32_t>(format::IdKind::kStrings)) {
    fail("has an unknown kind of ids");
  }
  if (head.furniture > 2) fail("has an unknown level of furniture");
  if (head.signature_version != static_cast<std::uint32_t>(kSignatureVersion)) {
    fail("was made with version " + std::to_string(head.signature_version) +
         " of the shingles; this wirecopy makes version " + std::to_string(kSignatureVersion));
  }
  // So that they are ints of their own size.
  constexpr std::uint32_t kMost = 1 << 20;
  if (std::max({head.shingle_size, head.permutations, head.bands, head.rows}) > kMost) {
    fail("has settings out of range");
  }
  ArchiveSettings settings;
  settings.keys = static_cast<format::Keys>(head.keys);
  settings.sets = (head.flags & format::kKeepsSets) != 0;
  settings.texts = (head.flags & format::kKeepsTexts) != 0;
  settings.shingle_size = static_cast<int>(head.shingle_size);
  settings.permutations = static_cast<int>(head.permutations);
  settings.banding = {static_cast<int>(head.bands), static_cast<int>(head.rows)};
  settings.seed = head.seed;
  settings.threshold = head.threshold;
  settings.furniture = head.furniture;
  settings.furniture_print = head.furniture_print;
  return settings;
}

void require_sound(const Manifest::Segment& segment, std::uint64_t next_segment) {
  const format::SegmentEntry& entry = segment.entry;
  const std::string name = "entry of " + segment_name(entry.id);
  if (entry.id >= next_segment) fail(name + ": its number was not given yet");
  if (entry.texts > format::kMostTexts) fail(name + ": too many texts");
  if (entry.footer > entry.bytes) fail(name + ": its footer is beyond its end");
  if (std::ranges::adjacent_find(segment.removed, std::ranges::greater_equal{}) !=
          segment.removed.end() ||
      (!segment.removed.empty() && segment.removed.back() >= entry.texts)) {
    fail(name + ": removed texts out of order");
  }
}

}  // namespace

void ArchiveSettings::check() const {
  [[maybe_unused]] const Shingler checked{shingle_size};
  if (keys == format::Keys::kShingles) {
    if (!sets) throw InputError("sets", "are what an exact archive is made of");
    if (permutations != 0 || banding.bands != 0 || banding.rows != 0 || threshold != 0) {
      throw InputError("settings", "of signatures in an exact archive");
    }
    return;
  }
  [[maybe_unused]] const MinHasher hasher(permutations, seed);
  // Each factor is small: the product is an int.
  if (banding.bands < 1 || banding.rows < 1 || banding.bands > permutations ||
      banding.rows > permutations || banding.bands * banding.rows > permutations) {
    throw InputError("settings", "bands that do not fit the signature");
  }
  if (!(threshold > 0 && threshold <= 1)) {
    throw InputError("threshold", "must be above 0 and at most 1");
  }
}

std::string Manifest::write() const {
  format::ManifestHead head{};
  std::ranges::copy(format::kManifestMagic, head.magic);
  head.version = format::kVersion;
  head.keys = static_cast<std::uint32_t>(settings.keys);
  head.flags =
      (settings.sets ? format::kKeepsSets : 0) | (settings.texts ? format::kKeepsTexts : 0);
  head.id_kind = static_cast<std::uint32_t>(id_kind);
  head.generation = generation;
  head.next_segment = next_segment;
  head.next_id = next_id;
  head.signature_version = static_cast<std::uint32_t>(kSignatureVersion);
  head.shingle_size = static_cast<std::uint32_t>(settings.shingle_size);
  head.permutations = static_cast<std::uint32_t>(settings.permutations);
  head.bands = static_cast<std::uint32_t>(settings.banding.bands);
  head.rows = static_cast<std::uint32_t>(settings.banding.rows);
  head.furniture = settings.furniture;
  head.seed = settings.seed;
  head.threshold = settings.threshold;
  head.furniture_print = settings.furniture_print;
  head.rules_bytes = settings.furniture_rules.size();
  head.segments = static_cast<std::uint32_t>(segments.size());
  std::string bytes;
  append(bytes, head);
  bytes += settings.furniture_rules;
  for (const Segment& segment : segments) {
    format::SegmentEntry entry = segment.entry;
    entry.removed = static_cast<std::uint32_t>(segment.removed.size());
    append(bytes, entry);
  }
  for (const Segment& segment : segments) {
    for (const std::uint32_t text : segment.removed) append(bytes, text);
  }
  append(bytes, fingerprint(bytes.data(), bytes.size()));
  return bytes;
}

Manifest Manifest::read(std::string_view bytes) {
  require_whole(bytes);
  Reader in(bytes.substr(0, bytes.size() - kChecksumBytes));
  const auto head = in.value<format::ManifestHead>("head");
  Manifest manifest;
  manifest.settings = settings_of(head);
  manifest.settings.furniture_rules = in.take(head.rules_bytes, "rules");
  try {
    manifest.settings.check();
  } catch (const InputError& error) {
    fail(std::string("has settings out of range: ") + error.what());
  }
  manifest.id_kind = static_cast<format::IdKind>(head.id_kind);
  manifest.generation = head.generation;
  manifest.next_segment = head.next_segment;
  manifest.next_id = head.next_id;
  if (head.segments > format::kMostSegments) fail("has too many segments");
  std::unordered_set<std::uint64_t> ids;
  std::uint64_t texts = 0;
  for (std::uint32_t i = 0; i < head.segments; ++i) {
    manifest.segments.push_back({in.value<format::SegmentEntry>("entries"), {}});
    const format::SegmentEntry& entry = manifest.segments.back().entry;
    if (!ids.insert(entry.id).second) fail("names " + segment_name(entry.id) + " twice");
    texts += entry.texts;
  }
  if (texts > format::kMostTexts) fail("has too many texts");
  for (Segment& segment : manifest.segments) {
    const std::uint64_t size = std::uint64_t{segment.entry.removed} * sizeof(std::uint32_t);
    const std::string_view removed = in.take(size, "removed");
    segment.removed.resize(segment.entry.removed);
    if (size > 0) std::memcpy(segment.removed.data(), removed.data(), removed.size());
    require_sound(segment, manifest.next_segment);
  }
  if (!in.at_end()) fail("has bytes too many");
  return manifest;
}

void require_version(std::string_view file, std::uint32_t version) {
  if (version >= format::kOldestVersion && version <= format::kVersion) return;
  throw ArchiveError(
      file, "is of version " + std::to_string(version) + "; this wirecopy reads versions " +
                std::to_string(format::kOldestVersion) + " to " + std::to_string(format::kVersion));
}

std::string segment_name(std::uint64_t id) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string name(kPrefix);
  for (int shift = 60; shift >= 0; shift -= 4) name += kHex[id >> shift & 15];
  return name.append(kSuffix);
}

bool is_segment_name(std::string_view name) {
  return name.size() == kPrefix.size() + kDigits + kSuffix.size() && name.starts_with(kPrefix) &&
         name.ends_with(kSuffix) &&
         name.substr(kPrefix.size(), kDigits).find_first_not_of("0123456789abcdef") ==
             std::string_view::npos;
}

}  // namespace wirecopy

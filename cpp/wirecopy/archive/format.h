// The bytes of an archive, as docs/index-format.md tells them: a folder with one MANIFEST and
// immutable segments. All numbers are little-endian; what is here is written as it stands in
// memory.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace wirecopy::format {

static_assert(std::endian::native == std::endian::little, "values are written as they are");

// Goes up whenever an older reader would read something wrong. Older files are read: a manifest,
// which the next change replaces, and segments, until they are merged or compacted.
inline constexpr std::uint32_t kVersion = 4;
inline constexpr std::uint32_t kOldestVersion = 1;

inline constexpr std::size_t kPageBytes = 4096;  // each page of a section has a checksum of its own
inline constexpr std::size_t kAlignment = 64;    // of sections in their file
// Of text in a compressed block: large enough to compress well, and quickly read for one text.
inline constexpr std::size_t kTextBlockBytes = std::size_t{1} << 16;
// Of a text that is kept. Zeros compress 3,000 times and more: without a limit, a small file could
// claim a text for which no machine has the memory.
inline constexpr std::uint64_t kLongestText = std::uint64_t{1} << 26;

// A text that is in no segment of more than so many: numbers of texts in a segment are 32 bits.
inline constexpr std::uint64_t kMostTexts = std::uint64_t{1} << 31;
inline constexpr std::uint64_t kMostPostings = (std::uint64_t{1} << 32) - 1;
inline constexpr std::uint32_t kMostSegments = 1 << 20;

inline constexpr std::string_view kManifestName = "MANIFEST";
inline constexpr std::string_view kNewManifestName = "MANIFEST.new";
inline constexpr std::string_view kLockName = "LOCK";

// ---- MANIFEST: head, rules of furniture, entries, removed texts of each entry, XXH3-128
// ----------

inline constexpr std::string_view kManifestMagic = "wirecopy archive";

enum class Keys : std::uint32_t {
  kShingles = 0,  // each text is found by its shingles: exact
  kBands = 1,     // by bands of its MinHash signature
};
enum class IdKind : std::uint32_t { kNone = 0, kIntegers = 1, kStrings = 2 };

inline constexpr std::uint32_t kKeepsSets = 1;
inline constexpr std::uint32_t kKeepsTexts = 2;

struct ManifestHead {
  char magic[16];
  std::uint32_t version;
  std::uint32_t keys;     // Keys
  std::uint32_t flags;    // kKeepsSets, kKeepsTexts
  std::uint32_t id_kind;  // IdKind
  std::uint64_t generation;
  std::uint64_t next_segment;
  std::int64_t next_id;             // given to a text without one
  std::uint32_t signature_version;  // of shingles and MinHash (minhash.h)
  std::uint32_t shingle_size;
  std::uint32_t permutations;  // these five are 0 without bands
  std::uint32_t bands;
  std::uint32_t rows;
  std::uint32_t furniture;  // level: 0 keep, 1 conservative, 2 thorough
  std::uint64_t seed;
  double threshold;
  std::uint64_t furniture_print;  // a hash of all rules that furniture was taken off by
  std::uint64_t rules_bytes;      // of the rules beside the shipped ones
  std::uint32_t segments;
  std::uint32_t reserved;
};
static_assert(sizeof(ManifestHead) == 120);
static_assert(offsetof(ManifestHead, generation) == 32);
static_assert(offsetof(ManifestHead, signature_version) == 56);
static_assert(offsetof(ManifestHead, seed) == 80);
static_assert(offsetof(ManifestHead, segments) == 112);
static_assert(std::is_trivially_copyable_v<ManifestHead>);

struct SegmentEntry {
  std::uint64_t id;      // its file is seg-<id, 16 hexadecimal digits>.wcs
  std::uint64_t bytes;   // of the file
  std::uint64_t footer;  // where it begins: to the end of the file
  std::uint64_t footer_hash;
  std::uint32_t texts;
  std::uint32_t removed;  // numbers of texts, ascending, u32 each, behind the entries
};
static_assert(sizeof(SegmentEntry) == 40);
static_assert(offsetof(SegmentEntry, texts) == 32);

// ---- A segment: header, sections with their tables of checksums, footer
// ---------------------------

inline constexpr std::string_view kSegmentMagic = "wcseg\r\n\x1a";

struct SegmentHeader {
  char magic[8];
  std::uint32_t version;
  std::uint32_t page_bytes;
  std::uint64_t id;
  std::uint8_t reserved[32];
  std::uint64_t hash;  // XXH3-64 of what is before
};
static_assert(sizeof(SegmentHeader) == 64);

enum class Kind : std::uint32_t {
  kIds = 1,             // integers: i64 each; strings: UTF-8, end to end
  kIdEnds = 2,          // strings: where each ends, u64
  kIdHashes = 3,        // XXH3-64 of the bytes of each id, ascending, u64
  kIdTexts = 4,         // whose id that is, u32
  kDates = 5,           // microseconds since 1970 in UTC, i64; the least one: none
  kSources = 6,         // place in the names, u32; all ones: none
  kSourceNames = 7,     // UTF-8, end to end
  kSourceNameEnds = 8,  // u64
  kWords = 9,           // of what is compared, u32
  kPrints = 10,         // XXH3-128 of the whole text (low, high); 0, 0: a null text
  kSetEnds = 11,        // in shingles, u64
  kSets = 12,           // shingles of each text, ascending, u64; where sets are kept
  kSignatures = 13,     // permutations x u32 for each text; with bands
  kPostings = 14,       // PostingShape, ascending by bucket, key, text
  kDirectory = 15,      // where the postings of each bucket end, u32
  kTextEnds = 16,       // of its UTF-8 among that of all, end to end, u64; where texts are kept
  kTexts = 17,          // version 1: that UTF-8
  kTextBlocks = 18,     // from version 2 on: kTextBlockBytes of it each (the last may have fewer),
                        // each a frame of zstd, end to end
  kTextBlockEnds = 19,  // where each of those ends, u64
  kFilters = 20,        // from version 3 on: of each bucket, which keys it may hold, u64
};
inline constexpr std::uint32_t kKinds = 21;
static_assert(static_cast<std::uint32_t>(Kind::kFilters) + 1 == kKinds);

// A posting is a key (shingle or band) of a text, as one number: the first `directory_bits` bits of
// the key's hash are the number of its bucket, some after them are here, and the number of the text
// is in the lowest bits.
struct PostingShape {
  int bytes;
  int text_bits;

  constexpr int key_bits() const { return 8 * bytes - text_bits; }
  constexpr std::uint64_t text_mask() const { return (std::uint64_t{1} << text_bits) - 1; }
};
// Of a segment with so many texts: no more bytes than these need, beside 16 bits of the key.
constexpr PostingShape posting_shape(std::uint32_t version, std::uint64_t texts) {
  if (version < 4) return {8, 32};
  constexpr int kLeast = 4;
  constexpr int kKeyBits = 16;
  const int text_bits = texts == 0 ? 0 : static_cast<int>(std::bit_width(texts - 1));
  return {std::max(kLeast, (text_bits + kKeyBits + 7) / 8), text_bits};
}
static_assert(posting_shape(kVersion, std::uint64_t{1} << 16).bytes == 4);
static_assert(posting_shape(kVersion, kMostTexts).bytes == 6);

// What a posting's key adds to the filter of its bucket: two of 64 bits, told by the first 12 of
// the 32 bits behind the number of the bucket. A key of which one is missing is in no posting
// (Bloom 1970).
constexpr std::uint64_t filter_bits(std::uint32_t key) {
  return std::uint64_t{1} << (key >> 26) | std::uint64_t{1} << (key >> 20 & 63);
}

inline constexpr std::uint32_t kNoSource = 0xFFFFFFFF;

struct FooterHead {
  char magic[8];
  std::uint32_t version;
  std::uint32_t sections;
  std::uint64_t id;
  std::uint32_t texts;
  std::uint32_t directory_bits;
};
static_assert(sizeof(FooterHead) == 32);

// In the footer, ascending by kind.
struct SectionEntry {
  std::uint32_t kind;
  std::uint32_t reserved;
  std::uint64_t offset;
  std::uint64_t bytes;
  std::uint64_t table;       // where the checksums of its pages begin: XXH3-64 each
  std::uint64_t table_hash;  // XXH3-64 of that table
};
static_assert(sizeof(SectionEntry) == 40);

}  // namespace wirecopy::format

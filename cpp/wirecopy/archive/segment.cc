#include "wirecopy/archive/segment.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "wirecopy/base/prefetch.h"
#include "wirecopy/base/utf8.h"

namespace wirecopy {

using format::Kind;

namespace {

constexpr std::array<std::string_view, format::kKinds> kNames = {
    "",          "ids",       "id ends",      "id hashes",        "id texts",
    "dates",     "sources",   "source names", "source name ends", "words",
    "prints",    "set ends",  "sets",         "signatures",       "postings",
    "directory", "text ends", "texts",        "text blocks",      "text block ends",
    "filters"};

constexpr int kMostDirectoryBits = 32;
constexpr std::uint64_t kVerifying = std::uint64_t{1} << 30;  // bytes of memory

template <typename T>
T value_at(std::string_view bytes, std::uint64_t at) {
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

}  // namespace

std::string_view section_name(Kind kind) { return kNames[static_cast<std::size_t>(kind)]; }

Segment::Segment(std::shared_ptr<const Mapping> file, const format::SegmentEntry& entry,
                 const ArchiveSettings& settings, format::IdKind id_kind)
    : file_(std::move(file)),
      name_(segment_name(entry.id)),
      settings_(settings),
      id_kind_(id_kind),
      texts_(entry.texts) {
  const std::string_view bytes = file_->bytes();
  const auto fail = [&](const std::string& problem) { throw ArchiveError(name_, problem); };
  if (bytes.size() != entry.bytes) {
    fail("has " + std::to_string(bytes.size()) + " bytes where the manifest says " +
         std::to_string(entry.bytes));
  }
  if (bytes.size() < sizeof(format::SegmentHeader) || entry.footer > bytes.size() ||
      entry.footer < sizeof(format::SegmentHeader) ||
      bytes.size() - entry.footer < sizeof(format::FooterHead)) {
    fail("is cut off");
  }
  const auto header = value_at<format::SegmentHeader>(bytes, 0);
  if (std::string_view(header.magic, sizeof header.magic) != format::kSegmentMagic) {
    fail("block 'header': is not a segment's");
  }
  require_version(name_, header.version);
  version_ = header.version;
  const std::size_t hashed = offsetof(format::SegmentHeader, hash);
  if (header.hash != hash_bytes(bytes.substr(0, hashed)) || header.id != entry.id ||
      header.page_bytes != format::kPageBytes) {
    fail("block 'header': is damaged");
  }
  const std::string_view footer = bytes.substr(static_cast<std::size_t>(entry.footer));
  if (hash_bytes(footer) != entry.footer_hash) fail("block 'footer': is damaged (checksum)");
  read_sections(entry, footer);
  require_shape();
}

void Segment::read_sections(const format::SegmentEntry& entry, std::string_view footer) {
  const auto fail = [&](const std::string& problem) {
    throw ArchiveError(name_, "block 'footer': " + problem);
  };
  const auto head = value_at<format::FooterHead>(footer, 0);
  if (std::string_view(head.magic, sizeof head.magic) != format::kSegmentMagic ||
      head.version != version_ || head.id != entry.id || head.texts != entry.texts) {
    fail("is not this segment's");
  }
  if (head.directory_bits > kMostDirectoryBits) fail("too many bits of the directory");
  directory_bits_ = static_cast<int>(head.directory_bits);
  if (head.sections > format::kKinds ||
      footer.size() != sizeof head + head.sections * sizeof(format::SectionEntry)) {
    fail("a number of sections that does not fit");
  }
  // Sections and their tables stand in the order of their kinds, so that none lies in another.
  std::uint64_t end = sizeof(format::SegmentHeader);
  std::uint32_t last = 0;
  const std::string_view bytes = file_->bytes();
  const auto place = [&](std::uint64_t offset, std::uint64_t size, std::string_view what) {
    if (offset % format::kAlignment != 0 || offset < end || offset > entry.footer ||
        size > entry.footer - offset) {
      fail("block '" + std::string(what) + "' lies outside the file, or in another block");
    }
    end = offset + size;
    return bytes.substr(static_cast<std::size_t>(offset), static_cast<std::size_t>(size));
  };
  for (std::uint32_t i = 0; i < head.sections; ++i) {
    const auto one =
        value_at<format::SectionEntry>(footer, sizeof head + i * sizeof(format::SectionEntry));
    if (one.kind <= last || one.kind >= format::kKinds) fail("an unknown block");
    last = one.kind;
    const std::string_view name = kNames[one.kind];
    const std::string_view data = place(one.offset, one.bytes, name);
    const std::uint64_t pages =
        one.bytes / format::kPageBytes + (one.bytes % format::kPageBytes != 0 ? 1 : 0);
    const std::string_view table = place(one.table, pages * sizeof(std::uint64_t), name);
    sections_[one.kind] =
        Section(name_ + ": block '" + std::string(name) + "'", data, table, one.table_hash);
  }
}

void Segment::fail(Kind kind, std::string_view problem) const {
  throw ArchiveError(name_,
                     "block '" + std::string(section_name(kind)) + "': " + std::string(problem));
}

void Segment::require_shape() const {
  const auto holds = [&](Kind kind, std::uint64_t values, std::size_t size) {
    // Neither factor is above 32 bits, and so the product not above 64.
    require(section(kind).bytes() == values * size, kind,
            "has another size than its texts ask for");
  };
  const bool strings = id_kind_ == format::IdKind::kStrings;
  holds(Kind::kIdHashes, texts_, 8);
  holds(Kind::kIdTexts, texts_, 4);
  holds(Kind::kDates, texts_, 8);
  holds(Kind::kSources, texts_, 4);
  holds(Kind::kWords, texts_, 4);
  holds(Kind::kPrints, texts_, 16);
  holds(Kind::kSetEnds, texts_, 8);
  holds(Kind::kIdEnds, strings ? texts_ : 0, 8);
  if (!strings) holds(Kind::kIds, texts_, 8);
  holds(Kind::kTextEnds, settings_.texts ? texts_ : 0, 8);
  if (!compresses_texts()) {
    holds(Kind::kTextBlocks, 0, 1);
    holds(Kind::kTextBlockEnds, 0, 1);
  } else {
    holds(Kind::kTexts, 0, 1);
  }
  const bool bands = settings_.keys == format::Keys::kBands;
  holds(Kind::kSignatures, bands ? texts_ : 0, signature_bytes());
  holds(Kind::kDirectory, std::uint64_t{1} << directory_bits_, 4);
  holds(Kind::kFilters, has_filters() ? std::uint64_t{1} << directory_bits_ : 0, 8);
  for (const Kind kind : {Kind::kSets, Kind::kSourceNameEnds, Kind::kTextBlockEnds}) {
    require(section(kind).bytes() % 8 == 0, kind, "has part of a value");
  }
  require(bytes_of(Kind::kPostings) % static_cast<std::uint64_t>(shape().bytes) == 0,
          Kind::kPostings, "has part of a value");
  require(posting_count() <= format::kMostPostings, Kind::kPostings, "is too large");
}

std::uint64_t Segment::begin_of(Kind ends, std::uint64_t i) const {
  return i == 0 ? 0 : section(ends).at<std::uint64_t>(i - 1);
}

std::uint64_t Segment::end_of(Kind ends, std::uint64_t i) const {
  return section(ends).at<std::uint64_t>(i);
}

std::string_view Segment::id(std::size_t text) const {
  if (id_kind_ != format::IdKind::kStrings) {
    return section(Kind::kIds).text(text * 8, text * 8 + 8);
  }
  return section(Kind::kIds).text(begin_of(Kind::kIdEnds, text), end_of(Kind::kIdEnds, text));
}

std::int64_t Segment::date(std::size_t text) const {
  return section(Kind::kDates).at<std::int64_t>(text);
}

std::optional<std::string_view> Segment::source(std::size_t text) const {
  const auto name = section(Kind::kSources).at<std::uint32_t>(text);
  if (name == format::kNoSource) return std::nullopt;
  return section(Kind::kSourceNames)
      .text(begin_of(Kind::kSourceNameEnds, name), end_of(Kind::kSourceNameEnds, name));
}

std::uint32_t Segment::words(std::size_t text) const {
  return section(Kind::kWords).at<std::uint32_t>(text);
}

Fingerprint Segment::print(std::size_t text) const {
  return section(Kind::kPrints).at<Fingerprint>(text);
}

std::uint32_t Segment::set_size(std::size_t text) const {
  const std::uint64_t begin = begin_of(Kind::kSetEnds, text);
  const std::uint64_t end = end_of(Kind::kSetEnds, text);
  require(begin <= end && end - begin <= 0xFFFFFFFF, Kind::kSetEnds, "has ends out of order");
  return static_cast<std::uint32_t>(end - begin);
}

std::span<const std::uint64_t> Segment::set(std::size_t text) const {
  return section(Kind::kSets).read<std::uint64_t>(begin_of(Kind::kSetEnds, text), set_size(text));
}

std::span<const std::uint32_t> Segment::signature(std::size_t text) const {
  const auto size = static_cast<std::uint64_t>(settings_.permutations);
  return section(Kind::kSignatures).read<std::uint32_t>(text * size, size);
}

// How long a text is that lies there.
std::uint64_t Segment::require_text(std::uint64_t begin, std::uint64_t end) const {
  require(begin <= end, Kind::kTextEnds, "has ends out of order");
  if (end - begin > format::kLongestText) {
    fail(Kind::kTextEnds, "claims a text of " + std::to_string(end - begin) +
                              " bytes; none has more than " + std::to_string(format::kLongestText));
  }
  return end - begin;
}

std::uint64_t Segment::text_bytes(std::size_t text) const {
  return require_text(begin_of(Kind::kTextEnds, text), end_of(Kind::kTextEnds, text));
}

std::string_view Segment::texts_block() const { return section_name(texts_kind()); }

std::uint64_t Segment::all_text_bytes() const {
  return texts_ == 0 ? 0 : end_of(Kind::kTextEnds, texts_ - 1);
}

std::string_view Segment::text(std::size_t text, Unpacker& unpacker) const {
  const std::uint64_t begin = begin_of(Kind::kTextEnds, text);
  const std::uint64_t end = end_of(Kind::kTextEnds, text);
  require_text(begin, end);
  if (!compresses_texts()) return section(Kind::kTexts).text(begin, end);
  require(end <= all_text_bytes(), Kind::kTextEnds, "has ends out of order");
  if (begin == end) return {};
  constexpr std::uint64_t kBytes = format::kTextBlockBytes;
  const std::uint64_t first = begin / kBytes;
  const std::uint64_t last = (end - 1) / kBytes;
  if (first == last) return text_block(first, unpacker).substr(begin % kBytes, end - begin);
  // Grows by blocks that are there, whatever length the ends claim.
  std::string& joined = unpacker.joined();
  joined.clear();
  for (std::uint64_t number = first; number <= last; ++number) {
    const std::string_view block = text_block(number, unpacker);
    const std::uint64_t from = number == first ? begin % kBytes : 0;
    joined += block.substr(from, number == last ? end - last * kBytes - from : kBytes);
  }
  return joined;
}

std::string_view Segment::stored_text(std::size_t text) const {
  const std::uint64_t begin = begin_of(Kind::kTextEnds, text);
  const std::uint64_t end = end_of(Kind::kTextEnds, text);
  if (!compresses_texts()) return section(Kind::kTexts).text(begin, end);
  if (begin >= end) return {};
  return frames(begin / format::kTextBlockBytes, (end - 1) / format::kTextBlockBytes);
}

std::string_view Segment::frames(std::uint64_t first, std::uint64_t last) const {
  return section(Kind::kTextBlocks)
      .text(begin_of(Kind::kTextBlockEnds, first), end_of(Kind::kTextBlockEnds, last));
}

std::string_view Segment::text_block(std::uint64_t number, Unpacker& unpacker) const {
  if (const auto kept = unpacker.kept(this, number)) return *kept;
  const std::uint64_t begin = number * format::kTextBlockBytes;
  const auto bytes = std::min<std::uint64_t>(format::kTextBlockBytes, all_text_bytes() - begin);
  const std::string_view frame = frames(number, number);
  const auto content = unpacker.unpack(this, number, frame, static_cast<std::size_t>(bytes));
  if (!content.has_value()) {
    fail(Kind::kTextBlocks, "block " + std::to_string(number) +
                                " is damaged, or not one frame of " + std::to_string(bytes) +
                                " bytes");
  }
  return *content;
}

std::optional<std::uint32_t> Segment::find_id(std::string_view wanted, std::uint64_t hash,
                                              std::uint64_t& from) const {
  const Section& hashes = section(Kind::kIdHashes);
  // Steps that double, and then a binary search (Bentley and Yao 1976).
  std::uint64_t reach = 1;
  while (reach <= texts_ - from && hashes.at<std::uint64_t>(from + reach - 1) < hash) reach *= 2;
  std::uint64_t end = std::min<std::uint64_t>(from + reach, texts_);
  for (from += reach / 2; from < end;) {
    const std::uint64_t middle = from + (end - from) / 2;
    if (hashes.at<std::uint64_t>(middle) < hash) {
      from = middle + 1;
    } else {
      end = middle;
    }
  }
  for (std::uint64_t at = from; at < texts_ && hashes.at<std::uint64_t>(at) == hash; ++at) {
    const auto text = section(Kind::kIdTexts).at<std::uint32_t>(at);
    require(text < texts_, Kind::kIdTexts, "names a text that there is not");
    if (id(text) == wanted) return text;
  }
  return std::nullopt;
}

const void* Segment::set_address(std::size_t text) const {
  const Section& sets = section(Kind::kSets);
  const std::uint64_t most = sets.size<std::uint64_t>();
  return sets.address(std::min(begin_of(Kind::kSetEnds, text), most) * sizeof(std::uint64_t));
}

const void* Segment::signature_address(std::size_t text) const {
  return section(Kind::kSignatures).address(text * signature_bytes());
}

void Segment::prefetch_set(std::size_t text) const {
  // More than these bytes the processor asks for by itself.
  constexpr std::size_t kMost = 1536;
  prefetch(set_address(text), std::min(set_size(text) * sizeof(std::uint64_t), kMost));
}

void Segment::prefetch_set_size(std::size_t text) const {
  prefetch(section(Kind::kSetEnds).address(text * sizeof(std::uint64_t)));
}

PostingIndex Segment::index() const {
  return {*file_,
          has_filters() ? &section(Kind::kFilters) : nullptr,
          section(Kind::kDirectory),
          section(Kind::kPostings),
          directory_bits_,
          shape()};
}

void Segment::read_ahead(Kind kind, std::uint64_t begin, std::uint64_t bytes) const {
  const std::string_view pages = section(kind).pages_around(begin, bytes);
  file_->read_ahead(pages.data(), pages.size());
}

void Segment::read_set_ahead(std::size_t text) const {
  read_ahead(Kind::kSets, begin_of(Kind::kSetEnds, text) * sizeof(std::uint64_t),
             set_size(text) * sizeof(std::uint64_t));
}

void Segment::read_signature_ahead(std::size_t text) const {
  read_ahead(Kind::kSignatures, text * signature_bytes(), signature_bytes());
}

// ---- verify -----------------------------------------------------------------------------------

std::vector<Segment::Problem> Segment::verify(const Run& run) const {
  std::vector<Problem> problems;
  Forgetting forgetting(*this, kVerifying, 1);
  for (std::size_t kind = 1; kind < format::kKinds; ++kind) {
    run.check();
    std::vector<std::string> found;
    const auto read = [&](std::uint64_t bytes) {
      run.check();
      forgetting.read(bytes);
    };
    if (sections_[kind].bytes() > 0) sections_[kind].verify(found, read);
    for (std::string& problem : found) {
      problems.push_back({std::string(kNames[kind]), std::move(problem)});
    }
  }
  if (problems.empty()) verify_structure(problems, run);
  return problems;
}

// Whether the postings are those of the texts' keys, and the filters those of the postings. Looked
// up one by one, each key would wait for memory, or the disk; instead, both sides are gone through
// in their order, and of each is summed up what cannot be the same by chance (2^-64).
void Segment::verify_postings(std::vector<Problem>& problems, const Run& run) const {
  const auto tell = [&](Kind kind, std::string problem) {
    problems.push_back({std::string(section_name(kind)), std::move(problem)});
  };
  const PostingIndex index = this->index();
  const auto sum_of = [&](std::uint64_t bucket, std::uint64_t key, std::uint64_t text) {
    const std::uint64_t values[] = {bucket << 32 | key, text};
    return hash_words(values, 2);
  };
  Forgetting forgetting(*this, kVerifying, 1);
  KeyScratch scratch;
  std::uint64_t keys = 0;
  std::uint64_t of_keys = 0;
  for (std::size_t i = 0; i < texts_; ++i) {
    run.check();
    const auto all = keys_of(*this, i, settings_, scratch);
    keys += all.size();
    for (const std::uint64_t key : all) {
      of_keys += sum_of(index.bucket_number(key), index.key_of(key), i);
    }
    forgetting.read(all.size_bytes());
  }
  const std::uint64_t count = posting_count();
  if (keys != count) tell(Kind::kPostings, "has another number of keys than the texts");
  std::uint64_t of_postings = 0;
  std::uint64_t begin = 0;
  const std::uint64_t buckets = std::uint64_t{1} << directory_bits_;
  for (std::uint64_t bucket = 0; bucket < buckets; ++bucket) {
    if (bucket % 1024 == 0) run.check();
    const std::uint64_t end = section(Kind::kDirectory).at<std::uint32_t>(bucket);
    require(begin <= end && end <= count, Kind::kDirectory, "has ends out of order");
    const Postings of_bucket =
        index.postings({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    std::uint64_t filter = 0;
    bool ascending = true;
    for (std::size_t i = 0; i < of_bucket.size(); ++i) {
      const std::uint64_t one = of_bucket[i];
      of_postings += sum_of(bucket, index.key_of_posting(one), of_bucket.text(i));
      filter |= format::filter_bits(index.start_of_posting(one));
      ascending &= i == 0 || of_bucket[i - 1] <= one;
    }
    if (!ascending) {
      tell(Kind::kPostings, "bucket " + std::to_string(bucket) + " is out of order");
    }
    if (has_filters() && section(Kind::kFilters).at<std::uint64_t>(bucket) != filter) {
      tell(Kind::kFilters,
           "bucket " + std::to_string(bucket) + " has another filter than its keys");
    }
    forgetting.read(of_bucket.size_bytes() + sizeof(std::uint32_t) + sizeof filter);
    begin = end;
  }
  if (begin != count) tell(Kind::kPostings, "has bytes behind its end");
  if (of_postings != of_keys) tell(Kind::kPostings, "are not those of the texts' keys");
}

// What a writer of this format never writes, though its checksums are right.
void Segment::verify_structure(std::vector<Problem>& problems, const Run& run) const {
  const auto tell = [&](Kind kind, std::string problem) {
    problems.push_back({std::string(section_name(kind)), std::move(problem)});
  };
  // Whether the values of a section end where it does.
  const auto verify_end = [&](Kind ends, Kind of, std::uint64_t size) {
    const std::uint64_t count = section(ends).size<std::uint64_t>();
    const std::uint64_t end = count == 0 ? 0 : end_of(ends, count - 1);
    const std::uint64_t there = section(of).bytes() / size;
    if (end == there) return;
    tell(of, end < there ? "has bytes behind its end" : "ends before its values do");
  };
  try {
    Unpacker unpacker;
    Forgetting forgetting(*this, kVerifying, 1);
    if (settings_.texts && compresses_texts() &&
        section(Kind::kTextBlockEnds).size<std::uint64_t>() !=
            (all_text_bytes() + format::kTextBlockBytes - 1) / format::kTextBlockBytes) {
      tell(Kind::kTextBlockEnds, "has another number of blocks than the texts");
    }
    if (id_kind_ == format::IdKind::kStrings) verify_end(Kind::kIdEnds, Kind::kIds, 1);
    verify_end(Kind::kSourceNameEnds, Kind::kSourceNames, 1);
    if (settings_.sets) verify_end(Kind::kSetEnds, Kind::kSets, sizeof(std::uint64_t));
    if (compresses_texts()) {
      verify_end(Kind::kTextBlockEnds, Kind::kTextBlocks, 1);
    } else if (settings_.texts) {
      verify_end(Kind::kTextEnds, Kind::kTexts, 1);
    }
    for (std::size_t i = 0; i < texts_; ++i) {
      run.check();
      if (find_id(id(i)) != static_cast<std::uint32_t>(i)) {
        tell(Kind::kIdHashes, "does not find text " + std::to_string(i) + " by its id");
      }
      if (id_kind_ == format::IdKind::kStrings && !utf8::is_valid(id(i))) {
        tell(Kind::kIds, "the id of text " + std::to_string(i) + " is not UTF-8");
      }
      if (!utf8::is_valid(source(i).value_or(""))) {
        tell(Kind::kSourceNames, "the source of text " + std::to_string(i) + " is not UTF-8");
      }
      if (settings_.texts && !utf8::is_valid(text(i, unpacker))) {
        tell(texts_kind(), "text " + std::to_string(i) + " is not UTF-8");
      }
      if (settings_.sets) {
        const auto members = set(i);
        if (std::ranges::adjacent_find(members, std::ranges::greater_equal{}) != members.end()) {
          tell(Kind::kSets, "the set of text " + std::to_string(i) + " is out of order");
        }
      }
      forgetting.read(settings_.texts ? text_bytes(i) : 0);
    }
    verify_postings(problems, run);
  } catch (const ArchiveError& error) {
    problems.push_back({"structure", error.what()});
  }
}

}  // namespace wirecopy

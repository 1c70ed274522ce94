#include "wirecopy/archive/segment_writer.h"

#include <algorithm>
#include <bit>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "wirecopy/archive/compression.h"
#include "wirecopy/base/error.h"

namespace wirecopy {

using format::Kind;
using format::Posting;

namespace {

template <typename T>
std::string_view bytes_of(const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

template <typename T>
std::string_view bytes_of(std::span<const T> values) {
  return {reinterpret_cast<const char*>(values.data()), values.size_bytes()};
}

// The file, in one pass from its begin to its end.
class SegmentFile {
 public:
  SegmentFile(Folder& folder, std::uint64_t id) : id_(id) {
    file_ = folder.create(segment_name(id));
    format::SegmentHeader header{};
    std::ranges::copy(format::kSegmentMagic, header.magic);
    header.version = format::kVersion;
    header.page_bytes = format::kPageBytes;
    header.id = id;
    header.hash = hash_bytes(bytes_of(header).substr(0, offsetof(format::SegmentHeader, hash)));
    put(bytes_of(header));
  }

  void begin(Kind kind) {
    align();
    entry_ = {static_cast<std::uint32_t>(kind), 0, offset_, 0, 0, 0};
    table_.clear();
  }
  void append(std::string_view bytes) {
    entry_.bytes += bytes.size();
    put(bytes);
    while (!bytes.empty()) {
      const std::size_t taken = std::min(bytes.size(), format::kPageBytes - page_.size());
      if (page_.empty() && taken == format::kPageBytes) {
        table_.push_back(hash_bytes(bytes.substr(0, taken)));
      } else {
        page_.append(bytes.substr(0, taken));
        if (page_.size() == format::kPageBytes) end_page();
      }
      bytes.remove_prefix(taken);
    }
  }
  template <typename T>
  void value(const T& each) {
    append(bytes_of(each));
  }
  void end() {
    if (!page_.empty()) end_page();
    align();
    entry_.table = offset_;
    const std::string_view table = bytes_of(std::span<const std::uint64_t>(table_));
    entry_.table_hash = hash_bytes(table);
    put(table);
    entries_.push_back(entry_);
  }

  format::SegmentEntry finish(std::uint32_t texts, int directory_bits) {
    align();
    format::FooterHead head{};
    std::ranges::copy(format::kSegmentMagic, head.magic);
    head.version = format::kVersion;
    head.sections = static_cast<std::uint32_t>(entries_.size());
    head.id = id_;
    head.texts = texts;
    head.directory_bits = static_cast<std::uint32_t>(directory_bits);
    std::string footer(bytes_of(head));
    footer += bytes_of(std::span<const format::SectionEntry>(entries_));
    format::SegmentEntry segment{};
    segment.id = id_;
    segment.footer = offset_;
    segment.footer_hash = hash_bytes(footer);
    segment.texts = texts;
    put(footer);
    segment.bytes = offset_;
    flush();
    file_->sync();
    return segment;
  }

 private:
  static constexpr std::size_t kBuffer = std::size_t{1} << 20;

  void put(std::string_view bytes) {
    offset_ += bytes.size();
    buffer_ += bytes;
    if (buffer_.size() >= kBuffer) flush();
  }
  void flush() {
    if (!buffer_.empty()) file_->write(buffer_);
    buffer_.clear();
  }
  void align() {
    const std::string zeros(
        (format::kAlignment - offset_ % format::kAlignment) % format::kAlignment, '\0');
    put(zeros);
  }
  void end_page() {
    table_.push_back(hash_bytes(page_));
    page_.clear();
  }

  std::uint64_t id_;
  std::unique_ptr<NewFile> file_;
  std::string buffer_;
  std::uint64_t offset_ = 0;
  std::string page_;  // the last one of the section, so far
  format::SectionEntry entry_{};
  std::vector<std::uint64_t> table_;
  std::vector<format::SectionEntry> entries_;
};

// Keys in the order of their hashes, some range of them at a time. The members of a set are
// ascending and spread evenly, so that where a range begins in it is found by a guess.
class PostingWriter {
 public:
  PostingWriter(const Records& records, const ArchiveSettings& settings, const Run& run)
      : records_(records), settings_(settings), run_(run) {
    std::vector<std::uint64_t> scratch;
    for (std::size_t i = 0; i < records.size(); ++i) {
      total_ += keys_of(records, i, settings, scratch).size();
    }
    if (total_ > format::kMostPostings) {
      throw InputError("texts", "more than 4 billion shingles in one segment");
    }
    bits_ = static_cast<int>(std::bit_width(total_ / kPerBucket));
    const std::uint64_t wanted = total_ / std::max<std::uint64_t>(kPart, 4 * records.size()) + 1;
    part_bits_ = std::min(bits_, static_cast<int>(std::bit_width(wanted - 1)));
  }

  int directory_bits() const { return bits_; }

  // Calls use(postings of a part, ends of its buckets), part after part.
  template <typename Use>
  void each_part(Use use) {
    const std::size_t parts = std::size_t{1} << part_bits_;
    const auto threads = static_cast<std::size_t>(run_.threads);
    run_.begin("indexing", parts);
    std::vector<Part> made(threads);
    for (std::size_t begin = 0; begin < parts; begin += threads) {
      const std::size_t count = std::min(threads, parts - begin);
      parallel_for(run_, count, 1, [&](int, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) make(begin + i, made[i]);
      });
      for (std::size_t i = 0; i < count; ++i) use(made[i].postings, made[i].ends);
      run_.advance(count);
    }
  }

 private:
  static constexpr std::uint64_t kPerBucket = 16;  // two lines of cache
  static constexpr std::uint64_t kPart = std::uint64_t{1} << 20;

  struct Part {
    std::vector<Posting> postings;
    std::vector<std::uint32_t> ends;  // of its buckets, counted from the part's begin
    std::vector<std::uint64_t> scratch;
  };

  // Calls use(bucket in the part, posting) for each key of a part.
  template <typename Use>
  void each_key(std::size_t part, std::vector<std::uint64_t>& scratch, Use use) const {
    const int in_part = bits_ - part_bits_;
    const std::uint64_t buckets = std::uint64_t{1} << in_part;
    const auto part_of = [&](std::uint64_t key) {
      return part_bits_ == 0 ? 0 : key >> (64 - part_bits_);
    };
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (i % 1024 == 0) run_.check();
      const auto keys = keys_of(records_, i, settings_, scratch);
      std::size_t at = keys.size() * part >> part_bits_;
      while (at > 0 && part_of(keys[at - 1]) >= part) --at;
      while (at < keys.size() && part_of(keys[at]) < part) ++at;
      for (; at < keys.size() && part_of(keys[at]) == part; ++at) {
        const std::uint64_t bucket = bits_ == 0 ? 0 : keys[at] >> (64 - bits_);
        use(bucket & (buckets - 1), Posting{static_cast<std::uint32_t>(i),
                                            static_cast<std::uint32_t>((keys[at] << bits_) >> 32)});
      }
    }
  }

  void make(std::size_t number, Part& part) const {
    const std::size_t buckets = std::size_t{1} << (bits_ - part_bits_);
    std::vector<std::uint32_t>& ends = part.ends;
    ends.assign(buckets + 1, 0);
    each_key(number, part.scratch, [&](std::uint64_t bucket, Posting) { ++ends[bucket + 1]; });
    for (std::size_t i = 1; i <= buckets; ++i) ends[i] += ends[i - 1];
    part.postings.resize(ends[buckets]);
    // Each begin moves to its end; texts come ascending.
    each_key(number, part.scratch, [&](std::uint64_t bucket, Posting posting) {
      part.postings[ends[bucket]++] = posting;
    });
    ends.pop_back();
    std::size_t begin = 0;
    for (const std::uint32_t end : ends) {
      std::sort(part.postings.begin() + static_cast<std::ptrdiff_t>(begin),
                part.postings.begin() + static_cast<std::ptrdiff_t>(end),
                [](const Posting& x, const Posting& y) {
                  return x.key != y.key ? x.key < y.key : x.text < y.text;
                });
      begin = end;
    }
  }

  const Records& records_;
  const ArchiveSettings& settings_;
  const Run& run_;
  std::uint64_t total_ = 0;
  int bits_ = 0;
  int part_bits_ = 0;
};

// Texts into compressed blocks, some of them at a time, on several threads.
template <typename Use>
class TextPacker {
 public:
  // Calls use(frame) for each block, in their order.
  TextPacker(const Run& run, Use use)
      : run_(run),
        use_(std::move(use)),
        compressors_(static_cast<std::size_t>(run.threads)),
        frames_(kBlocksAThread * compressors_.size()) {}

  void append(std::string_view text) {
    const std::size_t most = frames_.size() * format::kTextBlockBytes;
    while (!text.empty()) {
      const std::size_t taken = std::min(text.size(), most - pending_.size());
      pending_ += text.substr(0, taken);
      text.remove_prefix(taken);
      if (pending_.size() == most) finish();
    }
  }
  void finish() {
    constexpr std::size_t kBytes = format::kTextBlockBytes;
    const std::size_t blocks = (pending_.size() + kBytes - 1) / kBytes;
    const std::string_view pending = pending_;
    parallel_for(run_, blocks, 1, [&](int worker, std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        frames_[i].clear();
        compressors_[static_cast<std::size_t>(worker)].compress(pending.substr(i * kBytes, kBytes),
                                                                frames_[i]);
      }
    });
    for (std::size_t i = 0; i < blocks; ++i) use_(std::string_view(frames_[i]));
    pending_.clear();
  }

 private:
  static constexpr std::size_t kBlocksAThread = 8;

  const Run& run_;
  Use use_;
  std::vector<Compressor> compressors_;
  std::vector<std::string> frames_;
  std::string pending_;
};

class SegmentWriter {
 public:
  SegmentWriter(Folder& folder, std::uint64_t id, const Records& records,
                const ArchiveSettings& settings, format::IdKind id_kind, const Run& run)
      : file_(folder, id), records_(records), settings_(settings), id_kind_(id_kind), run_(run) {}

  format::SegmentEntry write() {
    run_.begin("writing", records_.size());
    write_ids();
    write_id_index();
    column(Kind::kDates, [&](std::size_t i) { return records_.date(i); });
    write_sources();
    column(Kind::kWords, [&](std::size_t i) { return records_.words(i); });
    column(Kind::kPrints, [&](std::size_t i) { return records_.print(i); });
    write_ends(Kind::kSetEnds, [&](std::size_t i) { return records_.set_size(i); });
    if (settings_.sets) {
      runs(Kind::kSets, [&](std::size_t i) { return bytes_of(records_.set(i)); });
    }
    if (settings_.keys == format::Keys::kBands) {
      runs(Kind::kSignatures, [&](std::size_t i) { return bytes_of(records_.signature(i)); });
    }
    const int bits = write_postings();
    if (settings_.texts) write_texts();
    return file_.finish(static_cast<std::uint32_t>(records_.size()), bits);
  }

 private:
  template <typename Get>
  void column(Kind kind, Get get) {
    file_.begin(kind);
    for (std::size_t i = 0; i < records_.size(); ++i) file_.value(get(i));
    file_.end();
  }
  template <typename Get>
  void runs(Kind kind, Get get) {
    file_.begin(kind);
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (i % 1024 == 0) run_.check();
      file_.append(get(i));
    }
    file_.end();
  }
  template <typename Get>
  void write_ends(Kind kind, Get size) {
    std::uint64_t end = 0;
    column(kind, [&](std::size_t i) { return end += size(i); });
  }

  void write_ids() {
    runs(Kind::kIds, [&](std::size_t i) { return records_.id(i); });
    if (id_kind_ == format::IdKind::kStrings) {
      write_ends(Kind::kIdEnds, [&](std::size_t i) { return records_.id(i).size(); });
    }
  }

  void write_id_index() {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> index;
    index.reserve(records_.size());
    for (std::size_t i = 0; i < records_.size(); ++i) {
      index.emplace_back(hash_bytes(records_.id(i)), static_cast<std::uint32_t>(i));
    }
    std::ranges::sort(index);
    column(Kind::kIdHashes, [&](std::size_t i) { return index[i].first; });
    column(Kind::kIdTexts, [&](std::size_t i) { return index[i].second; });
  }

  void write_sources() {
    std::map<std::string_view, std::uint32_t> numbers;  // in the order of their first texts
    std::vector<std::string_view> names;
    column(Kind::kSources, [&](std::size_t i) {
      const auto name = records_.source(i);
      if (!name) return format::kNoSource;
      const auto next = static_cast<std::uint32_t>(names.size());
      const auto [at, is_new] = numbers.try_emplace(*name, next);
      if (is_new) names.push_back(*name);
      return at->second;
    });
    file_.begin(Kind::kSourceNames);
    for (const std::string_view name : names) file_.append(name);
    file_.end();
    file_.begin(Kind::kSourceNameEnds);
    std::uint64_t end = 0;
    for (const std::string_view name : names) file_.value(end += name.size());
    file_.end();
  }

  void write_texts() {
    write_ends(Kind::kTextEnds, [&](std::size_t i) { return records_.text_bytes(i); });
    std::vector<std::uint64_t> ends;
    std::uint64_t end = 0;
    file_.begin(Kind::kTextBlocks);
    TextPacker packer(run_, [&](std::string_view frame) {
      file_.append(frame);
      ends.push_back(end += frame.size());
    });
    Unpacker unpacker;
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (i % 1024 == 0) run_.check();
      packer.append(records_.text(i, unpacker));
    }
    packer.finish();
    file_.end();
    file_.begin(Kind::kTextBlockEnds);
    file_.append(bytes_of(std::span<const std::uint64_t>(ends)));
    file_.end();
  }

  int write_postings() {
    PostingWriter writer(records_, settings_, run_);
    std::vector<std::uint32_t> directory;
    directory.reserve(std::size_t{1} << writer.directory_bits());
    file_.begin(Kind::kPostings);
    std::uint32_t base = 0;
    writer.each_part(
        [&](const std::vector<Posting>& postings, const std::vector<std::uint32_t>& ends) {
          file_.append(bytes_of(std::span<const Posting>(postings)));
          for (const std::uint32_t end : ends) directory.push_back(base + end);
          base += static_cast<std::uint32_t>(postings.size());
        });
    file_.end();
    file_.begin(Kind::kDirectory);
    file_.append(bytes_of(std::span<const std::uint32_t>(directory)));
    file_.end();
    return writer.directory_bits();
  }

  SegmentFile file_;
  const Records& records_;
  const ArchiveSettings& settings_;
  const format::IdKind id_kind_;
  const Run& run_;
};

}  // namespace

format::SegmentEntry write_segment(Folder& folder, std::uint64_t id, const Records& records,
                                   const ArchiveSettings& settings, format::IdKind id_kind,
                                   const Run& run) {
  return SegmentWriter(folder, id, records, settings, id_kind, run).write();
}

}  // namespace wirecopy

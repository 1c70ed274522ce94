#include "wirecopy/archive/segment_writer.h"

#include <algorithm>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/archive/compression.h"
#include "wirecopy/archive/posting_writer.h"
#include "wirecopy/archive/segment_file.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {

using format::Kind;

namespace {

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
                const ArchiveSettings& settings, format::IdKind id_kind, std::uint64_t memory,
                const Run& run)
      : file_(folder, id),
        records_(records),
        settings_(settings),
        id_kind_(id_kind),
        memory_(memory),
        run_(run),
        forgetting_(records, memory, 1) {}

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
    file_.begin(Kind::kFilters);
    file_.append(bytes_of(std::span<const std::uint64_t>(filters_)));
    file_.end();
    return file_.finish(static_cast<std::uint32_t>(records_.size()), bits);
  }

 private:
  template <typename Get>
  void column(Kind kind, Get get) {
    file_.begin(kind);
    for (std::size_t i = 0; i < records_.size(); ++i) {
      const auto one = get(i);
      forgetting_.read(sizeof one);
      file_.value(one);
    }
    file_.end();
  }
  template <typename Get>
  void runs(Kind kind, Get get) {
    file_.begin(kind);
    for (std::size_t i = 0; i < records_.size(); ++i) {
      if (i % 1024 == 0) run_.check();
      const std::string_view bytes = get(i);
      file_.append(bytes);
      forgetting_.read(bytes.size());
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
      const std::string_view text = records_.text(i, unpacker);
      packer.append(text);
      forgetting_.read(text.size());
    }
    packer.finish();
    file_.end();
    file_.begin(Kind::kTextBlockEnds);
    file_.append(bytes_of(std::span<const std::uint64_t>(ends)));
    file_.end();
  }

  int write_postings() {
    PostingWriter writer(records_, settings_, memory_, run_);
    std::vector<std::uint32_t> directory;
    directory.reserve(std::size_t{1} << writer.directory_bits());
    filters_.reserve(std::size_t{1} << writer.directory_bits());
    file_.begin(Kind::kPostings);
    std::uint32_t base = 0;
    writer.each_part([&](std::string_view postings, std::span<const std::uint32_t> ends,
                         std::span<const std::uint64_t> filters) {
      file_.append(postings);
      for (const std::uint32_t end : ends) directory.push_back(base + end);
      filters_.insert(filters_.end(), filters.begin(), filters.end());
      base += ends.back();
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
  const std::uint64_t memory_;
  const Run& run_;
  Forgetting forgetting_;
  std::vector<std::uint64_t> filters_;  // of buckets: they stand last
};

}  // namespace

format::SegmentEntry write_segment(Folder& folder, std::uint64_t id, const Records& records,
                                   const ArchiveSettings& settings, format::IdKind id_kind,
                                   std::uint64_t memory, const Run& run) {
  return SegmentWriter(folder, id, records, settings, id_kind, memory, run).write();
}

}  // namespace wirecopy

#include "wirecopy/archive/segment_writer.h"

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/archive/posting_writer.h"
#include "wirecopy/archive/segment_file.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {

using format::Kind;
using format::Posting;

namespace {

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
    if (settings_.texts) {
      write_ends(Kind::kTextEnds, [&](std::size_t i) { return records_.text(i).size(); });
      runs(Kind::kTexts, [&](std::size_t i) { return records_.text(i); });
    }
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
      if (i % Records::kForgetAfter == 0) records_.forget();
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

  int write_postings() {
    PostingWriter writer(records_, settings_, run_);
    std::vector<std::uint32_t> directory;
    directory.reserve(std::size_t{1} << writer.directory_bits());
    file_.begin(Kind::kPostings);
    std::uint32_t base = 0;
    writer.each_part([&](std::span<const Posting> postings, std::span<const std::uint32_t> ends) {
      file_.append(bytes_of(postings));
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

#include "wirecopy/archive/tables.h"

#include <cstring>
#include <string>
#include <utility>

#include "wirecopy/archive/judging.h"
#include "wirecopy/base/utf8.h"

namespace wirecopy {
namespace {

// Strings leave here for readers that trust them to be UTF-8.
std::string_view well_formed(const Segment& segment, std::string_view text, const char* block) {
  if (!utf8::is_valid(text)) {
    throw ArchiveError(segment.name(), std::string("block '") + block + "': is not UTF-8");
  }
  return text;
}

// The columns that say which text something is about.
class About {
 public:
  explicit About(const Snapshot& snapshot)
      : snapshot_(snapshot), strings_(snapshot.manifest().id_kind == format::IdKind::kStrings) {}

  void push_back(std::uint64_t place) {
    const auto [part, text] = snapshot_.at(place);
    const Segment& segment = *part->segment;
    const std::string_view id = segment.id(text);
    if (strings_) {
      names_.push_back(well_formed(segment, id, "ids"));
    } else {
      std::int64_t number = 0;
      std::memcpy(&number, id.data(), sizeof number);
      numbers_.push_back(number);
    }
    dates_.micros.push_back(segment.date(text));
    sources_.push_back(well_formed(segment, segment.source(text).value_or(""), "source names"));
  }
  ColumnValues ids() {
    if (strings_) return std::move(names_);
    return std::move(numbers_);
  }
  ColumnValues dates() { return std::move(dates_); }
  ColumnValues sources() { return std::move(sources_); }

 private:
  const Snapshot& snapshot_;
  const bool strings_;
  Strings names_;
  std::vector<std::int64_t> numbers_;
  Times dates_;
  Strings sources_;
};

}  // namespace

Table texts_table(const Snapshot& snapshot, std::span<const std::uint64_t> places) {
  About about(snapshot);
  std::vector<std::int64_t> words;
  std::vector<std::int64_t> shingles;
  for (const std::uint64_t place : places) {
    const auto [part, text] = snapshot.at(place);
    about.push_back(place);
    words.push_back(part->segment->words(text));
    shingles.push_back(part->segment->set_size(text));
  }
  Table table;
  table.add("id", about.ids());
  table.add("date", about.dates());
  table.add("source", about.sources());
  table.add("words", std::move(words));
  table.add("shingles", std::move(shingles));
  return table;
}

Table found_table(const Snapshot& snapshot, const Answer& answer, const Similarity& rule,
                  std::span<const Verdict> verdicts) {
  const bool sets = snapshot.settings().sets;
  About about(snapshot);
  std::vector<std::int64_t> rows, shared;
  std::vector<double> similarity, jaccard, containment_new, containment_old;
  Strings verdict;
  for (std::size_t i = 0; i < answer.found.size(); ++i) {
    const Found& one = answer.found[i];
    const auto [part, text] = snapshot.at(one.place);
    about.push_back(one.place);
    rows.push_back(one.row);
    const std::uint32_t ours = one.set_size;
    const std::uint32_t theirs = part->segment->set_size(text);
    verdict.push_back(
        verdict_name(verdicts.empty() ? verdict_of_sets(snapshot, answer, one) : verdicts[i]));
    if (!sets) {
      similarity.push_back(static_cast<double>(one.shared) / snapshot.settings().permutations);
      continue;
    }
    const double common = one.shared;
    similarity.push_back(rule.of(ours, theirs, one.shared));
    jaccard.push_back(common / (static_cast<double>(ours) + theirs - common));
    containment_new.push_back(common / ours);
    containment_old.push_back(common / theirs);
    shared.push_back(one.shared);
  }
  Table table;
  table.add("new", std::move(rows));
  table.add("id_old", about.ids());
  table.add("similarity", std::move(similarity));
  if (sets) {
    table.add("jaccard", std::move(jaccard));
    table.add("containment_new", std::move(containment_new));
    table.add("containment_old", std::move(containment_old));
    table.add("shared", std::move(shared));
  }
  table.add("verdict", std::move(verdict));
  table.add("date_old", about.dates());
  table.add("source_old", about.sources());
  return table;
}

Table verify_table(const Snapshot& snapshot, const Run& run) {
  Strings files, blocks, problems;
  run.begin("verifying", snapshot.parts().size());
  for (const Snapshot::Part& part : snapshot.parts()) {
    for (const Segment::Problem& one : part.segment->verify(run)) {
      files.push_back(part.segment->name());
      blocks.push_back(one.block);
      problems.push_back(one.problem);
    }
    run.advance(1);
  }
  Table table;
  table.add("file", std::move(files));
  table.add("block", std::move(blocks));
  table.add("problem", std::move(problems));
  return table;
}

}  // namespace wirecopy

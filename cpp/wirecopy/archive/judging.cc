#include "wirecopy/archive/judging.h"

#include <algorithm>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "wirecopy/archive/held.h"
#include "wirecopy/archive/records.h"
#include "wirecopy/archive/texts.h"
#include "wirecopy/match/constraint.h"
#include "wirecopy/match/evidence.h"
#include "wirecopy/match/intersect.h"
#include "wirecopy/sketch/shingles.h"
#include "wirecopy/text/bodies.h"

namespace wirecopy {
namespace {

constexpr std::uint64_t kUsualMemory = std::uint64_t{64} << 20;
constexpr std::size_t kMostAtOnce = std::size_t{1} << 20;  // of what was found

// Of a text: those that were given, if any, come before those of the archive.
using Number = std::uint64_t;

struct HashOfPrint {
  std::size_t operator()(const Fingerprint& print) const {
    return static_cast<std::size_t>(print.low);
  }
};

// Where texts are by their numbers.
class Numbers {
 public:
  Numbers(const Snapshot& snapshot, const Judging& judging)
      : snapshot_(snapshot),
        first_(judging.first),
        given_(judging.compared == nullptr ? 0 : judging.compared->size()) {}

  Number of_row(std::uint32_t row) const { return given_ > 0 ? row : first_ + row; }
  Number of_place(std::uint64_t place) const { return given_ + place; }
  bool any_given() const { return given_ > 0; }
  bool is_given(Number number) const { return number < given_; }
  std::uint64_t place(Number number) const { return number - given_; }
  Snapshot::Place at(Number number) const { return snapshot_.at(place(number)); }

 private:
  const Snapshot& snapshot_;
  std::uint64_t first_;
  Number given_;
};

// Which texts of an answer have one shingle set: they count as one. Those that were given and those
// of the archive are no twins of each other.
class Twins {
 public:
  static constexpr Appearance kNowhere{Constraint::kUnknownDate, Constraint::kUnknownSource};

  Twins(const Snapshot& snapshot, const Answer& answer, const Judging& judging, HeldLimit& limit,
        const Run& run)
      : numbers_(snapshot, judging), held_(limit) {
    if (!snapshot.settings().sets) return;
    if (numbers_.any_given()) {
      reader_.emplace(*judging.compared);
      shingler_.emplace(snapshot.settings().shingle_size);
    }
    for (std::size_t i = 0; i < answer.found.size(); ++i) {
      if (i % 256 == 0) run.check();
      add(numbers_.of_row(answer.found[i].row));
      add(numbers_.of_place(answer.found[i].place));
    }
  }

  Number first(Number number) const { return same_.empty() ? number : same_[of_.at(number)].first; }
  // Of the earliest of them; the first of those, where there are several.
  Appearance appeared(Number number) {
    if (!same_.empty()) return same_[of_.at(number)].appeared;
    Same alone{.first = number};
    if (!numbers_.any_given()) add_appearance(number, alone);
    return alone.appeared;
  }

 private:
  struct Same {
    Number first;
    Appearance appeared = kNowhere;
    Number dated = 0;
  };

  std::span<const std::uint64_t> set(Number number) {
    if (numbers_.is_given(number)) {
      return shingler_->set((*reader_)[static_cast<std::size_t>(number)]);
    }
    const auto [part, text] = numbers_.at(number);
    const auto members = part->segment->set(text);
    held_.note(members.data(), members.size_bytes());
    return members;
  }

  void add(Number number) {
    const auto [text, is_new] = of_.try_emplace(number, same_.size());
    if (!is_new) return;
    const auto members = set(number);
    auto& known = numbers_.is_given(number) ? of_given_ : of_kept_;
    const auto [same, is_first] =
        known.try_emplace(fingerprint(members.data(), members.size_bytes()), same_.size());
    text->second = same->second;
    if (is_first) same_.push_back({.first = number});
    same_[same->second].first = std::min(same_[same->second].first, number);
    if (!numbers_.any_given()) add_appearance(number, same_[same->second]);
  }

  void add_appearance(Number number, Same& same) {
    const auto [part, text] = numbers_.at(number);
    const std::int64_t date = part->segment->date(text);
    if (date == Constraint::kUnknownDate) return;
    const bool earlier = same.appeared.date == Constraint::kUnknownDate ||
                         date < same.appeared.date ||
                         (date == same.appeared.date && number < same.dated);
    if (!earlier) return;
    same.appeared = {date, Constraint::kUnknownSource};
    same.dated = number;
    if (const auto source = part->segment->source(text)) {
      const auto next = static_cast<std::int32_t>(sources_.size());
      same.appeared.source = sources_.try_emplace(std::string(*source), next).first->second;
    }
  }

  Numbers numbers_;
  Held held_;
  std::optional<TextReader> reader_;  // of the texts that were given
  std::optional<Shingler> shingler_;
  std::unordered_map<Number, std::size_t> of_;
  std::vector<Same> same_;
  std::unordered_map<Fingerprint, std::size_t, HashOfPrint> of_given_;
  std::unordered_map<Fingerprint, std::size_t, HashOfPrint> of_kept_;
  std::unordered_map<std::string, std::int32_t> sources_;
};

class Judge {
 public:
  Judge(const std::shared_ptr<const Snapshot>& snapshot, const Answer& answer,
        const Judging& judging, const Run& run)
      : snapshot_(snapshot),
        answer_(answer),
        judging_(judging),
        run_(run),
        numbers_(*snapshot, judging),
        limit_(*snapshot, judging.max_memory),
        twins_(*snapshot, answer, judging, take_beside(), run) {}

  std::vector<Verdict> judge() {
    verdicts_.reserve(answer_.found.size());
    for (const Found& one : answer_.found) {
      verdicts_.push_back(verdict_of_sets(*snapshot_, answer_, one));
    }
    for (std::size_t begin = 0; begin < answer_.found.size();) begin = judge_some(begin);
    if (limit_.limited()) snapshot_->forget();
    return std::move(verdicts_);
  }

 private:
  struct Asked {
    Number a, b;
    std::size_t found;

    bool same_texts(const Asked& other) const { return a == other.a && b == other.b; }
  };

  bool sets() const { return snapshot_->settings().sets; }

  bool is_settled(std::size_t found) const {
    return verdicts_[found] == Verdict::kIdentical || verdicts_[found] == Verdict::kSameText;
  }

  // Judges as many from `begin` on as there is memory for, and returns where it stopped.
  std::size_t judge_some(std::size_t begin) {
    const std::uint64_t memory = texts_at_once();
    std::vector<Asked> asked;
    std::unordered_set<Number> texts;
    std::uint64_t bytes = 0;
    std::size_t end = begin;
    while (end < answer_.found.size() && end - begin < kMostAtOnce && bytes < memory) {
      const Found& one = answer_.found[end];
      if (!is_settled(end)) {
        const Number row = twins_.first(numbers_.of_row(one.row));
        const Number place = twins_.first(numbers_.of_place(one.place));
        asked.push_back({std::min(row, place), std::max(row, place), end});
        for (const Number number : {row, place}) {
          if (!texts.insert(number).second || numbers_.is_given(number)) continue;
          const auto [part, text] = numbers_.at(number);
          bytes += part->segment->text_bytes(text);
        }
      }
      ++end;
    }
    judge(std::move(asked), {texts.begin(), texts.end()});
    return end;
  }

  // The limit, less what is beside the files: what is known of each match, the texts at hand, and
  // what is made of them to be compared.
  HeldLimit& take_beside() {
    constexpr std::uint64_t kPerFound = 256;
    limit_.take(answer_.found.size() * kPerFound + 2 * texts_at_once());
    return limit_;
  }

  // Bytes of the archive's.
  std::uint64_t texts_at_once() const {
    constexpr std::uint64_t kParts = 8;
    return judging_.max_memory == 0
               ? kUsualMemory
               : std::clamp<std::uint64_t>(judging_.max_memory / kParts, 1, kUsualMemory);
  }

  void judge(std::vector<Asked> asked, std::vector<Number> texts) {
    std::ranges::sort(texts);
    std::ranges::sort(asked, [](const Asked& x, const Asked& y) {
      return x.a != y.a ? x.a < y.a : x.b != y.b ? x.b < y.b : x.found < y.found;
    });
    const TextColumn compared = compared_of(texts);
    Matches matches;
    matches.twin.resize(texts.size());
    std::iota(matches.twin.begin(), matches.twin.end(), DocId{0});
    matches.copy = matches.twin;
    matches.set_size.resize(texts.size());
    const auto row_of = [&](Number number) {
      return static_cast<DocId>(std::ranges::lower_bound(texts, number) - texts.begin());
    };
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (i > 0 && asked[i].same_texts(asked[i - 1])) continue;
      const Found& one = answer_.found[asked[i].found];
      const Pair pair{row_of(asked[i].a), row_of(asked[i].b), one.shared};
      matches.pairs.push_back(pair);
      const bool row_first = twins_.first(numbers_.of_row(one.row)) == asked[i].a;
      const auto [part, text] = snapshot_->at(one.place);
      matches.set_size[row_first ? pair.a : pair.b] = one.set_size;
      matches.set_size[row_first ? pair.b : pair.a] = part->segment->set_size(text);
    }
    if (!sets()) measure_sets(compared, matches);
    std::vector<std::int64_t> dates;
    std::vector<std::int32_t> sources;
    for (const Number number : texts) {
      const Appearance appeared = twins_.appeared(number);
      dates.push_back(appeared.date);
      sources.push_back(appeared.source);
    }
    const Judged judged = judge_pairs(compared, matches, dates, sources, run_);
    std::size_t pair = 0;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      if (i > 0 && !asked[i].same_texts(asked[i - 1])) ++pair;
      verdicts_[asked[i].found] = judged.verdicts[pair];
    }
  }

  // What is compared of texts, ascending by their numbers.
  TextColumn compared_of(const std::vector<Number>& texts) {
    TextColumn column;
    column.reserve(texts.size());
    std::vector<std::uint64_t> places;
    for (const Number number : texts) {
      if (numbers_.is_given(number)) {
        column.push_back(judging_.compared->stored(static_cast<std::size_t>(number)));
      } else {
        places.push_back(numbers_.place(number));
      }
    }
    Held held(limit_);
    TextColumn kept = read_texts(snapshot_, places, run_, {}, &held);
    if (judging_.rules != nullptr) kept = bodies_of(kept, places);
    for (std::size_t row = 0; row < kept.size(); ++row) column.push_back(kept.stored(row));
    if (judging_.compared != nullptr) column.keep_alive_with(*judging_.compared);
    column.keep_alive_with(kept);
    return column;
  }

  TextColumn bodies_of(const TextColumn& kept, const std::vector<std::uint64_t>& places) const {
    const auto names = judging_.rules->sources();
    std::vector<std::int32_t> sources;
    for (const std::uint64_t place : places) {
      const auto [part, text] = snapshot_->at(place);
      const auto at = std::ranges::find(names, part->segment->source(text).value_or(""));
      sources.push_back(at == names.end() ? -1 : static_cast<std::int32_t>(at - names.begin()));
    }
    return find_bodies(kept, *judging_.rules, {.thorough = judging_.thorough}, sources, run_).texts;
  }

  // Where the archive has none.
  void measure_sets(const TextColumn& compared, Matches& matches) const {
    std::vector<std::vector<std::uint64_t>> made(compared.size());
    TextReader reader(compared);
    Shingler shingler(snapshot_->settings().shingle_size);
    for (std::size_t row = 0; row < compared.size(); ++row) {
      run_.check();
      const auto set = shingler.set(reader[row]);
      made[row].assign(set.begin(), set.end());
      matches.set_size[row] = static_cast<std::uint32_t>(set.size());
    }
    for (Pair& pair : matches.pairs) pair.shared = count_shared(made[pair.a], made[pair.b], 0);
  }

  const std::shared_ptr<const Snapshot>& snapshot_;
  const Answer& answer_;
  const Judging& judging_;
  const Run& run_;
  Numbers numbers_;
  HeldLimit limit_;
  Twins twins_;
  std::vector<Verdict> verdicts_;
};

}  // namespace

Verdict verdict_of_sets(const Snapshot& snapshot, const Answer& answer, const Found& one) {
  const auto [part, text] = snapshot.at(one.place);
  const bool same = answer.print[one.row] == part->segment->print(text);
  if (!snapshot.settings().sets) return same ? Verdict::kIdentical : Verdict::kNearCopy;
  return judge(same, one.set_size, part->segment->set_size(text), one.shared);
}

std::vector<Verdict> judge_found(const std::shared_ptr<const Snapshot>& snapshot,
                                 const Answer& answer, const Judging& judging,
                                 const Run& requested) {
  Run run = requested;
  run.threads = std::max(run.threads, 1);
  return Judge(snapshot, answer, judging, run).judge();
}

}  // namespace wirecopy

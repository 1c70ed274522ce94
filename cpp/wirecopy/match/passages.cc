#include "wirecopy/match/passages.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/match/chain.h"
#include "wirecopy/match/copies.h"
#include "wirecopy/match/equal.h"
#include "wirecopy/match/seeds.h"
#include "wirecopy/match/text_words.h"
#include "wirecopy/sketch/fingerprints.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 16;
constexpr std::size_t kFetchedAtATime = 16;
constexpr std::uint32_t kMostWords = 1'000'000;

// Two words, one of two such pairs.
constexpr FingerprintRule kNoisySeeds{.k = 2, .window = 0, .one_in = 2};
// So many seeds with another one near make two texts worth comparing: at least, and by the words of
// the shorter text. With 8 % of the letters wrong in both copies a word in 15 starts a shared seed.
constexpr std::size_t kFewestVotes = 3;
constexpr std::uint32_t kWordsPerVote = 64;
constexpr std::uint32_t kNearWords = 64;
constexpr std::int64_t kNearShift = 8;
constexpr std::uint32_t kNoisyShift = 16;
// Of a passage's words. Reprints of made-up stories have more, however they were cut or scanned;
// sentences of one form with other names and numbers have 0.5 to 0.75 (docs/quality.md).
constexpr double kLeastShare = 0.8;
// Places that a text follows its seeds to, for each of its words.
constexpr std::size_t kPlacesPerWord = 4;
constexpr std::size_t kFewestPlaces = 256;

void check_rows(const TextColumn& texts, std::size_t split) {
  if (texts.size() >= std::numeric_limits<std::int32_t>::max()) {
    throw InputError("texts", "more than 2 billion rows");
  }
  if (split > texts.size()) throw InputError("split", "is beyond the last row");
}

void check_words(const char* argument, std::uint32_t value, std::uint32_t least) {
  if (value < least || value > kMostWords) {
    throw InputError(argument, "is " + std::to_string(value) + "; must be from " +
                                   std::to_string(least) + " to " + std::to_string(kMostWords));
  }
}

std::vector<DocId> all_rows(const TextColumn& texts) {
  std::vector<DocId> rows(texts.size());
  std::iota(rows.begin(), rows.end(), DocId{0});
  return rows;
}

std::vector<DocId> firsts_of(std::span<const DocId> copy) {
  std::vector<DocId> firsts;
  for (std::size_t row = 0; row < copy.size(); ++row) {
    if (copy[row] == row) firsts.push_back(static_cast<DocId>(row));
  }
  return firsts;
}

// The seeds that a text shares with each earlier one (across collections, with each of the other
// side). One per thread.
class Partners {
 public:
  Partners(const SeedIndex& index, std::size_t texts, std::size_t split)
      : index_(&index), counts_(texts), split_(split) {}

  // Texts with at least `least` seeds in common, ascending; no more than `most` places are followed
  // (0: all), the rarest first. Valid until the next call, as are the seeds.
  std::span<const DocId> find(DocId text, std::size_t least, std::size_t most) {
    partners_.clear();
    if (split_ > 0 && text < split_) return {};
    const auto own = index_->of(text);
    places_.assign(own.begin(), own.end());
    if (most > 0) keep_rarest(most);
    for (const SeedPlace& followed : places_) index_->fetch(followed.seed);
    for (const DocId other : touched_) counts_[other] = 0;
    touched_.clear();
    each_place(text, [&](const SeedPlace&, const Place& place) {
      if (counts_[place.text]++ == 0) touched_.push_back(place.text);
    });
    for (const DocId other : touched_) {
      if (counts_[other] >= least) partners_.push_back(other);
    }
    if (partners_.empty()) return {};
    std::ranges::sort(partners_);
    // From here on, counts_ holds where a partner's seeds go, plus one.
    starts_.assign(1, 0);
    for (const DocId other : partners_) starts_.push_back(starts_.back() + counts_[other]);
    for (const DocId other : touched_) counts_[other] = 0;
    for (std::size_t i = 0; i < partners_.size(); ++i) {
      counts_[partners_[i]] = static_cast<std::uint32_t>(starts_[i] + 1);
    }
    seeds_.resize(starts_.back());
    each_place(text, [&](const SeedPlace& own_place, const Place& place) {
      std::uint32_t& next = counts_[place.text];
      if (next > 0) seeds_[next++ - 1] = {place.word, own_place.word};
    });
    return partners_;
  }

  // Of partner i: its word, and the text's.
  std::span<Seed> seeds(std::size_t i) {
    return std::span(seeds_).subspan(starts_[i], starts_[i + 1] - starts_[i]);
  }

 private:
  template <typename Use>
  void each_place(DocId text, Use use) {
    for (const SeedPlace& own : places_) {
      for (const Place& place : index_->places(own.seed)) {
        if (place.text >= text || (split_ > 0 && place.text >= split_)) break;
        use(own, place);
      }
    }
  }

  void keep_rarest(std::size_t most) {
    rarest_.clear();
    for (const SeedPlace& own : places_) {
      const std::uint64_t count = index_->places(own.seed).size();
      rarest_.emplace_back(count << 32 | own.word, own.seed);
    }
    std::ranges::sort(rarest_);
    std::size_t followed = 0;
    std::size_t kept = 0;
    while (kept < places_.size() && followed < most) {
      const auto& [count_and_word, seed] = rarest_[kept];
      places_[kept++] = {static_cast<std::uint32_t>(count_and_word), seed};
      followed += count_and_word >> 32;
    }
    places_.resize(kept);
  }

  const SeedIndex* index_;
  std::vector<std::uint32_t> counts_;  // by text
  std::size_t split_;
  std::vector<SeedPlace> places_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> rarest_;  // count and word, seed
  std::vector<DocId> touched_;
  std::vector<DocId> partners_;
  std::vector<std::size_t> starts_;
  std::vector<Seed> seeds_;
};

// Whether enough seeds have another one near, along the diagonal: in texts that share nothing but
// their subject they lie scattered. Puts them in another order.
bool worth_comparing(std::span<Seed> seeds, std::uint32_t shorter) {
  const std::size_t wanted = std::max<std::size_t>(kFewestVotes, shorter / kWordsPerVote);
  if (seeds.size() < wanted) return false;
  std::ranges::sort(
      seeds, [](const Seed& x, const Seed& y) { return x.b != y.b ? x.b < y.b : x.a < y.a; });
  std::size_t votes = 0;
  std::size_t counted = 0;  // seeds before this one have voted, or never will
  for (std::size_t i = 0; i < seeds.size() && votes < wanted; ++i) {
    for (std::size_t j = i + 1; j < seeds.size() && seeds[j].b - seeds[i].b <= kNearWords; ++j) {
      const std::int64_t shift =
          (std::int64_t{seeds[j].a} - seeds[i].a) - (std::int64_t{seeds[j].b} - seeds[i].b);
      if (seeds[j].b == seeds[i].b || std::abs(shift) > kNearShift) continue;
      // The two of them, but for what an earlier one has counted.
      votes += (i >= counted) + (j >= counted && j != i);
      counted = std::max(counted, j + 1);
      break;
    }
  }
  return votes >= wanted;
}

// Most partners share a stock phrase and no more: to bring their words from memory, one after the
// other, would take longer than to compare them. So all are asked for at once.
void fetch_words(const WordStore& words, std::span<const DocId> others, Partners& partners,
                 std::size_t first) {
  const std::size_t end = std::min(others.size(), first + kFetchedAtATime);
  for (std::size_t i = first; i < end; ++i) words.fetch(others[i]);
  for (std::size_t i = first; i < end; ++i) {
    words.fetch_word(others[i], partners.seeds(i).front().a);
  }
  for (std::size_t i = first; i < end; ++i) {
    words.fetch_bytes(others[i], partners.seeds(i).front().a);
  }
}

template <typename T>
std::vector<T> joined(std::vector<std::vector<T>>& parts) {
  std::size_t size = 0;
  for (const auto& part : parts) size += part.size();
  std::vector<T> all;
  all.reserve(size);
  for (auto& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
    part = {};
  }
  return all;
}

// The rows that are marked.
std::vector<DocId> marked(const std::vector<std::uint8_t>& marks) {
  std::vector<DocId> rows;
  for (std::size_t row = 0; row < marks.size(); ++row) {
    if (marks[row] != 0) rows.push_back(static_cast<DocId>(row));
  }
  return rows;
}

}  // namespace

Passages find_passages(const TextColumn& texts, const PassageOptions& options, const Run& run) {
  check_rows(texts, options.split);
  check_words("min_words", options.min_words, 2);
  check_words("max_df", options.max_df, 2);
  if (options.max_gap > 1000) throw InputError("max_gap", "must be from 0 to 1000");
  Passages passages;
  passages.words.resize(texts.size());
  run.begin("finding copies", texts.size());
  passages.copy =
      first_on_side(find_copies(texts, all_rows(texts), CopyForm::kBytes, run), options.split);
  const std::vector<DocId> distinct = firsts_of(passages.copy);
  const SeedIndex index(texts, distinct, FingerprintRule::seeing(options.min_words), options.max_df,
                        options.split, passages.words, run);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    passages.words[row] = passages.words[passages.copy[row]];
  }
  passages.seeds = index.size();
  passages.skipped = index.skipped();

  std::vector<DocId> wanted;
  for (const DocId text : distinct) {
    if (!index.of(text).empty()) wanted.push_back(text);
  }
  const WordStore words(texts, wanted, run);
  const ChainRule rule{.min_words = options.min_words,
                       .max_gap = options.max_gap,
                       .max_shift = options.max_gap,
                       .trusted_gap = options.max_gap};
  const auto threads = static_cast<std::size_t>(run.threads);
  std::vector<Partners> partners(threads, Partners(index, texts.size(), options.split));
  std::vector<Chainer> chainers(threads, Chainer(rule));
  std::vector<std::vector<Passage>> found(threads);
  run.begin("chaining", wanted.size());
  parallel_for(run, wanted.size(), kTextsAtATime, [&](int w, std::size_t begin, std::size_t end) {
    const auto worker = static_cast<std::size_t>(w);
    for (std::size_t i = begin; i < end; ++i) {
      const DocId b = wanted[i];
      const auto others = partners[worker].find(b, 1, 0);
      for (std::size_t j = 0; j < others.size(); ++j) {
        run.check();
        if (j % kFetchedAtATime == 0) fetch_words(words, others, partners[worker], j);
        const DocId a = others[j];
        const auto seeds = partners[worker].seeds(j);
        for (const Stretch& s : chainers[worker].chain(words[a], words[b], seeds)) {
          found[worker].push_back({a, b, s.a_begin, s.a_end, s.b_begin, s.b_end, s.words, s.close});
        }
      }
    }
    run.advance(end - begin);
  });
  passages.list = joined(found);
  std::ranges::sort(passages.list, [](const Passage& x, const Passage& y) {
    if (x.a != y.a) return x.a < y.a;
    if (x.b != y.b) return x.b < y.b;
    if (x.a_begin != y.a_begin) return x.a_begin < y.a_begin;
    if (x.b_begin != y.b_begin) return x.b_begin < y.b_begin;
    return x.a_end < y.a_end;
  });
  return passages;
}

Matches find_passage_matches(const TextColumn& texts, const NoisyOptions& options, const Run& run) {
  check_rows(texts, options.split);
  if (!(options.threshold > 0 && options.threshold <= 1)) {
    throw InputError("threshold", "must be above 0 and at most 1");
  }
  check_words("min_words", options.min_words, 2);
  check_words("max_df", options.max_df, 2);
  if (options.max_gap > 1000) throw InputError("max_gap", "must be from 0 to 1000");

  Matches matches;
  matches.rule = {Measure::kContainment, options.threshold,
                  options.equal_however_short ? 1 : options.min_words, 0};
  matches.of_words = true;
  matches.words.resize(texts.size());
  run.begin("finding copies", texts.size());
  const std::vector<DocId> rows = all_rows(texts);
  matches.copy = find_copies(texts, rows, CopyForm::kBytes, run);
  matches.twin = first_on_side(find_copies(texts, rows, CopyForm::kWords, run), options.split);
  const std::vector<DocId> distinct = firsts_of(matches.twin);

  std::optional<SeedIndex> index(std::in_place, texts, distinct, kNoisySeeds, options.max_df,
                                 options.split, matches.words, run);
  const auto places_of = [&](DocId text) {
    return std::max(kFewestPlaces, kPlacesPerWord * matches.words[text]);
  };
  const auto threads = static_cast<std::size_t>(run.threads);
  std::vector<Partners> partners(threads, Partners(*index, texts.size(), options.split));

  // Which texts have a partner, and have one before them. Seeds are found anew below, for the few
  // texts that do, rather than kept for all.
  std::vector<std::vector<std::uint8_t>> needed(threads, std::vector<std::uint8_t>(texts.size()));
  std::vector<std::uint8_t> looks_back(texts.size());
  run.begin("looking for partners", distinct.size());
  parallel_for(run, distinct.size(), kTextsAtATime, [&](int w, std::size_t begin, std::size_t end) {
    const auto worker = static_cast<std::size_t>(w);
    for (std::size_t i = begin; i < end; ++i) {
      run.check();
      const DocId b = distinct[i];
      const auto others = partners[worker].find(b, kFewestVotes, places_of(b));
      for (std::size_t j = 0; j < others.size(); ++j) {
        if (!worth_comparing(partners[worker].seeds(j),
                             std::min(matches.words[others[j]], matches.words[b]))) {
          continue;
        }
        needed[worker][others[j]] = 1;
        needed[worker][b] = 1;
        looks_back[b] = 1;
      }
    }
    run.advance(end - begin);
  });
  for (std::size_t w = 1; w < threads; ++w) {
    for (std::size_t row = 0; row < texts.size(); ++row) needed[0][row] |= needed[w][row];
  }

  const WordStore words(texts, marked(needed[0]), run);
  const ChainRule rule{.min_words = options.min_words,
                       .max_gap = options.max_gap,
                       .max_shift = std::min(options.max_gap, kNoisyShift),
                       .least_share = kLeastShare};
  std::vector<Chainer> chainers(threads, Chainer(rule));
  std::vector<std::vector<Pair>> found(threads);
  std::vector<std::uint64_t> candidates(threads);
  const std::vector<DocId> looking = marked(looks_back);
  run.begin("comparing", looking.size());
  parallel_for(run, looking.size(), kTextsAtATime, [&](int w, std::size_t begin, std::size_t end) {
    const auto worker = static_cast<std::size_t>(w);
    for (std::size_t i = begin; i < end; ++i) {
      const DocId b = looking[i];
      const auto others = partners[worker].find(b, kFewestVotes, places_of(b));
      for (std::size_t j = 0; j < others.size(); ++j) {
        run.check();
        if (j % kFetchedAtATime == 0) fetch_words(words, others, partners[worker], j);
        const DocId a = others[j];
        if (!worth_comparing(partners[worker].seeds(j),
                             std::min(matches.words[others[j]], matches.words[b]))) {
          continue;
        }
        ++candidates[worker];
        chainers[worker].chain(words[a], words[b], partners[worker].seeds(j));
        const std::uint32_t shared = chainers[worker].matched_words();
        if (shared >= matches.rule.needed(matches.words[a], matches.words[b])) {
          found[worker].push_back({a, b, shared});
        }
      }
    }
    run.advance(end - begin);
  });
  matches.pairs = joined(found);
  std::ranges::sort(matches.pairs, Pair::by_rows);
  matches.candidates = std::reduce(candidates.begin(), candidates.end());

  for (std::size_t row = 0; row < texts.size(); ++row) {
    matches.words[row] = matches.words[matches.twin[row]];
    if (matches.words[row] == 0) matches.copy[row] = static_cast<DocId>(row);
    // Equal, but with too few words to match by the rule.
    if (matches.rule.needed_as_smaller(matches.words[row]) == Similarity::kNever) {
      matches.twin[row] = static_cast<DocId>(row);
    }
  }
  matches.set_size = matches.words;
  return matches;
}

// ---- tables -------------------------------------------------------------------------------------

namespace {

// The edge of a word that a table wants as code points of the text.
struct Edge {
  DocId text;
  std::uint32_t word;
  bool end;
  std::int64_t* out;

  static bool by_word(const Edge& x, const Edge& y) {
    if (x.text != y.text) return x.text < y.text;
    if (x.word != y.word) return x.word < y.word;
    return x.end < y.end;
  }
};

std::int64_t code_points(std::string_view bytes) {
  return std::ranges::count_if(
      bytes, [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0u) != 0x80u; });
}

void fill_offsets(const TextColumn& texts, std::vector<Edge>& edges, const Run& run) {
  std::ranges::sort(edges, Edge::by_word);
  std::vector<std::size_t> starts;  // of each text's edges
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (i == 0 || edges[i].text != edges[i - 1].text) starts.push_back(i);
  }
  starts.push_back(edges.size());
  const auto threads = static_cast<std::size_t>(run.threads);
  std::vector<TextReader> readers(threads, TextReader(texts));
  std::vector<WordScanner> scanners(threads);
  run.begin("finding offsets", starts.size() - 1);
  parallel_for(run, starts.size() - 1, kTextsAtATime,
               [&](int w, std::size_t begin, std::size_t end) {
                 const auto worker = static_cast<std::size_t>(w);
                 for (std::size_t i = begin; i < end; ++i) {
                   run.check();
                   const std::string_view text = readers[worker][edges[starts[i]].text];
                   WordScanner& scanner = scanners[worker];
                   scanner.scan(text);
                   std::size_t at = 0;
                   std::int64_t counted = 0;
                   for (std::size_t j = starts[i]; j < starts[i + 1]; ++j) {
                     const Span32 source = scanner.source(edges[j].word);
                     const std::size_t byte = edges[j].end ? source.end : source.begin;
                     // Words that one character folds to lie in it together, so that an edge may
                     // stand before the last.
                     counted = byte >= at ? counted + code_points(text.substr(at, byte - at))
                                          : counted - code_points(text.substr(byte, at - byte));
                     at = byte;
                     *edges[j].out = counted;
                   }
                 }
                 run.advance(end - begin);
               });
}

// Words of a text.
struct Range {
  std::uint32_t begin;
  std::uint32_t end;
};

// How many words lie in some range. Puts them in another order.
double covered(std::span<Range> ranges) {
  std::ranges::sort(ranges, {}, &Range::begin);
  std::uint32_t total = 0;
  std::uint32_t end = 0;
  for (const Range& range : ranges) {
    total += std::max(range.end, end) - std::max(range.begin, end);
    end = std::max(end, range.end);
  }
  return total;
}

}  // namespace

Table passages_table(const TextColumn& texts, const Passages& passages, const Run& run) {
  const std::vector<Passage>& list = passages.list;
  using Values = std::vector<std::int64_t>;
  Values a, b, words, close;
  Values a_start(list.size()), a_end(list.size()), b_start(list.size()), b_end(list.size());
  std::vector<Edge> edges;
  edges.reserve(4 * list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Passage& passage = list[i];
    a.push_back(passage.a);
    b.push_back(passage.b);
    words.push_back(passage.words);
    close.push_back(passage.close);
    edges.push_back({passage.a, passage.a_begin, false, &a_start[i]});
    edges.push_back({passage.a, passage.a_end - 1, true, &a_end[i]});
    edges.push_back({passage.b, passage.b_begin, false, &b_start[i]});
    edges.push_back({passage.b, passage.b_end - 1, true, &b_end[i]});
  }
  fill_offsets(texts, edges, run);
  Table table;
  table.add("a", std::move(a));
  table.add("b", std::move(b));
  table.add("a_start", std::move(a_start));
  table.add("a_end", std::move(a_end));
  table.add("b_start", std::move(b_start));
  table.add("b_end", std::move(b_end));
  table.add("words", std::move(words));
  table.add("close", std::move(close));
  return table;
}

Table passage_pairs_table(const Passages& passages) {
  std::vector<std::int64_t> a, b, count, words, close;
  std::vector<double> coverage_a, coverage_b;
  Bools in_order;
  std::vector<Range> ranges;
  const std::vector<Passage>& list = passages.list;
  for (std::size_t begin = 0; begin < list.size();) {
    const Passage& first = list[begin];
    std::size_t end = begin;
    std::int64_t equal = 0;
    std::int64_t near = 0;
    bool ordered = true;
    while (end < list.size() && list[end].a == first.a && list[end].b == first.b) {
      equal += list[end].words;
      near += list[end].close;
      ordered &= end == begin || list[end - 1].b_begin < list[end].b_begin;
      ++end;
    }
    a.push_back(first.a);
    b.push_back(first.b);
    count.push_back(static_cast<std::int64_t>(end - begin));
    words.push_back(equal);
    close.push_back(near);
    ranges.clear();
    for (std::size_t i = begin; i < end; ++i) ranges.push_back({list[i].a_begin, list[i].a_end});
    coverage_a.push_back(covered(ranges) / passages.words[first.a]);
    ranges.clear();
    for (std::size_t i = begin; i < end; ++i) ranges.push_back({list[i].b_begin, list[i].b_end});
    coverage_b.push_back(covered(ranges) / passages.words[first.b]);
    in_order.values.push_back(ordered);
    begin = end;
  }
  Table table;
  table.add("a", std::move(a));
  table.add("b", std::move(b));
  table.add("passages", std::move(count));
  table.add("words", std::move(words));
  table.add("close", std::move(close));
  table.add("coverage_a", std::move(coverage_a));
  table.add("coverage_b", std::move(coverage_b));
  table.add("in_order", std::move(in_order));
  return table;
}

std::vector<double> passage_coverage(const Passages& passages) {
  const std::size_t texts = passages.words.size();
  std::vector<std::size_t> next(texts + 1);
  for (const Passage& passage : passages.list) {
    ++next[passage.a + 1];
    ++next[passage.b + 1];
  }
  std::partial_sum(next.begin(), next.end(), next.begin());
  const std::vector<std::size_t> starts = next;
  std::vector<Range> ranges(starts.back());
  for (const Passage& passage : passages.list) {
    ranges[next[passage.a]++] = {passage.a_begin, passage.a_end};
    ranges[next[passage.b]++] = {passage.b_begin, passage.b_end};
  }
  std::vector<double> coverage(texts, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t text = 0; text < texts; ++text) {
    const DocId first = passages.copy[text];
    if (passages.words[text] == 0) continue;
    coverage[text] =
        first != text
            ? coverage[first]
            : covered(std::span(ranges).subspan(starts[text], starts[text + 1] - starts[text])) /
                  passages.words[text];
  }
  return coverage;
}

}  // namespace wirecopy

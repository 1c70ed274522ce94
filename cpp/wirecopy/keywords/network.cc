#include "wirecopy/keywords/network.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <set>
#include <string_view>
#include <utility>

#include "wirecopy/keywords/collocation_rows.h"
#include "wirecopy/keywords/pair_counter.h"
#include "wirecopy/keywords/stretches.h"

namespace wirecopy {
namespace {

constexpr std::size_t kPartTokens = std::size_t{1} << 16;

// For each stretch its terms, ascending and each once.
class TermSets {
 public:
  TermSets(const Stretches& stretches, const std::vector<bool>& wanted, const Run& run) {
    const std::size_t terms =
        static_cast<std::size_t>(std::count(wanted.begin(), wanted.end(), true));
    for (std::size_t s = 0; s < stretches.size(); ++s) {
      const std::size_t begin = terms_.size();
      for (const std::uint32_t id : stretches.ids(s)) {
        if (wanted[id]) terms_.push_back(id);
      }
      const auto from = terms_.begin() + static_cast<std::ptrdiff_t>(begin);
      std::sort(from, terms_.end());
      terms_.erase(std::unique(from, terms_.end()), terms_.end());
      ends_.push_back(terms_.size());
      if (s % 4096 == 0) run.check();
      // As many pairs as a part may add.
      pairs_ += (ends_.back() - begin) * std::min(ends_.back() - begin, terms) / 2;
      if (pairs_ >= kPartTokens) {
        parts_.push_back(s + 1);
        pairs_ = 0;
      }
    }
    if (parts_.empty() || parts_.back() != ends_.size()) parts_.push_back(ends_.size());
  }

  std::span<const std::uint32_t> operator[](std::size_t stretch) const {
    const std::size_t begin = stretch == 0 ? 0 : ends_[stretch - 1];
    return std::span(terms_).subspan(begin, ends_[stretch] - begin);
  }
  std::size_t parts() const { return parts_.size(); }
  std::size_t begin(std::size_t part) const { return part == 0 ? 0 : parts_[part - 1]; }
  std::size_t end(std::size_t part) const { return parts_[part]; }

 private:
  std::vector<std::uint32_t> terms_;
  std::vector<std::size_t> ends_;
  std::vector<std::size_t> parts_;  // stretches at which parts end
  std::size_t pairs_ = 0;
};

Table edges(Table&& table) {
  table.columns[0].name = "source";
  table.columns[1].name = "target";
  return std::move(table);
}

Table stretch_edges(const Tokens& tokens, const std::vector<bool>& wanted,
                    std::span<const double> weight_values, const NetworkOptions& options,
                    const Run& run) {
  CollocationRows rows(tokens.vocabulary, options.measures, options.sort, 2);
  const Stretches stretches(tokens, options.sentences);
  const TextWeights weights(weight_values);
  const TermSets sets(stretches, wanted, run);
  std::vector<ExactSum> having(tokens.vocabulary.size());
  ExactSum all;
  for (std::size_t s = 0; s < stretches.size(); ++s) {
    const double weight = weights[stretches.text(s)];
    all.add(weight);
    for (const std::uint32_t id : sets[s]) having[id].add(weight);
  }
  const auto emit = [&](std::size_t part, PairSink& sink) {
    for (std::size_t s = sets.begin(part); s < sets.end(part); ++s) {
      const std::uint32_t text = stretches.text(s);
      if (weights[text] == 0) continue;
      const std::span<const std::uint32_t> terms = sets[s];
      for (std::size_t i = 0; i < terms.size(); ++i) {
        for (std::size_t j = i + 1; j < terms.size(); ++j) {
          sink.add(pair_key(terms[i], terms[j]), text);
        }
      }
    }
  };
  constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();
  const PairCounts counts =
      count_pairs(sets.parts(), emit, weight_values, {options.min_count, kNoLimit}, run);
  rows.resize(counts.pairs.size());
  for (std::size_t i = 0; i < counts.pairs.size(); ++i) {
    std::uint32_t a = first_of(counts.pairs[i].key);
    std::uint32_t b = second_of(counts.pairs[i].key);
    if (tokens.vocabulary[b] < tokens.vocabulary[a]) std::swap(a, b);
    rows[i].words = {a, b, 0, 0, 0};
    rows[i].count = counts.pairs[i].count;
    rows[i].documents = counts.pairs[i].texts;
  }
  rows.measure(0, run, [&](const CollocationRow& row) {
    return Contingency::of_pair(row.count, having[row.words[0]].value(),
                                having[row.words[1]].value(), all.value());
  });
  rows.sort(run);
  return rows.pair_table();
}

}  // namespace

std::vector<std::uint32_t> top_words(const Tokens& tokens, std::span<const double> weights,
                                     const Stopwords& stopwords, std::size_t count) {
  const std::vector<ExactSum> sums = word_sums(tokens, TextWeights(weights));
  std::vector<double> frequency;
  frequency.reserve(sums.size());
  for (const ExactSum& sum : sums) frequency.push_back(sum.value());
  std::vector<std::uint32_t> order(frequency.size());
  std::iota(order.begin(), order.end(), 0U);
  std::erase_if(order, [&](std::uint32_t id) {
    return frequency[id] <= 0 || stopwords.at_edge_of(tokens.vocabulary[id]);
  });
  const auto last = order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()));
  std::partial_sort(order.begin(), last, order.end(), [&](std::uint32_t a, std::uint32_t b) {
    return frequency[a] != frequency[b] ? frequency[a] > frequency[b] : a < b;
  });
  order.erase(last, order.end());
  return order;
}

std::vector<std::uint32_t> find_words(const Tokens& tokens, const std::vector<std::string>& words) {
  const std::set<std::string_view> wanted(words.begin(), words.end());
  std::vector<std::uint32_t> found;
  for (std::size_t id = 0; id < tokens.vocabulary.size(); ++id) {
    if (wanted.contains(tokens.vocabulary[id])) found.push_back(static_cast<std::uint32_t>(id));
  }
  return found;
}

Table network_edges(const Tokens& tokens, std::span<const double> weights,
                    const NetworkOptions& options, const Run& run) {
  std::vector<bool> wanted(tokens.vocabulary.size());
  for (const std::uint32_t term : options.terms) wanted[term] = true;
  if (options.window == 0) return edges(stretch_edges(tokens, wanted, weights, options, run));
  CollocationOptions near;
  near.window = {options.window, options.window};
  near.sentences = options.sentences;
  near.min_count = options.min_count;
  near.max_pairs = std::numeric_limits<std::size_t>::max();
  near.measures = options.measures;
  near.sort = options.sort;
  near.distinct = true;
  near.only = std::move(wanted);
  return edges(window_collocations(tokens, weights, near, run).table);
}

}  // namespace wirecopy

#include "wirecopy/keywords/collocations.h"

#include <absl/container/flat_hash_map.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/collocation_rows.h"
#include "wirecopy/keywords/joint_measures.h"
#include "wirecopy/keywords/ngram_counter.h"
#include "wirecopy/keywords/pair_counter.h"
#include "wirecopy/keywords/stretches.h"
#include "wirecopy/keywords/window_events.h"

namespace wirecopy {
namespace {

constexpr std::size_t kPartHits = std::size_t{1} << 16;

// [id]: whether the word is left out.
std::vector<bool> stopped_words(const Tokens& tokens, const Stopwords& stopwords) {
  std::vector<bool> stopped(tokens.vocabulary.size());
  if (stopwords.empty()) return stopped;
  for (std::size_t id = 0; id < stopped.size(); ++id) {
    stopped[id] = stopwords.at_edge_of(tokens.vocabulary[id]);
  }
  return stopped;
}

// The n-grams of one length that neither start nor end with a stopword.
void add_level(const NgramCounter& counter, std::size_t n, const Stretches& stretches,
               std::span<const double> weights, const std::vector<bool>& stopped,
               CollocationRows& rows, const Run& run) {
  const std::vector<PairCount>& grams = counter.level(n).grams;
  std::vector<std::uint32_t> words;
  std::vector<std::size_t> kept;
  for (std::size_t row = 0; row < grams.size(); ++row) {
    const std::vector<std::uint32_t> gram = counter.words(n, row);
    if (stopped[gram.front()] || stopped[gram.back()]) continue;
    words.insert(words.end(), gram.begin(), gram.end());
    kept.push_back(row);
  }
  const std::size_t first = rows.size();
  rows.resize(first + kept.size());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    CollocationRow& row = rows[first + i];
    row.n = static_cast<std::uint32_t>(n);
    std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(i * n), n, row.words.begin());
    row.count = grams[kept[i]].count;
    row.documents = grams[kept[i]].texts;
  }
  if (n == 2) {
    const WindowEvents events(stretches, weights, {0, 1});
    rows.measure(first, run, [&](const CollocationRow& row) {
      return Contingency::of_pair(row.count, events.focus(row.words[0]),
                                  events.neighbour(row.words[1]), events.all());
    });
  } else {
    rows.measure(first, run, joint_tables(stretches, weights, n, words, run));
  }
}

// What stands in the windows of one node.
struct Nearby {
  ExactSum left;
  ExactSum right;
  ExactSum documents;
  std::uint32_t last_text = std::numeric_limits<std::uint32_t>::max();

  void add(double weight, std::uint32_t text, bool before) {
    (before ? left : right).add(weight);
    if (last_text != text) documents.add(weight);
    last_text = text;
  }
};

struct NodeWindows {
  absl::flat_hash_map<std::uint32_t, Nearby> nearby;
  ExactSum words;  // in all windows

  NodeWindows(const Stretches& stretches, const TextWeights& weights,
              const std::vector<std::uint32_t>& node, Window window, const Run& run) {
    std::size_t since_check = 0;
    for (std::size_t s = 0; s < stretches.size(); ++s) {
      const std::uint32_t text = stretches.text(s);
      const double weight = weights[text];
      if (weight == 0) continue;
      const std::span<const std::uint32_t> ids = stretches.ids(s);
      since_check += ids.size();
      if (since_check > kPartHits) {
        run.check();
        since_check = 0;
      }
      auto found = ids.begin();
      while ((found = std::search(found, ids.end(), node.begin(), node.end())) != ids.end()) {
        const auto begin = static_cast<std::size_t>(found - ids.begin());
        const std::size_t end = begin + node.size();
        const std::size_t from = begin - std::min(begin, window.left);
        const std::size_t to = std::min(ids.size(), end + window.right);
        for (std::size_t i = from; i < begin; ++i) nearby[ids[i]].add(weight, text, true);
        for (std::size_t i = end; i < to; ++i) nearby[ids[i]].add(weight, text, false);
        words.add(weight * static_cast<double>(begin - from + to - end));
        ++found;
      }
    }
  }
};

}  // namespace

Collocations ngram_collocations(const Tokens& tokens, std::span<const double> weights,
                                const CollocationOptions& options, const Run& run) {
  CollocationRows rows(tokens.vocabulary, options.measures, options.sort, options.max_length);
  const Stretches stretches(tokens, options.sentences);
  const std::vector<bool> stopped = stopped_words(tokens, options.stopwords);
  NgramCounter counter(stretches, weights, {options.min_count, options.max_pairs}, run);
  Collocations result;
  for (int n = 2; n <= options.max_length; ++n) {
    counter.count_next();
    if (n < options.min_length) continue;
    const auto length = static_cast<std::size_t>(n);
    result.missed = std::max(result.missed, counter.level(length).missed);
    add_level(counter, length, stretches, weights, stopped, rows, run);
  }
  rows.drop_up_to(result.missed);
  rows.sort(run);
  Table& table = result.table;
  table.add("collocation", rows.phrases());
  table.add("length", rows.lengths());
  table.add("count", rows.numbers([](const CollocationRow& row) { return row.count; }));
  rows.add_measures(table);
  return result;
}

Collocations window_collocations(const Tokens& tokens, std::span<const double> weight_values,
                                 const CollocationOptions& options, const Run& run) {
  CollocationRows rows(tokens.vocabulary, options.measures, options.sort, 2);
  const Stretches stretches(tokens, options.sentences);
  const std::vector<bool> stopped = stopped_words(tokens, options.stopwords);
  const TextWeights weights(weight_values);
  const bool ordered = options.window.left == 0;
  const std::size_t reach = options.window.right;

  // A pair is no more frequent than all words near its rarer one.
  const auto near = static_cast<double>(ordered ? reach : 2 * reach);
  std::vector<bool> counted(tokens.vocabulary.size());
  const std::vector<ExactSum> frequency = word_sums(tokens, weights);
  for (std::size_t id = 0; id < counted.size(); ++id) {
    counted[id] = !stopped[id] && (options.only.empty() || options.only[id]) &&
                  frequency[id].value() * near >= options.min_count;
  }
  const Parts parts(stretches, std::max<std::size_t>(1, kPartHits / reach));
  const auto emit = [&](std::size_t part, PairSink& sink) {
    for (const Piece& piece : parts[part]) {
      const std::uint32_t text = stretches.text(piece.stretch);
      if (weights[text] == 0) continue;
      const std::span<const std::uint32_t> ids = stretches.ids(piece.stretch);
      for (std::size_t i = piece.begin; i < piece.end; ++i) {
        if (!counted[ids[i]]) continue;
        const std::size_t end = std::min(ids.size(), i + reach + 1);
        for (std::size_t j = i + 1; j < end; ++j) {
          if (!counted[ids[j]] || (options.distinct && ids[i] == ids[j])) continue;
          const bool swap = !ordered && ids[j] < ids[i];
          sink.add(swap ? pair_key(ids[j], ids[i]) : pair_key(ids[i], ids[j]), text);
        }
      }
    }
  };
  const PairCounts counts =
      count_pairs(parts.size(), emit, weight_values, {options.min_count, options.max_pairs}, run);

  const WindowEvents events(stretches, weight_values, options.window);
  rows.resize(counts.pairs.size());
  for (std::size_t i = 0; i < counts.pairs.size(); ++i) {
    const PairCount& pair = counts.pairs[i];
    rows[i].words = {first_of(pair.key), second_of(pair.key), 0, 0, 0};
    std::uint32_t& a = rows[i].words[0];
    std::uint32_t& b = rows[i].words[1];
    if (!ordered && tokens.vocabulary[b] < tokens.vocabulary[a]) std::swap(a, b);
    rows[i].count = pair.count;
    rows[i].documents = pair.texts;
  }
  rows.measure(0, run, [&](const CollocationRow& row) {
    const std::uint32_t a = row.words[0];
    const std::uint32_t b = row.words[1];
    // Two tokens of one word are in each other's window: two events.
    const double both = !ordered && a == b ? 2 * row.count : row.count;
    return Contingency::of_pair(both, events.focus(a), events.neighbour(b), events.all());
  });
  rows.sort(run);
  Collocations result;
  result.missed = counts.missed;
  result.table = rows.pair_table();
  return result;
}

Table node_collocates(const Tokens& tokens, const std::vector<std::vector<std::string>>& nodes,
                      std::span<const double> weight_values, const CollocationOptions& options,
                      const Run& run) {
  CollocationRows rows(tokens.vocabulary, options.measures, options.sort, 2);
  const Stretches stretches(tokens, options.sentences);
  const std::vector<bool> stopped = stopped_words(tokens, options.stopwords);
  const TextWeights weights(weight_values);
  absl::flat_hash_map<std::string_view, std::uint32_t, BytesHash> ids;
  for (std::size_t id = 0; id < tokens.vocabulary.size(); ++id) {
    ids.emplace(tokens.vocabulary[id], static_cast<std::uint32_t>(id));
  }
  const WindowEvents events(stretches, weight_values, options.window);

  run.begin("reading windows", nodes.size());
  std::vector<std::vector<CollocationRow>> found(nodes.size());
  std::vector<double> sizes(nodes.size());
  parallel_for(run, nodes.size(), 1, [&](int, std::size_t n, std::size_t) {
    std::vector<std::uint32_t> node;
    for (const std::string& word : nodes[n]) {
      const auto id = ids.find(word);
      if (id == ids.end()) return;
      node.push_back(id->second);
    }
    const NodeWindows windows(stretches, weights, node, options.window, run);
    sizes[n] = windows.words.value();
    for (const auto& [id, nearby] : windows.nearby) {
      ExactSum both = nearby.left;
      both.add(nearby.right);
      if (stopped[id] || both.value() < options.min_count) continue;
      CollocationRow row;
      row.words[1] = id;  // the first is the node's, which the group says
      row.group = static_cast<std::uint32_t>(n);
      row.count = both.value();
      row.left = nearby.left.value();
      row.documents = nearby.documents.value();
      found[n].push_back(row);
    }
    run.advance(1);
  });
  for (const std::vector<CollocationRow>& part : found) {
    const std::size_t first = rows.size();
    rows.resize(first + part.size());
    for (std::size_t i = 0; i < part.size(); ++i) rows[first + i] = part[i];
  }
  rows.measure(0, run, [&](const CollocationRow& row) {
    return Contingency::of_pair(row.count, sizes[row.group], events.neighbour(row.words[1]),
                                events.all());
  });
  rows.sort(run);

  Strings names;
  for (std::size_t i = 0; i < rows.given(); ++i) {
    std::string name;
    for (const std::string& word : nodes[rows.in_order(i).group]) {
      name += (name.empty() ? "" : " ") + word;
    }
    names.push_back(name);
  }
  Table table;
  table.add("node", std::move(names));
  table.add("collocate", rows.words_at(1));
  table.add("count", rows.numbers([](const CollocationRow& row) { return row.count; }));
  table.add("left", rows.numbers([](const CollocationRow& row) { return row.left; }));
  table.add("right", rows.numbers([](const CollocationRow& row) { return row.count - row.left; }));
  rows.add_measures(table);
  return table;
}

}  // namespace wirecopy

#include "wirecopy/keywords/stretches.h"

#include <algorithm>

namespace wirecopy {

Stretches::Stretches(const Tokens& tokens, bool sentences) : tokens_(&tokens) {
  const auto add = [&](std::uint64_t end, std::size_t text) {
    if (end == bounds_.back()) return;
    bounds_.push_back(end);
    texts_.push_back(static_cast<std::uint32_t>(text));
  };
  std::size_t next = 0;  // of tokens.sentences
  for (std::size_t text = 0; text < tokens.texts(); ++text) {
    const std::uint64_t end = tokens.starts[text + 1];
    if (sentences) {
      for (; next < tokens.sentences.size() && tokens.sentences[next] < end; ++next) {
        if (tokens.sentences[next] > tokens.starts[text]) add(tokens.sentences[next], text);
      }
    }
    add(end, text);
  }
}

Parts::Parts(const Stretches& stretches, std::size_t tokens) {
  std::size_t taken = 0;  // of this part
  for (std::size_t i = 0; i < stretches.size(); ++i) {
    const std::size_t size = stretches.ids(i).size();
    for (std::size_t begin = 0; begin < size;) {
      const std::size_t end = std::min(size, begin + (tokens - taken));
      pieces_.push_back({i, begin, end});
      taken += end - begin;
      begin = end;
      if (taken == tokens) {
        ends_.push_back(pieces_.size());
        taken = 0;
      }
    }
  }
  if (taken > 0) ends_.push_back(pieces_.size());
}

std::vector<ExactSum> word_sums(const Tokens& tokens, const TextWeights& weights) {
  std::vector<ExactSum> sums(tokens.vocabulary.size());
  if (weights.all_one()) {
    for (std::size_t id = 0; id < sums.size(); ++id) sums[id].add(tokens.frequency[id]);
    return sums;
  }
  for (std::size_t text = 0; text < tokens.texts(); ++text) {
    const double weight = weights[text];
    if (weight == 0) continue;
    for (const std::uint32_t id : tokens.text(text)) sums[id].add(weight);
  }
  return sums;
}

}  // namespace wirecopy

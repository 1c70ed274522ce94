// The stretches of a corpus that words are looked at within: texts, or sentences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/keywords/exact_sum.h"
#include "wirecopy/keywords/tokens.h"

namespace wirecopy {

class Stretches {
 public:
  // The texts, or with `sentences` the sentences, of `tokens`, which must outlive it.
  Stretches(const Tokens& tokens, bool sentences);

  std::size_t size() const { return texts_.size(); }
  std::span<const std::uint32_t> ids(std::size_t i) const {
    return std::span(tokens_->ids)
        .subspan(static_cast<std::size_t>(bounds_[i]),
                 static_cast<std::size_t>(bounds_[i + 1] - bounds_[i]));
  }
  // Where the stretch begins among all tokens.
  std::uint64_t begin(std::size_t i) const { return bounds_[i]; }
  std::uint32_t text(std::size_t i) const { return texts_[i]; }
  const Tokens& tokens() const { return *tokens_; }

 private:
  const Tokens* tokens_;
  std::vector<std::uint64_t> bounds_{0};
  std::vector<std::uint32_t> texts_;  // of each stretch; ones without a word are left out
};

// A piece of a stretch: `begin` and `end` are places in it.
struct Piece {
  std::size_t stretch;
  std::size_t begin;
  std::size_t end;
};

// Cuts stretches into parts of about `tokens` tokens: [part] its pieces. Depends on nothing but the
// stretches, so that what is added up part after part is the same for any number of threads.
class Parts {
 public:
  Parts(const Stretches& stretches, std::size_t tokens);

  std::size_t size() const { return ends_.size(); }
  std::span<const Piece> operator[](std::size_t part) const {
    const std::size_t begin = part == 0 ? 0 : ends_[part - 1];
    return std::span(pieces_).subspan(begin, ends_[part] - begin);
  }

 private:
  std::vector<Piece> pieces_;
  std::vector<std::size_t> ends_;
};

// How often each word occurs, each text times its weight. [id]
std::vector<ExactSum> word_sums(const Tokens& tokens, const TextWeights& weights);

}  // namespace wirecopy

// Shared passages of two texts, from seeds.
//
// As read mappers chain minimizers (Li, "Minimap2", Bioinformatics 2018): seeds are lengthened to
// maximal runs of equal words, runs that follow one another in both texts with a small gap between
// are chained, and the gaps are aligned word by word in a band around the diagonal, where a word
// may be equal or close (close_words.h).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wirecopy/match/close_words.h"
#include "wirecopy/match/text_words.h"

namespace wirecopy {

struct ChainRule {
  std::uint32_t min_words = 10;  // that match, equal or close, in a passage
  std::uint32_t max_gap = 10;    // words of either text between two runs
  std::uint32_t max_shift = 10;  // by which the gaps of the two texts may differ
  // Words in a longer gap count only where half of them match: in long gaps some do by chance.
  std::uint32_t trusted_gap = 10;
  // Of a passage's words, on the side that has fewer, more than this share match, or are the same
  // misread; where fewer do, it is cut until they do. Sentences of one form with other names in
  // them match here and there.
  double least_share = 0;
};

// Words of two texts from where a seed says that they are equal.
struct Seed {
  std::uint32_t a;
  std::uint32_t b;
};

// Words a_begin .. a_end of one text are b_begin .. b_end of the other, up to gaps.
struct Stretch {
  std::uint32_t a_begin;
  std::uint32_t a_end;
  std::uint32_t b_begin;
  std::uint32_t b_end;
  std::uint32_t words;  // equal
  std::uint32_t close;  // close
};

// Keeps its buffers from one pair to the next. One per thread.
class Chainer {
 public:
  explicit Chainer(ChainRule rule) : rule_(rule) {}

  // Ascending by (a_begin, b_begin). Each starts and ends with an equal word, none lies within
  // another on both sides, and every run of equal words that holds a seed and has min_words lies in
  // one. Valid until the next call.
  std::span<const Stretch> chain(const TextWords& a, const TextWords& b,
                                 std::span<const Seed> seeds);

  // Of the pair chained last: words that match, equal or close, in some passage; each is counted
  // once, and of the two texts the lesser number.
  std::uint32_t matched_words();

 private:
  struct Run {
    std::uint32_t a;
    std::uint32_t b;
    std::uint32_t length;
    std::int64_t score;  // of the best chain that ends here
    std::int32_t previous;
    bool used;
  };
  struct Match {  // of so many words
    std::uint32_t a;
    std::uint32_t b;
    std::uint32_t length;
    bool equal;
  };
  struct Part {  // of the matches at hand, with the sums of take_dense_parts()
    std::size_t begin;
    std::size_t end;
    double sum_before;
    double sum_after = 0;
    std::size_t lower = 0;  // how many parts there are up to the last with a lesser sum_before
  };
  // The shapes of a text's words seen last: around an edit each word is compared with many.
  class Shapes {
   public:
    void forget() { words_.fill(kNoWord); }
    const WordShape& of(const TextWords& text, std::uint32_t word) {
      const std::size_t at = word % kKept;
      if (words_[at] != word) {
        words_[at] = word;
        shapes_[at] = WordShape(text[word]);
      }
      return shapes_[at];
    }

   private:
    static constexpr std::size_t kKept = 64;
    static constexpr std::uint32_t kNoWord = 0xFFFFFFFF;
    std::array<std::uint32_t, kKept> words_{};
    std::array<WordShape, kKept> shapes_{};
  };

  // Beyond the last run: words skipped on either side before three matches in a row have to follow.
  static constexpr std::int64_t kMostSkipped = 4;
  static constexpr std::size_t kSkips = kMostSkipped + 1;

  void find_runs(std::span<const Seed> seeds);
  void link_runs();
  void take_chain(std::size_t last);
  void take_part(std::size_t begin, std::size_t end);
  void take_dense_parts();
  double gap_gain(std::size_t i);
  void align_gap(std::uint32_t a_begin, std::uint32_t a_end, std::uint32_t b_begin,
                 std::uint32_t b_end);
  std::array<std::uint8_t, kSkips> resumptions(std::int64_t a, std::int64_t b,
                                               std::int64_t step) const;
  void go_on(std::int64_t a, std::int64_t b, std::int64_t step);
  void drop_contained();
  // 2: equal, 1: close, 0: neither.
  int compare(std::int64_t a, std::int64_t b);

  ChainRule rule_;
  const TextWords* a_ = nullptr;
  const TextWords* b_ = nullptr;
  std::vector<std::uint64_t> keys_;  // of seeds
  std::vector<Run> runs_;
  std::vector<std::uint32_t> order_;
  std::vector<std::uint32_t> chain_;
  std::vector<Match> matches_;  // of the chain at hand
  std::vector<Match> pending_;
  std::vector<std::int32_t> scores_;
  std::vector<std::uint8_t> moves_;
  std::vector<Match> gap_;
  std::vector<Stretch> found_;
  std::vector<Match> matched_;  // of all that was found
  std::vector<Part> parts_;
  std::string joined_a_;
  std::string joined_b_;
  Shapes shapes_a_;
  Shapes shapes_b_;
};

}  // namespace wirecopy

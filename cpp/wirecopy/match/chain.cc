#include "wirecopy/match/chain.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace wirecopy {
namespace {

// Runs before a run that are looked at for its predecessor.
constexpr std::size_t kLookBack = 64;
constexpr std::int64_t kMostWords = std::int64_t{1} << 31;  // of a text
// Room of the band beside the difference of the two lengths.
constexpr std::int64_t kBand = 8;

constexpr std::int32_t kEqual = 3;
constexpr std::int32_t kClose = 2;
constexpr std::int32_t kSkip = -1;
constexpr std::int32_t kUnreached = std::numeric_limits<std::int32_t>::min() / 2;

std::int64_t diagonal(std::uint32_t a, std::uint32_t b) {
  return std::int64_t{b} - std::int64_t{a};
}

}  // namespace

std::span<const Stretch> Chainer::chain(const TextWords& a, const TextWords& b,
                                        std::span<const Seed> seeds) {
  a_ = &a;
  b_ = &b;
  found_.clear();
  matched_.clear();
  shapes_a_.forget();
  shapes_b_.forget();
  find_runs(seeds);
  link_runs();
  order_.resize(runs_.size());
  std::iota(order_.begin(), order_.end(), 0u);
  std::ranges::sort(order_, [&](std::uint32_t x, std::uint32_t y) {
    return runs_[x].score != runs_[y].score ? runs_[x].score > runs_[y].score : x < y;
  });
  for (const std::uint32_t last : order_) {
    if (!runs_[last].used) take_chain(last);
  }
  drop_contained();
  return found_;
}

std::uint32_t Chainer::matched_words() {
  const auto count = [&](std::uint32_t Match::* side) {
    std::ranges::sort(matched_, {}, side);
    std::uint32_t words = 0;
    std::uint32_t end = 0;
    for (const Match& match : matched_) {
      const std::uint32_t match_end = match.*side + match.length;
      words += std::max(match_end, end) - std::max(match.*side, end);
      end = std::max(end, match_end);
    }
    return words;
  };
  return std::min(count(&Match::a), count(&Match::b));
}

int Chainer::compare(std::int64_t a, std::int64_t b) {
  const auto i = static_cast<std::uint32_t>(a);
  const auto j = static_cast<std::uint32_t>(b);
  if (same_word(*a_, i, *b_, j)) return 2;
  if (!may_be_close(shapes_a_.of(*a_, i), shapes_b_.of(*b_, j))) return 0;
  return close_words((*a_)[i], (*b_)[j]) ? 1 : 0;
}

void Chainer::find_runs(std::span<const Seed> seeds) {
  // By diagonal, then by word: as one number, which is sorted faster.
  keys_.clear();
  for (const Seed& seed : seeds) {
    const auto shifted = static_cast<std::uint64_t>(diagonal(seed.a, seed.b) + kMostWords);
    keys_.push_back(shifted << 32 | seed.a);
  }
  std::ranges::sort(keys_);
  runs_.clear();
  for (const std::uint64_t key : keys_) {
    const auto seed_a = static_cast<std::uint32_t>(key);
    const auto seed_b =
        static_cast<std::uint32_t>(seed_a + static_cast<std::int64_t>(key >> 32) - kMostWords);
    if (!runs_.empty()) {
      const Run& last = runs_.back();
      if (last.b - last.a == seed_b - seed_a && seed_a < last.a + last.length) continue;
    }
    const std::uint32_t after = equal_words_from(*a_, seed_a, *b_, seed_b);
    if (after == 0) continue;  // two windows with one hash need not be equal
    const std::uint32_t before = equal_words_before(*a_, seed_a, *b_, seed_b);
    runs_.push_back({seed_a - before, seed_b - before, before + after, 0, -1, false});
  }
  std::ranges::sort(runs_,
                    [](const Run& x, const Run& y) { return x.a != y.a ? x.a < y.a : x.b < y.b; });
}

void Chainer::link_runs() {
  for (std::size_t i = 0; i < runs_.size(); ++i) {
    Run& run = runs_[i];
    run.score = std::int64_t{16} * run.length;
    for (std::size_t j = i; j > 0 && i - j < kLookBack;) {
      const Run& before = runs_[--j];
      const std::int64_t gap_a = std::int64_t{run.a} - before.a - before.length;
      const std::int64_t gap_b = std::int64_t{run.b} - before.b - before.length;
      // Where one text repeats the words around an edit, the runs overlap.
      const auto overlap = std::max<std::int64_t>({0, -gap_a, -gap_b});
      if (std::cmp_greater_equal(overlap, run.length) || run.b <= before.b) continue;
      const std::int64_t shift = std::abs(gap_a - gap_b);
      if (std::max(gap_a, gap_b) + overlap > std::int64_t{rule_.max_gap} ||
          shift > std::int64_t{rule_.max_shift}) {
        continue;
      }
      const std::int64_t score =
          before.score + 16 * (run.length - overlap) - std::min<std::int64_t>(shift, 15);
      if (score > run.score) {
        run.score = score;
        run.previous = static_cast<std::int32_t>(j);
      }
    }
  }
}

void Chainer::take_chain(std::size_t last) {
  chain_.clear();
  for (auto at = static_cast<std::int32_t>(last); at >= 0;) {
    Run& run = runs_[static_cast<std::size_t>(at)];
    if (run.used) break;
    run.used = true;
    chain_.push_back(static_cast<std::uint32_t>(at));
    at = run.previous;
  }
  std::ranges::reverse(chain_);

  matches_.clear();
  const Run& first = runs_[chain_.front()];
  if (rule_.max_gap > 0) go_on(std::int64_t{first.a} - 1, std::int64_t{first.b} - 1, -1);
  std::ranges::reverse(matches_);
  std::uint32_t a_end = first.a;
  std::uint32_t b_end = first.b;
  for (const std::uint32_t at : chain_) {
    const Run& run = runs_[at];
    const std::uint32_t overlap =
        std::max(a_end > run.a ? a_end - run.a : 0, b_end > run.b ? b_end - run.b : 0);
    if (at != chain_.front()) align_gap(a_end, run.a + overlap, b_end, run.b + overlap);
    if (overlap < run.length) {
      matches_.push_back({run.a + overlap, run.b + overlap, run.length - overlap, true});
    }
    a_end = run.a + run.length;
    b_end = run.b + run.length;
  }
  if (rule_.max_gap > 0) go_on(a_end, b_end, 1);

  if (rule_.least_share > 0) {
    take_dense_parts();
  } else {
    take_part(0, matches_.size());
  }
}

// The matches at hand from `begin` to `end` - 1 are a passage, if they are enough.
void Chainer::take_part(std::size_t begin, std::size_t end) {
  const std::span<const Match> part = std::span(matches_).subspan(begin, end - begin);
  std::uint32_t equal = 0;
  std::uint32_t close = 0;
  for (const Match& match : part) (match.equal ? equal : close) += match.length;
  if (equal + close < rule_.min_words) return;
  const Match& first = part.front();
  const Match& last = part.back();
  found_.push_back({first.a, last.a + last.length, first.b, last.b + last.length, equal, close});
  matched_.insert(matched_.end(), part.begin(), part.end());
}

// Of the matches at hand, the stretches in which more than the least share of the words match. Each
// word that does adds 1 - share to a sum, each that does not takes share from it: the stretch with
// the greatest sum is a passage, and so is the best of what is left on either side. All of them in
// linear time (Ruzzo and Tompa 1999, "A linear time algorithm for finding all maximal scoring
// subsequences").
void Chainer::take_dense_parts() {
  parts_.clear();
  double sum = 0;
  for (std::size_t i = 0; i < matches_.size(); ++i) {
    if (i > 0) sum += gap_gain(i);
    Part part{.begin = i, .end = i + 1, .sum_before = sum};
    sum += matches_[i].length * (1 - rule_.least_share);
    part.sum_after = sum;
    // The last part before with a lesser sum in front of it, if that ends lower than this one, is
    // the start of a better part.
    while (true) {
      part.lower = parts_.size();
      while (part.lower > 0 && parts_[part.lower - 1].sum_before >= part.sum_before) {
        part.lower = parts_[part.lower - 1].lower;
      }
      if (part.lower == 0 || parts_[part.lower - 1].sum_after >= part.sum_after) break;
      part.begin = parts_[part.lower - 1].begin;
      part.sum_before = parts_[part.lower - 1].sum_before;
      parts_.resize(part.lower - 1);
    }
    parts_.push_back(part);
  }
  for (const Part& part : parts_) take_part(part.begin, part.end);
}

// What the gap before match i does to the sum: its words, on the side that has fewer, match if the
// two sides are the same but for a scanner's errors.
double Chainer::gap_gain(std::size_t i) {
  const Match& before = matches_[i - 1];
  const Match& after = matches_[i];
  const std::uint32_t a_begin = before.a + before.length;
  const std::uint32_t b_begin = before.b + before.length;
  if (a_begin >= after.a || b_begin >= after.b) return 0;
  joined_a_.clear();
  joined_b_.clear();
  for (std::uint32_t word = a_begin; word < after.a; ++word) joined_a_ += (*a_)[word];
  for (std::uint32_t word = b_begin; word < after.b; ++word) joined_b_ += (*b_)[word];
  const std::uint32_t words = std::min(after.a - a_begin, after.b - b_begin);
  return misread(joined_a_, joined_b_) ? words * (1 - rule_.least_share)
                                       : -(words * rule_.least_share);
}

// Appends the matches of two stretches of words between runs: best alignment by the scores above,
// in a band around the diagonals that join their corners.
void Chainer::align_gap(std::uint32_t a_begin, std::uint32_t a_end, std::uint32_t b_begin,
                        std::uint32_t b_end) {
  const std::int64_t n = a_end - a_begin;
  const std::int64_t m = b_end - b_begin;
  if (n == 0 || m == 0) return;
  enum Move : std::uint8_t { kNone, kSkipA, kSkipB, kReplace, kMatchClose, kMatchEqual };
  const auto cell = [&](std::int64_t i, std::int64_t j) {
    return static_cast<std::size_t>(i * (m + 1) + j);
  };
  scores_.assign(cell(n, m) + 1, kUnreached);
  moves_.assign(cell(n, m) + 1, kNone);
  scores_[0] = 0;
  const std::int64_t below = kBand + std::max<std::int64_t>(0, n - m);
  const std::int64_t above = kBand + std::max<std::int64_t>(0, m - n);
  for (std::int64_t i = 0; i <= n; ++i) {
    for (std::int64_t j = std::max<std::int64_t>(0, i - below); j <= std::min(m, i + above); ++j) {
      const std::size_t here = cell(i, j);
      const auto offer = [&](std::int32_t score, Move move) {
        if (score > scores_[here]) {
          scores_[here] = score;
          moves_[here] = move;
        }
      };
      if (i > 0 && j > 0) {
        const std::int32_t before = scores_[cell(i - 1, j - 1)];
        switch (compare(a_begin + i - 1, b_begin + j - 1)) {
          case 2: offer(before + kEqual, kMatchEqual); break;
          case 1: offer(before + kClose, kMatchClose); break;
          default: offer(before, kReplace); break;
        }
      }
      if (i > 0) offer(scores_[cell(i - 1, j)] + kSkip, kSkipA);
      if (j > 0) offer(scores_[cell(i, j - 1)] + kSkip, kSkipB);
    }
  }
  gap_.clear();
  for (std::int64_t i = n, j = m; i > 0 || j > 0;) {
    const std::uint8_t move = moves_[cell(i, j)];
    i -= move != kSkipB;
    j -= move != kSkipA;
    if (move >= kMatchClose) {
      gap_.push_back({static_cast<std::uint32_t>(a_begin + i),
                      static_cast<std::uint32_t>(b_begin + j), 1, move == kMatchEqual});
    }
  }
  const std::int64_t longer = std::max(n, m);
  if (std::cmp_greater(longer, rule_.trusted_gap) &&
      2 * static_cast<std::int64_t>(gap_.size()) < longer) {
    return;
  }
  matches_.insert(matches_.end(), gap_.rbegin(), gap_.rend());
}

// Where three words in a row may match, one of them equal, by hash: bit t of element s for words
// a + s * step and b + t * step on, s and t up to kMostSkipped. Most ends of runs are seen by this.
std::array<std::uint8_t, Chainer::kSkips> Chainer::resumptions(std::int64_t a, std::int64_t b,
                                                               std::int64_t step) const {
  constexpr std::size_t kSide = kSkips + 3;  // one more, for vectors of eight
  std::array<std::uint32_t, kSide> other{};
  std::array<std::uint8_t, kSide> inside{};
  for (std::size_t t = 0; t < kSide; ++t) {
    const std::int64_t j = b + step * static_cast<std::int64_t>(t);
    if (j < 0 || std::cmp_greater_equal(j, b_->size())) break;
    other[t] = b_->hash(static_cast<std::uint32_t>(j));
    inside[t] = static_cast<std::uint8_t>(1u << t);
  }
  std::array<std::uint8_t, kSide> equal{};
  for (std::size_t s = 0; s + 1 < kSide; ++s) {
    const std::int64_t i = a + step * static_cast<std::int64_t>(s);
    if (i < 0 || std::cmp_greater_equal(i, a_->size())) break;
    const std::uint32_t hash = a_->hash(static_cast<std::uint32_t>(i));
    for (std::size_t t = 0; t < kSide; ++t) {
      equal[s] |= other[t] == hash ? inside[t] : std::uint8_t{0};
    }
  }
  std::array<std::uint8_t, kSkips> found{};
  for (std::size_t s = 0; s < kSkips; ++s) {
    found[s] = static_cast<std::uint8_t>(equal[s] | (equal[s + 1] >> 1) | (equal[s + 2] >> 2));
  }
  return found;
}

// Appends the matches from words (a, b) on, forwards or backwards, as long as little is skipped. A
// match that is only close counts once an equal one follows.
void Chainer::go_on(std::int64_t a, std::int64_t b, std::int64_t step) {
  const std::int64_t most = std::min<std::int64_t>(kMostSkipped, rule_.max_gap);
  const auto inside = [&](std::int64_t i, std::int64_t j) {
    return i >= 0 && j >= 0 && std::cmp_less(i, a_->size()) && std::cmp_less(j, b_->size());
  };
  // Three matches in a row, one of them of equal words.
  const auto resumes = [&](std::int64_t i, std::int64_t j) {
    if (!inside(i, j) || !inside(i + 2 * step, j + 2 * step)) return false;
    int best = 0;
    for (std::int64_t k = 0; k < 3; ++k) {
      const int found = compare(i + k * step, j + k * step);
      if (found == 0) return false;
      best = std::max(best, found);
    }
    return best == 2;
  };
  // Whether so many words of the two sides can be skipped; if so, skips them.
  const auto skips = [&](std::int64_t in_a, std::int64_t in_b) {
    if (!resumes(a + step * in_a, b + step * in_b)) return false;
    a += step * in_a;
    b += step * in_b;
    return true;
  };
  pending_.clear();
  while (inside(a, b)) {
    const int found = compare(a, b);
    if (found != 0) {
      pending_.push_back(
          {static_cast<std::uint32_t>(a), static_cast<std::uint32_t>(b), 1, found == 2});
      if (found == 2) {
        matches_.insert(matches_.end(), pending_.begin(), pending_.end());
        pending_.clear();
      }
      a += step;
      b += step;
      if (pending_.size() > rule_.max_gap) return;
      continue;
    }
    const auto may_resume = resumptions(a, b, step);
    const auto may = [&](std::int64_t in_a, std::int64_t in_b) {
      return (may_resume[static_cast<std::size_t>(in_a)] >> in_b & 1) != 0;
    };
    bool resumed = false;
    for (std::int64_t skipped = 1; skipped <= most && !resumed; ++skipped) {
      // One side skips so many words; the other as many, then fewer.
      for (std::int64_t other = skipped; other >= 0 && !resumed; --other) {
        resumed = (may(skipped, other) && skips(skipped, other)) ||
                  (may(other, skipped) && skips(other, skipped));
      }
    }
    if (!resumed) return;
  }
}

void Chainer::drop_contained() {
  std::ranges::sort(found_, [](const Stretch& x, const Stretch& y) {
    if (x.a_begin != y.a_begin) return x.a_begin < y.a_begin;
    if (x.b_begin != y.b_begin) return x.b_begin < y.b_begin;
    if (x.a_end != y.a_end) return x.a_end > y.a_end;
    return x.b_end > y.b_end;
  });
  std::size_t kept = 0;
  for (const Stretch& stretch : found_) {
    bool contained = false;
    for (std::size_t i = kept; i > 0 && kept - i < kLookBack && !contained;) {
      const Stretch& other = found_[--i];
      contained = other.a_begin <= stretch.a_begin && stretch.a_end <= other.a_end &&
                  other.b_begin <= stretch.b_begin && stretch.b_end <= other.b_end;
    }
    if (!contained) found_[kept++] = stretch;
  }
  found_.resize(kept);
}

}  // namespace wirecopy

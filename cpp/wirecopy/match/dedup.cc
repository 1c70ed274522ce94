#include "wirecopy/match/dedup.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <span>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/match/candidates.h"
#include "wirecopy/match/chunks.h"
#include "wirecopy/match/copies.h"
#include "wirecopy/match/equal.h"
#include "wirecopy/match/join.h"
#include "wirecopy/match/repeats.h"
#include "wirecopy/match/set_reader.h"
#include "wirecopy/match/stars.h"
#include "wirecopy/sketch/minhash.h"
#include "wirecopy/sketch/shingles.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 64;

void check(const TextColumn& texts, const DedupOptions& options) {
  const Similarity& rule = options.rule;
  // Written so that NaN fails too.
  if (rule.measure == Measure::kOverlap) {
    if (!(rule.threshold >= 1 && rule.threshold <= 1e9 &&
          rule.threshold == std::floor(rule.threshold))) {
      throw InputError("threshold", "must be a whole number of shingles, at least 1");
    }
  } else if (!(rule.threshold > 0 && rule.threshold <= 1)) {
    throw InputError("threshold", "must be above 0 and at most 1");
  }
  if (!(rule.min_ratio >= 0 && rule.min_ratio <= 1)) {
    throw InputError("min_ratio", "must be from 0 to 1");
  }
  if (!(options.recall > 0 && options.recall < 1)) {
    throw InputError("recall", "must be above 0 and below 1");
  }
  if (options.method == Method::kMinHash && rule.measure != Measure::kJaccard) {
    throw InputError("method", "MinHash estimates Jaccard similarity and no other measure");
  }
  if (texts.size() >= kMaxSlots) throw InputError("texts", "more than 2 billion rows");
  Shingler(options.shingle_size);
}

// What a search works on, and what it finds.
class Search {
 public:
  Search(const TextColumn& texts, const DedupOptions& options, const Run& run)
      : texts_(texts), options_(options), run_(run) {}

  Matches find() {
    matches_.rule = options_.rule;
    matches_.method = options_.method;
    matches_.words.resize(texts_.size());
    matches_.set_size.resize(texts_.size());
    if (options_.method == Method::kMinHash) {
      matches_.banding =
          choose_banding(options_.rule.threshold, options_.recall, options_.permutations);
      matches_.candidate_recall = matches_.banding.candidate_probability(options_.rule.threshold);
    }
    collapse_copies();
    if (options_.method == Method::kExact) {
      find_exact();
    } else {
      find_by_bands();
    }
    spread_to_copies();
    return std::move(matches_);
  }

 private:
  bool two_sides() const { return options_.split > 0; }
  bool second_side(DocId text) const { return two_sides() && text >= options_.split; }

  // Equal texts are read once. Across two collections, once on each side.
  void collapse_copies() {
    std::vector<DocId> rows(texts_.size());
    std::iota(rows.begin(), rows.end(), DocId{0});
    run_.begin("finding copies", texts_.size());
    matches_.copy = find_copies(texts_, rows, CopyForm::kBytes, run_);
    first_ = first_on_side(matches_.copy, options_.split);
    has_copy_.resize(texts_.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
      if (first_[row] == row) {
        distinct_.push_back(static_cast<DocId>(row));
      } else {
        has_copy_[first_[row]] = true;
      }
    }
    matches_.twin = first_;
  }

  void spread_to_copies() {
    for (std::size_t row = 0; row < first_.size(); ++row) {
      const DocId first = first_[row];
      matches_.words[row] = matches_.words[first];
      matches_.set_size[row] = matches_.set_size[first];
      matches_.twin[row] = matches_.twin[first];
    }
    for (std::size_t row = 0; row < first_.size(); ++row) {
      if (matches_.words[row] == 0) matches_.copy[row] = static_cast<DocId>(row);
      // Equal, but with too few shingles to match by the rule; or with none.
      if (matches_.rule.needed_as_smaller(matches_.set_size[row]) == Similarity::kNever) {
        matches_.twin[row] = static_cast<DocId>(row);
      }
    }
  }

  // ---- exact ------------------------------------------------------------------------------------

  // In the order of the text, repeats included: shingles, and what Repeats wants of them.
  using Shingles = std::span<const std::uint64_t>;
  using Halves = std::span<const std::uint32_t>;

  void find_exact() {
    const std::uint64_t limit =
        options_.max_memory > 0 ? options_.max_memory : std::numeric_limits<std::uint64_t>::max();
    std::uint64_t expected = distinct_.size();
    for (const DocId text : distinct_) {
      expected += texts_.stored(text).length / kCharactersPerShingle;
    }
    // The lower the threshold, the fewer shingles that only look repeated keep a text in the race.
    std::uint64_t slots = expected * (options_.rule.threshold >= 0.7 ? 2 : 4);
    while (slots > 4096 && Repeats::memory_needed(slots, run_.threads) > limit / 3) slots /= 2;
    const bool keep_halves =
        Repeats::memory_needed(slots, run_.threads) + expected * sizeof(std::uint32_t) <= limit;

    // How frequent a shingle is counts on both sides together.
    const bool sides = two_sides() && options_.max_df == 0;
    Repeats repeats(slots, run_.threads, sides ? Repeats::Across::kSides : Repeats::Across::kTexts);
    const std::vector<DocId> wanted = survivors(repeats, keep_halves);
    compare_survivors(repeats, wanted, limit);
  }

  // Reads every text once; the texts with enough repeated shingles to match another one.
  std::vector<DocId> survivors(Repeats& repeats, bool keep_halves) {
    const auto threads = static_cast<std::size_t>(run_.threads);
    std::vector<Chunks<std::uint32_t>> memory;
    memory.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) memory.emplace_back(pool_);
    std::vector<Halves> halves(keep_halves ? distinct_.size() : 0);
    read_distinct("reading", [&](std::size_t i, std::size_t worker, Shingles shingles) {
      repeats.add(static_cast<int>(worker), shingles, second_side(distinct_[i]));
      if (!keep_halves) return;
      const std::size_t count = halves_to_keep(shingles.size());
      std::ranges::transform(shingles.first(count), memory[worker].make(count).begin(),
                             Repeats::half);
      halves[i] = memory[worker].take(count);
    });
    repeats.finish(run_);

    std::vector<std::uint8_t> survives(distinct_.size());
    if (keep_halves) {
      parallel_for(run_, distinct_.size(), 256, [&](int, std::size_t begin, std::size_t end) {
        // Where a text will turn out to be like no other cannot be foreseen, so the processor does
        // not read ahead into the next text by itself.
        const auto fetch = [&](std::size_t i) {
          if (i < end) std::ranges::for_each(halves[i], [&](auto h) { repeats.fetch(h); });
        };
        fetch(begin);
        for (std::size_t i = begin; i < end; ++i) {
          fetch(i + 1);
          survives[i] = std::uint8_t{may_match(repeats, halves[i], shingles_of(distinct_[i]))};
        }
      });
    } else {
      read_distinct("reading again", [&](std::size_t i, std::size_t worker, Shingles shingles) {
        const auto made = memory[worker].make(shingles.size());
        std::ranges::transform(shingles, made.begin(), Repeats::half);
        survives[i] = std::uint8_t{may_match(repeats, made, made.size())};
      });
    }
    std::vector<DocId> wanted;
    for (std::size_t i = 0; i < distinct_.size(); ++i) {
      if (survives[i] != 0 || has_copy_[distinct_[i]]) wanted.push_back(distinct_[i]);
    }
    return wanted;
  }

  // Calls use(place in distinct_, worker, shingles) for each text.
  template <typename Use>
  void read_distinct(const char* stage, Use use) {
    const auto threads = static_cast<std::size_t>(run_.threads);
    std::vector<Shingler> shinglers(threads, Shingler(options_.shingle_size));
    std::vector<TextReader> readers(threads, TextReader(texts_));
    run_.begin(stage, distinct_.size());
    parallel_for(
        run_, distinct_.size(), kTextsAtATime, [&](int w, std::size_t begin, std::size_t end) {
          const auto worker = static_cast<std::size_t>(w);
          for (std::size_t i = begin; i < end; ++i) {
            run_.check();
            const auto shingles = shinglers[worker].sequence(readers[worker][distinct_[i]]);
            matches_.words[distinct_[i]] = static_cast<std::uint32_t>(shinglers[worker].units());
            use(i, worker, shingles);
          }
          run_.advance(end - begin);
        });
  }

  std::size_t shingles_of(DocId text) const {
    const std::size_t words = matches_.words[text];
    const auto size = static_cast<std::size_t>(options_.shingle_size);
    return words < size ? std::min<std::size_t>(words, 1) : words - size + 1;
  }

  // How many shingles of a text may match nothing. A set of n members has to share some number of
  // them, which rises by at most one a member, so a member counted twice allows too many and never
  // too few.
  std::size_t may_stand_alone(std::size_t shingles) const {
    const auto count = static_cast<std::uint32_t>(shingles);
    const std::uint32_t needed = options_.rule.needed_as_larger(count);
    return needed > count ? 0 : count - needed;
  }

  // A text like no other is known by a few more than may stand alone; the others are read again
  // anyway.
  std::size_t halves_to_keep(std::size_t shingles) const {
    return std::min(shingles, may_stand_alone(shingles) * 3 / 2 + 16);
  }

  bool may_match(const Repeats& repeats, Halves some, std::size_t shingles) const {
    if (shingles == 0) return false;
    // Every text counts for how frequent its shingles are.
    if (options_.max_df > 0) return true;
    const std::size_t bearable = may_stand_alone(shingles);
    std::size_t alone = 0;
    for (std::size_t i = 0; i < some.size();) {
      for (const std::size_t stop = std::min(some.size(), i + 32); i < stop; ++i) {
        alone += !repeats.repeated(some[i]);
      }
      if (alone > bearable) return false;
    }
    return true;
  }

  void compare_survivors(const Repeats& repeats, std::span<const DocId> wanted,
                         std::uint64_t limit) {
    std::uint64_t members = 0;
    for (const DocId text : wanted) members += matches_.words[text];
    const std::uint64_t room = limit / 2;  // two pieces at a time
    const bool in_pieces = options_.max_df == 0 && members * kBytesPerMember > room;

    if (options_.max_df > 0) require_room(repeats, wanted, members, limit);
    ReadSets sets =
        read_sets(texts_, wanted, options_.shingle_size, &repeats, !in_pieces, pool_, run_);
    find_twins(sets);
    if (options_.max_df > 0) drop_frequent(sets, options_.max_df, run_);
    for (std::size_t i = 0; i < sets.text.size(); ++i) {
      matches_.set_size[sets.text[i]] = sets.size[i];
    }

    std::vector<std::size_t> firsts;
    for (std::size_t i = 0; i < sets.text.size(); ++i) {
      if (matches_.twin[sets.text[i]] == sets.text[i] &&
          options_.rule.needed_as_larger(sets.size[i]) <= sets.shared[i]) {
        firsts.push_back(i);
      }
    }
    if (!in_pieces) {
      std::vector<Chosen> chosen;
      chosen.reserve(firsts.size());
      for (const std::size_t i : firsts) chosen.push_back({&sets, i, second_side(sets.text[i])});
      const Sets slots = in_slots(std::move(chosen), two_sides());
      join(std::move(sets), slots, prefix_buckets(slots, options_.rule, run_));
      return;
    }
    std::vector<DocId> texts;
    texts.reserve(firsts.size());
    for (const std::size_t i : firsts) texts.push_back(sets.text[i]);
    sets = {};
    // With very many pieces reading them again and again would never end.
    join_pieces(repeats, texts, std::max(room / 2, members * kBytesPerMember / kMostPieces));
  }

  // For max_df the sets are held together. Whether they fit is known for sure only once they are
  // read.
  void require_room(const Repeats& repeats, std::span<const DocId> wanted, std::uint64_t members,
                    std::uint64_t limit) {
    if (members <= limit / kBytesPerMember) return;
    const ReadSets sizes =
        read_sets(texts_, wanted, options_.shingle_size, &repeats, false, pool_, run_);
    std::uint64_t held = 0;
    for (const std::uint32_t shared : sizes.shared) held += shared;
    if (held <= limit / kBytesPerMember) return;
    throw InputError("max_memory", "leaves no room for max_df, which needs " +
                                       std::to_string(held * kBytesPerMember) +
                                       " bytes to hold the repeated shingles of all texts");
  }

  // Every piece with itself and with every later one; across collections a piece is of one side.
  void join_pieces(const Repeats& repeats, std::span<const DocId> texts, std::uint64_t room) {
    std::vector<std::span<const DocId>> pieces;
    std::size_t begin = 0;
    std::uint64_t used = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::uint64_t bytes = std::uint64_t{matches_.set_size[texts[i]]} * kBytesPerMember;
      if (i > begin &&
          (used + bytes > room || second_side(texts[i]) != second_side(texts[begin]))) {
        pieces.push_back(texts.subspan(begin, i - begin));
        begin = i;
        used = 0;
      }
      used += bytes;
    }
    if (begin < texts.size()) pieces.push_back(texts.subspan(begin));
    matches_.pieces = pieces.size();

    const auto read = [&](std::span<const DocId> piece) {
      return read_sets(texts_, piece, options_.shingle_size, &repeats, true, pool_, run_);
    };
    const auto append = [](std::vector<Chosen>& chosen, const ReadSets& sets, bool second) {
      for (std::size_t i = 0; i < sets.text.size(); ++i) chosen.push_back({&sets, i, second});
    };
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const ReadSets one = read(pieces[i]);
      if (!two_sides()) {
        std::vector<Chosen> chosen;
        append(chosen, one, false);
        add_piece(exact_join(in_slots(std::move(chosen), false), options_.rule, run_));
      }
      for (std::size_t j = i + 1; j < pieces.size(); ++j) {
        if (two_sides() && second_side(pieces[i][0]) == second_side(pieces[j][0])) continue;
        const ReadSets other = read(pieces[j]);
        std::vector<Chosen> chosen;
        append(chosen, one, false);
        append(chosen, other, true);
        add_piece(exact_join(in_slots(std::move(chosen), true), options_.rule, run_));
      }
    }
    std::ranges::sort(matches_.pairs, Pair::by_rows);
  }

  // Texts on one side with equal sets.
  void find_twins(const ReadSets& sets) {
    std::vector<std::size_t> may_have;
    for (std::size_t i = 0; i < sets.text.size(); ++i) {
      if (sets.print[i] != Fingerprint{}) may_have.push_back(i);
    }
    std::ranges::sort(may_have, [&](std::size_t x, std::size_t y) {
      return sets.print[x] != sets.print[y] ? sets.print[x] < sets.print[y]
                                            : sets.text[x] < sets.text[y];
    });
    // Ascending texts, so the first of each side is met before its twins.
    DocId first[2] = {};
    bool met[2] = {};
    for (std::size_t k = 0; k < may_have.size(); ++k) {
      const std::size_t i = may_have[k];
      if (k == 0 || sets.print[i] != sets.print[may_have[k - 1]]) met[0] = met[1] = false;
      const auto side = static_cast<std::size_t>(second_side(sets.text[i]));
      if (!met[side]) first[side] = sets.text[i];
      met[side] = true;
      matches_.twin[sets.text[i]] = first[side];
    }
  }

  // The pairs of `slots`, whose members stand in `memory`; or, where they are too many, what it
  // takes to find them.
  void join(ReadSets memory, const Sets& slots, Buckets buckets) {
    Compared found = compare(slots, buckets, options_.rule, options_.max_pairs, run_);
    if (!found.too_many) {
      matches_.candidates = found.candidates;
      matches_.pairs = std::move(found.pairs);
      return;
    }
    if (two_sides()) refuse_pairs();
    matches_.capped = true;
    matches_.crowd = std::make_shared<Crowd>();
    matches_.crowd->memory = std::move(memory);
    matches_.crowd->sets = slots;
    matches_.crowd->buckets = std::move(buckets);
  }

  [[noreturn]] void refuse_pairs() const {
    throw InputError(texts_.name(), "more than " + std::to_string(options_.max_pairs) +
                                        " pairs match across the two collections, too many to "
                                        "list: ask for a higher threshold, or match one text of "
                                        "each group (dedup)");
  }

  void add_piece(const Compared& found) {
    matches_.candidates += found.candidates;
    matches_.pairs.insert(matches_.pairs.end(), found.pairs.begin(), found.pairs.end());
    if (options_.max_pairs > 0 && matches_.pairs.size() > options_.max_pairs) {
      if (two_sides()) refuse_pairs();
      throw InputError("max_memory", "leaves no room to group more than " +
                                         std::to_string(options_.max_pairs) +
                                         " matching pairs: their texts have to be held together");
    }
  }

  // ---- MinHash ----------------------------------------------------------------------------------

  // A 32-bit key for every band and distinct text, band after band.
  std::vector<std::uint32_t> sign_texts() {
    const auto bands = static_cast<std::size_t>(matches_.banding.bands);
    const auto rows = static_cast<std::size_t>(matches_.banding.rows);
    const MinHasher hasher(matches_.banding.bands * matches_.banding.rows, options_.seed);
    const std::size_t count = distinct_.size();
    std::vector<std::uint32_t> keys(bands * count);
    std::vector<std::vector<std::uint32_t>> signatures(static_cast<std::size_t>(run_.threads),
                                                       std::vector<std::uint32_t>(hasher.size()));
    read_distinct("reading", [&](std::size_t i, std::size_t worker, Shingles shingles) {
      std::vector<std::uint32_t>& signature = signatures[worker];
      hasher.sign(shingles, signature);
      for (std::size_t band = 0; band < bands; ++band) {
        const std::uint64_t key =
            hash_bytes({reinterpret_cast<const char*>(signature.data() + band * rows),
                        rows * sizeof(std::uint32_t)});
        keys[band * count + i] = Repeats::half(key);
      }
    });
    return keys;
  }

  void find_by_bands() {
    const auto bands = static_cast<std::size_t>(matches_.banding.bands);
    std::vector<std::uint32_t> keys = sign_texts();
    const std::size_t count = distinct_.size();
    // Numbered by place in distinct_ until the sizes of the sets are known.
    run_.begin("banding", bands);
    Buckets buckets = shared_buckets(
        bands,
        [&](int, std::size_t band, std::vector<KeyedSeat>& entries) {
          entries.clear();
          for (std::size_t i = 0; i < count; ++i) {
            if (matches_.words[distinct_[i]] == 0) continue;
            entries.push_back(keyed(keys[band * count + i], seat(i, true)));
          }
        },
        run_);
    keys = {};

    std::vector<bool> is_candidate(count);
    for (const Seat s : buckets.members) is_candidate[slot_of(s)] = true;
    std::vector<DocId> wanted;
    for (std::size_t i = 0; i < count; ++i) {
      if (is_candidate[i] || has_copy_[distinct_[i]]) wanted.push_back(distinct_[i]);
    }
    ReadSets sets = read_sets(texts_, wanted, options_.shingle_size, nullptr, true, pool_, run_);
    find_twins(sets);
    std::vector<Chosen> chosen;
    for (std::size_t i = 0; i < sets.text.size(); ++i) {
      const DocId text = sets.text[i];
      matches_.set_size[text] = sets.size[i];
      if (matches_.twin[text] == text) chosen.push_back({&sets, i, second_side(text)});
    }
    const Sets slots = in_slots(std::move(chosen), two_sides());
    to_slots(buckets, slots);
    if (options_.may_fall_back && too_many(buckets, count)) {
      matches_.method = Method::kExact;
      matches_.fell_back = true;
      matches_.candidate_recall = 1;
      buckets = prefix_buckets(slots, options_.rule, run_);
    }
    join(std::move(sets), slots, std::move(buckets));
  }

  // Seats by place in distinct_ become seats by slot; those of texts that are not compared go.
  void to_slots(Buckets& buckets, const Sets& slots) const {
    constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    std::vector<std::uint32_t> slot_at(distinct_.size(), kNone);
    for (std::size_t slot = 0; slot < slots.count(); ++slot) {
      const auto at = std::ranges::lower_bound(distinct_, slots.text[slot]);
      slot_at[static_cast<std::size_t>(at - distinct_.begin())] = static_cast<std::uint32_t>(slot);
    }
    std::size_t written = 0;
    std::size_t lists = 0;
    std::size_t i = 0;
    for (std::size_t bucket = 0; bucket < buckets.size(); ++bucket) {
      const std::size_t begin = written;
      for (const std::size_t end = buckets.starts[bucket + 1]; i < end; ++i) {
        const std::uint32_t slot = slot_at[slot_of(buckets.members[i])];
        if (slot != kNone) buckets.members[written++] = seat(slot, true);
      }
      if (written - begin < 2) {
        written = begin;
        continue;
      }
      std::sort(buckets.members.begin() + static_cast<std::ptrdiff_t>(begin),
                buckets.members.begin() + static_cast<std::ptrdiff_t>(written));
      buckets.starts[++lists] = written;
    }
    buckets.members.resize(written);
    buckets.starts.resize(lists + 1);
  }

  // Texts made from one frame agree in many bands at any threshold: more candidates than the exact
  // join would look at.
  static bool too_many(const Buckets& buckets, std::size_t texts) {
    std::uint64_t candidates = 0;
    for (std::size_t bucket = 0; bucket < buckets.size(); ++bucket) {
      const std::uint64_t size = buckets[bucket].size();
      candidates += size * (size - 1) / 2;
    }
    return candidates > 64 * std::uint64_t{texts} + 1'000'000;
  }

  static constexpr std::uint64_t kMostPieces = 64;
  // News: about five letters a word, and a space.
  static constexpr std::uint64_t kCharactersPerShingle = 5;
  // Eight in the set, and those of the prefix once more with their buckets.
  static constexpr std::uint64_t kBytesPerMember = 24;

  const TextColumn& texts_;
  const DedupOptions& options_;
  const Run& run_;
  Matches matches_;
  std::vector<DocId> first_;     // first text with the same bytes, on the same side
  std::vector<DocId> distinct_;  // the texts that are their own first, ascending
  std::vector<bool> has_copy_;
  const std::shared_ptr<BufferPool> pool_ = std::make_shared<BufferPool>();
};

}  // namespace

Matches find_matches(const TextColumn& texts, const DedupOptions& options, const Run& requested) {
  check(texts, options);
  Run run = requested;
  run.threads = std::max(run.threads, 1);
  return Search(texts, options, run).find();
}

}  // namespace wirecopy

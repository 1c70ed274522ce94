#include "wirecopy/keywords/ngrams.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <span>
#include <string_view>
#include <utility>

#include "wirecopy/base/buffer.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/prefetch.h"
#include "wirecopy/keywords/radix_sort.h"

namespace wirecopy {
namespace {

constexpr std::uint32_t kFree = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint64_t kMostOccurrences = std::numeric_limits<std::uint32_t>::max();
// Workers that share a level each own the n-grams whose hash falls in their part, and all read all
// keys for it: beyond this many the reading costs more than is won.
constexpr std::size_t kMostParts = 8;

std::uint64_t prefix_of(std::uint64_t key) { return key >> 32; }
std::uint32_t word_of(std::uint64_t key) { return static_cast<std::uint32_t>(key); }

// Fibonacci hashing, folded: the low bits of a product know nothing of the key's high ones.
std::uint64_t hash_key(std::uint64_t key) {
  __extension__ using Product = unsigned __int128;
  const Product product = static_cast<Product>(key ^ 0x9E3779B97F4A7C15ull) * 0xD6E8FEB86659FD93ull;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// The n-grams of one part, each with its tally in its slot.
class NgramTable {
 public:
  struct Slot {
    std::uint64_t key;
    std::uint32_t number_plus_one;  // 0: free
    std::uint32_t frequency;
    std::uint32_t documents;
    std::uint32_t text;  // the last that has it

    bool is_free() const { return number_plus_one == 0; }
    std::uint32_t number() const { return number_plus_one - 1; }
  };

  // Room for some of what `occurrences` may be: a table that is rarely grown is rarely copied.
  explicit NgramTable(std::size_t occurrences)
      : slots_(std::bit_ceil(std::max<std::size_t>(occurrences / 3, 4096))) {}

  std::size_t size() const { return size_; }
  void prefetch(std::uint64_t hash) const { wirecopy::prefetch(&slots_.data()[hash & mask()]); }

  // Counts an occurrence in text number `text`; returns the n-gram's number.
  std::uint32_t add(std::uint64_t key, std::uint64_t hash, std::uint32_t text) {
    Slot* const slots = slots_.data();
    std::size_t at = hash & mask();
    while (slots[at].key != key && !slots[at].is_free()) at = (at + 1) & mask();
    Slot& slot = slots[at];
    if (slot.is_free()) return insert(key, text);
    ++slot.frequency;
    slot.documents += slot.text == text ? 0 : 1;
    slot.text = text;
    return slot.number();
  }

  template <typename Use>
  void for_each(Use use) const {
    for (const Slot& slot : slots_.all()) {
      if (!slot.is_free()) use(slot);
    }
  }

 private:
  // Zeros, as the system gives them: to write free slots would cost as much as half of the
  // counting.
  class Slots {
   public:
    explicit Slots(std::size_t count)
        : count_(count), memory_(Buffer::zeros(count * sizeof(Slot))) {}

    std::size_t size() const { return count_; }
    Slot* data() const { return reinterpret_cast<Slot*>(memory_.data()); }
    std::span<const Slot> all() const { return {data(), count_}; }

   private:
    std::size_t count_;
    Buffer memory_;
  };

  std::size_t mask() const { return slots_.size() - 1; }

  std::uint32_t insert(std::uint64_t key, std::uint32_t text) {
    if (10 * (size_ + 1) > 7 * slots_.size()) grow();
    slots_.data()[free_place(key)] = {key, static_cast<std::uint32_t>(size_ + 1), 1, 1, text};
    return static_cast<std::uint32_t>(size_++);
  }

  std::size_t free_place(std::uint64_t key) const {
    const Slot* const slots = slots_.data();
    std::size_t at = hash_key(key) & mask();
    while (!slots[at].is_free()) at = (at + 1) & mask();
    return at;
  }

  void grow() {
    const Slots old = std::exchange(slots_, Slots(2 * slots_.size()));
    for (const Slot& slot : old.all()) {
      if (!slot.is_free()) slots_.data()[free_place(slot.key)] = slot;
    }
  }

  Slots slots_;  // a power of two, at most 7 of 10 taken
  std::size_t size_ = 0;
};

// Where each occurrence of a level ends in its text, and how many words it left out. Only for
// skip-grams: others end where they must.
struct Ends {
  std::vector<std::uint32_t> last;
  std::vector<std::uint8_t> skipped;
};

// Makes the occurrences of level n from those of level n - 1.
class Extender {
 public:
  Extender(const NgramLevel& words, const NgramLevel& before, const Ends& ends, int n, int skip)
      : words_(&words),
        before_(&before),
        ends_(&ends),
        n_(static_cast<std::size_t>(n)),
        skip_(static_cast<std::size_t>(skip)) {}

  std::vector<std::uint64_t> starts() const {
    std::vector<std::uint64_t> starts(words_->starts.size());
    for (std::size_t text = 0; text + 1 < starts.size(); ++text) {
      starts[text + 1] = starts[text] + occurrences(text);
    }
    if (starts.back() > kMostOccurrences) {
      throw InputError("texts", "more than four billion " + std::to_string(n_) +
                                    "-grams; count in parts and merge them");
    }
    return starts;
  }

  // Appends the keys of a text's occurrences, and where skip-grams end.
  void extend(std::size_t text, std::vector<std::uint64_t>& keys, Ends* ends) const {
    const std::uint32_t* const words = words_->occurrences.data() + words_->starts[text];
    if (skip_ == 0) {
      const std::uint32_t* const prefixes = before_->occurrences.data() + before_->starts[text];
      const auto count = static_cast<std::size_t>(occurrences(text));
      const std::size_t first = keys.size();
      keys.resize(first + count);
      for (std::size_t i = 0; i < count; ++i) {
        keys[first + i] = std::uint64_t{prefixes[i]} << 32 | words[i + n_ - 1];
      }
      return;
    }
    for_each_skipping(text, [&](std::size_t i, std::size_t last, std::size_t skipped) {
      keys.push_back(std::uint64_t{before_->occurrences[i]} << 32 | words[last]);
      if (ends == nullptr) return;
      ends->last.push_back(static_cast<std::uint32_t>(last));
      ends->skipped.push_back(static_cast<std::uint8_t>(skipped));
    });
  }

 private:
  std::size_t size(std::size_t text) const {
    return static_cast<std::size_t>(words_->starts[text + 1] - words_->starts[text]);
  }

  std::uint64_t occurrences(std::size_t text) const {
    const std::size_t words = size(text);
    if (skip_ == 0) return words >= n_ ? words - n_ + 1 : 0;
    std::uint64_t count = 0;
    for_each_skipping(text, [&](std::size_t, std::size_t, std::size_t) { ++count; });
    return count;
  }

  // Calls use(occurrence before, last word, words left out so far) for each.
  template <typename Use>
  void for_each_skipping(std::size_t text, Use use) const {
    const std::size_t words = size(text);
    const auto begin = static_cast<std::size_t>(before_->starts[text]);
    const auto end = static_cast<std::size_t>(before_->starts[text + 1]);
    for (std::size_t i = begin; i < end; ++i) {
      const std::size_t last = n_ == 2 ? i - begin : ends_->last[i];
      const std::size_t skipped = n_ == 2 ? 0 : ends_->skipped[i];
      for (std::size_t more = 0; skipped + more <= skip_ && last + 1 + more < words; ++more) {
        use(i, last + 1 + more, skipped + more);
      }
    }
  }

  const NgramLevel* words_;
  const NgramLevel* before_;
  const Ends* ends_;
  std::size_t n_;
  std::size_t skip_;
};

// Counts the n-grams of one part of `parts`, and writes the numbers of its occurrences.
class PartCounter {
 public:
  PartCounter(std::size_t part, std::size_t parts, std::size_t occurrences)
      : part_(part), parts_(parts), table_(occurrences / parts) {}

  void count(const Extender& extender, NgramLevel& level, const Run& run) {
    const std::size_t texts = level.starts.size() - 1;
    for (std::size_t text = 0; text < texts;) {
      keys_.clear();
      texts_.clear();
      const auto first = static_cast<std::size_t>(level.starts[text]);
      while (text < texts && keys_.size() < kBatch) {
        extender.extend(text, keys_, nullptr);
        texts_.resize(keys_.size(), static_cast<std::uint32_t>(text));
        ++text;
      }
      number_batch(level.occurrences.data() + first);
      run.check();
      if (part_ == 0) run.advance(keys_.size());
    }
    if (table_.size() * parts_ > kFree / 2) {
      throw InputError("texts", "two billion different n-grams; count in parts and merge them");
    }
  }

  const NgramTable& table() const { return table_; }

 private:
  static constexpr std::size_t kBatch = 4096;
  static constexpr std::size_t kAhead = 24;

  void number_batch(std::uint32_t* numbers) {
    mine_.resize(keys_.size());
    hashes_.resize(keys_.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < keys_.size(); ++i) {
      const std::uint64_t hash = hash_key(keys_[i]);
      hashes_[count] = hash;
      mine_[count] = static_cast<std::uint32_t>(i);
      count += ((hash >> 32) * parts_ >> 32) == part_ ? 1 : 0;
    }
    for (std::size_t i = 0; i < std::min(kAhead, count); ++i) table_.prefetch(hashes_[i]);
    for (std::size_t i = 0; i < count; ++i) {
      if (i + kAhead < count) table_.prefetch(hashes_[i + kAhead]);
      const std::size_t j = mine_[i];
      const std::uint32_t number = table_.add(keys_[j], hashes_[i], texts_[j]);
      numbers[j] = static_cast<std::uint32_t>(number * parts_ + part_);
    }
  }

  std::size_t part_;
  std::size_t parts_;
  NgramTable table_;
  std::vector<std::uint64_t> keys_;
  std::vector<std::uint32_t> texts_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> mine_;
};

NgramLevel words_level(Tokens& tokens) {
  NgramLevel level;
  level.ngrams.reserve(tokens.vocabulary.size());
  for (std::size_t id = 0; id < tokens.vocabulary.size(); ++id) {
    level.ngrams.push_back({id, tokens.frequency[id], tokens.documents[id]});
  }
  level.starts = tokens.starts;
  level.occurrences = std::move(tokens.ids);
  tokens.ids = {};
  return level;
}

NgramLevel next_level(const Extender& extender, const Run& run) {
  NgramLevel level;
  level.starts = extender.starts();
  const auto occurrences = static_cast<std::size_t>(level.starts.back());
  reserve_huge(level.occurrences, occurrences);
  level.occurrences.resize(occurrences);
  const std::size_t parts =
      std::clamp<std::size_t>(static_cast<std::size_t>(std::max(run.threads, 1)), 1, kMostParts);
  std::vector<PartCounter> counters;
  counters.reserve(parts);
  for (std::size_t part = 0; part < parts; ++part) {
    counters.emplace_back(part, parts, level.occurrences.size());
  }
  run.begin("counting", level.occurrences.size());
  parallel_for(run, parts, 1, [&](int, std::size_t part, std::size_t) {
    counters[part].count(extender, level, run);
  });
  std::size_t most = 0;
  for (const PartCounter& counter : counters) most = std::max(most, counter.table().size());
  reserve_huge(level.ngrams, most * parts);
  level.ngrams.resize(most * parts);
  parallel_for(run, parts, 1, [&](int, std::size_t part, std::size_t) {
    counters[part].table().for_each([&](const NgramTable::Slot& slot) {
      level.ngrams[slot.number() * parts + part] = {slot.key, slot.frequency, slot.documents};
    });
    counters[part] = PartCounter(part, parts, 0);
  });
  return level;
}

}  // namespace

Ngrams::Ngrams(Tokens& tokens, int min_n, int max_n, int skip, const Run& run)
    : tokens_(&tokens), places_(static_cast<std::size_t>(max_n)) {
  levels_.reserve(static_cast<std::size_t>(max_n));
  levels_.push_back(words_level(tokens));
  Ends ends;
  for (int n = 2; n <= max_n; ++n) {
    NgramLevel& before = levels_.back();
    const Extender extender(levels_[0], before, ends, n, skip);
    NgramLevel level = next_level(extender, run);
    if (skip > 0 && n < max_n) {
      Ends next;
      std::vector<std::uint64_t> keys;
      for (std::size_t text = 0; text < tokens.texts(); ++text) {
        keys.clear();
        extender.extend(text, keys, &next);
      }
      ends = std::move(next);
    }
    if (n > 2 && n - 1 < min_n) before.occurrences = {};
    levels_.push_back(std::move(level));
  }
  if (min_n > 1) levels_[0].occurrences = {};
}

std::vector<std::uint32_t> Ngrams::in_order(int n, const Run& run) {
  std::vector<std::uint32_t> order;
  if (n == 1) {
    order = words_in_order(tokens_->vocabulary);
  } else {
    const auto before = static_cast<std::size_t>(n - 2);
    if (places_[0].empty()) in_order(1, run);
    if (places_[before].empty()) in_order(n - 1, run);
    const NgramLevel& level = this->level(n);
    // Few bits make few rounds of the sort.
    const auto word_bits = static_cast<unsigned>(std::bit_width(places_[0].size()));
    const auto prefix_bits = static_cast<unsigned>(std::bit_width(places_[before].size()));
    const auto number_bits = static_cast<unsigned>(std::bit_width(level.ngrams.size()));
    order = sorted_by_key(level.ngrams.size(), word_bits + prefix_bits, number_bits, [&](auto use) {
      for (std::uint32_t number = 0; number < level.ngrams.size(); ++number) {
        if (level.ngrams[number].frequency == 0) continue;
        const std::uint64_t key = level.ngrams[number].key;
        use(std::uint64_t{places_[before][prefix_of(key)]} << word_bits | places_[0][word_of(key)],
            number);
      }
      run.check();
    });
  }
  run.check();
  if (static_cast<std::size_t>(n) == levels_.size()) return order;  // nobody asks for its places
  std::vector<std::uint32_t>& places = places_[static_cast<std::size_t>(n - 1)];
  reserve_huge(places, level(n).ngrams.size());
  places.resize(level(n).ngrams.size());
  for (std::uint32_t place = 0; place < order.size(); ++place) places[order[place]] = place;
  return order;
}

void Ngrams::append(int n, std::uint32_t number, std::string& out) const {
  if (n > 1) {
    const std::uint64_t key = level(n).ngrams[number].key;
    append(n - 1, static_cast<std::uint32_t>(prefix_of(key)), out);
    out.push_back(' ');
    number = word_of(key);
  }
  out.append(tokens_->vocabulary[number]);
}

}  // namespace wirecopy

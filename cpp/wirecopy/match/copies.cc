#include "wirecopy/match/copies.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <numeric>
#include <string_view>

#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 64;
// Prints are split by their top bits, so that the table of a shard fits the cache.
constexpr int kShardBits = 6;
constexpr std::size_t kShards = std::size_t{1} << kShardBits;

// What is compared of a text. One per thread and side of a comparison.
class Content {
 public:
  Content(const TextColumn& texts, CopyForm form) : texts_(&texts), reader_(texts), form_(form) {}

  // Valid until the next call; empty where the text is a copy of nothing.
  std::string_view operator[](DocId text) {
    if (form_ == CopyForm::kWords) return words(reader_[text]);
    return texts_->canonical() ? texts_->stored(text).as_bytes() : reader_[text];
  }

 private:
  std::string_view words(std::string_view text) {
    // Words are short: a copy of fixed size and no call. The scanner lets us read that far.
    constexpr std::size_t kShort = 16;
    scanner_.scan(text);
    std::size_t room = kShort;
    for (std::size_t i = 0; i < scanner_.size(); ++i) room += scanner_[i].size() + 1;
    if (joined_.size() < room) joined_.resize(room + room / 2);
    char* to = joined_.data();
    for (std::size_t i = 0; i < scanner_.size(); ++i) {
      const std::string_view word = scanner_[i];
      std::memcpy(to, word.data(), kShort);
      if (word.size() > kShort) std::memcpy(to, word.data(), word.size());
      to += word.size();
      *to++ = ' ';  // in no word
    }
    return {joined_.data(), static_cast<std::size_t>(to - joined_.data())};
  }

  const TextColumn* texts_;
  TextReader reader_;
  CopyForm form_;
  WordScanner scanner_;
  std::vector<char> joined_;
};

// Of canonical rows: the same characters in another width are another text.
bool stored_alike(const TextColumn& texts, DocId a, DocId b) {
  return texts.stored(a).storage == texts.stored(b).storage;
}

}  // namespace

std::vector<std::uint32_t> first_equal(
    std::span<const Fingerprint> prints, const Run& run,
    const std::function<bool(int, std::size_t, std::size_t)>& same) {
  const std::size_t count = prints.size();
  const auto shard_of = [&](std::size_t i) {
    return static_cast<std::size_t>(prints[i].high >> (64 - kShardBits));
  };
  // A counting sort, that keeps the order within a shard.
  std::array<std::size_t, kShards + 1> ends{};
  for (std::size_t i = 0; i < count; ++i) ++ends[shard_of(i) + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::array<std::size_t, kShards + 1> next = ends;
  std::vector<std::uint32_t> members(count);
  for (std::size_t i = 0; i < count; ++i) {
    members[next[shard_of(i)]++] = static_cast<std::uint32_t>(i);
  }

  std::vector<std::uint32_t> first(count);
  parallel_for(run, kShards, 1, [&](int worker, std::size_t shard, std::size_t) {
    const auto begin = members.begin() + static_cast<std::ptrdiff_t>(ends[shard]);
    const auto end = members.begin() + static_cast<std::ptrdiff_t>(ends[shard + 1]);
    // Open addressing, at most half full.
    constexpr std::uint32_t kFree = 0;
    const std::size_t slots = std::bit_ceil(2 * static_cast<std::size_t>(end - begin) + 1);
    std::vector<std::uint32_t> table(slots, kFree);  // index plus one of a first
    std::size_t seen = 0;
    for (auto member = begin; member != end; ++member) {
      if (++seen % 1024 == 0) run.check();
      const std::uint32_t i = *member;
      std::size_t slot = static_cast<std::size_t>(prints[i].low) & (slots - 1);
      while (true) {
        if (table[slot] == kFree) {
          table[slot] = i + 1;
          first[i] = i;
          break;
        }
        const std::uint32_t j = table[slot] - 1;
        if (prints[j] == prints[i] && same(worker, j, i)) {
          first[i] = j;
          break;
        }
        slot = (slot + 1) & (slots - 1);
      }
    }
  });
  return first;
}

std::vector<DocId> find_copies(const TextColumn& texts, std::span<const DocId> wanted,
                               CopyForm form, const Run& run) {
  const auto workers = static_cast<std::size_t>(std::max(run.threads, 1));
  std::vector<Content> contents(workers, Content(texts, form));
  std::vector<Content> others = contents;

  std::vector<Fingerprint> prints(wanted.size());
  std::vector<std::uint8_t> empty(wanted.size());
  run.begin("hashing", wanted.size());
  parallel_for(run, wanted.size(), kTextsAtATime,
               [&](int worker, std::size_t begin, std::size_t end) {
                 Content& content = contents[static_cast<std::size_t>(worker)];
                 for (std::size_t i = begin; i < end; ++i) {
                   run.check();
                   const std::string_view bytes = content[wanted[i]];
                   prints[i] = fingerprint(bytes.data(), bytes.size());
                   empty[i] = bytes.empty();
                 }
                 run.advance(end - begin);
               });

  std::vector<DocId> rows;  // that have something to compare, and below their prints
  rows.reserve(wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (empty[i] != 0) continue;
    prints[rows.size()] = prints[i];
    rows.push_back(wanted[i]);
  }
  const bool as_stored = form == CopyForm::kBytes && texts.canonical();
  const std::vector<std::uint32_t> first = first_equal(
      std::span(prints).first(rows.size()), run, [&](int worker, std::size_t j, std::size_t i) {
        const auto w = static_cast<std::size_t>(worker);
        return !(as_stored && !stored_alike(texts, rows[j], rows[i])) &&
               contents[w][rows[j]] == others[w][rows[i]];
      });

  std::vector<DocId> copies(wanted.begin(), wanted.end());
  for (std::size_t i = 0, row = 0; i < wanted.size(); ++i) {
    if (empty[i] == 0) copies[i] = rows[first[row++]];
  }
  return copies;
}

}  // namespace wirecopy

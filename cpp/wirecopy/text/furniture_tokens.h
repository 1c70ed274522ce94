// The tokens that furniture rules are written in: words, numbers and punctuation, folded.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace wirecopy {

// A word, a number, or a run of one punctuation mark.
struct FurnitureToken {
  enum Flag : std::uint8_t {
    kWord = 1,
    kNumber = 2,   // ASCII digits only
    kCapital = 4,  // begins with a capital, or is of a script without them
    kUpper = 8,    // two letters or more, all of them capitals
    kLower = 16,   // begins with a small letter
    kCased = 32,   // kCapital because of a capital
  };
  std::uint32_t begin;  // bytes
  std::uint32_t end;
  std::int32_t id;  // of the folded token in the vocabulary; -1: no rule has it
  std::uint8_t flags;
};

// The folded tokens that rules name. Of those that are not among them, one look at a small table
// says so.
class FurnitureVocabulary {
 public:
  // A token of at most 16 bytes, filled up with zeros.
  struct Short {
    std::uint64_t low;
    std::uint64_t high;
  };
  static constexpr std::size_t kShort = 16;

  std::int32_t intern(std::string_view token);
  std::int32_t find(std::string_view token) const;
  std::int32_t find(Short token) const {
    const std::uint64_t hash = hash_of(token);
    return seen(hash) == 0 ? -1 : find_slot(token, hash);
  }
  // The ids of tokens by their keys; an empty key leaves a token's as it is. All at once, for
  // whether a word is known cannot be foreseen and its place is seldom in the nearest cache: the
  // first is asked without a branch, and the places are read side by side. `known` is memory to use
  // again.
  void find_all(std::span<const Short> keys, std::span<FurnitureToken> tokens,
                std::vector<std::uint32_t>& known) const;
  std::size_t size() const { return ids_.size(); }
  // How often a token is met, roughly: for choosing which one to look for.
  std::uint32_t cost(std::int32_t id) const { return costs_[static_cast<std::size_t>(id)]; }

 private:
  static constexpr int kSeenBits = 16;
  struct Slot {
    Short token;
    std::int32_t id = -1;
  };
  static std::uint64_t hash_of(Short token) {
    return (token.low ^ (token.high * 0x9E3779B97F4A7C15u)) * 0xD6E8FEB86659FD93u;
  }
  // 1 where a token of this hash may be known, else 0.
  std::uint64_t seen(std::uint64_t hash) const {
    return seen_[hash >> (64 - kSeenBits + 6)] >> (hash >> (64 - kSeenBits) & 63) & 1;
  }
  // The low bits of a product depend on the low bits alone: the first letters of a token.
  std::size_t first_slot(std::uint64_t hash) const { return (hash >> 32) & (slots_.size() - 1); }
  std::int32_t find_slot(Short token, std::uint64_t hash) const;
  void put_slot(Short token, std::int32_t id);

  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const;
  };
  std::unordered_map<std::string, std::int32_t, Hash, std::equal_to<>> ids_;
  std::vector<std::uint32_t> costs_;
  std::vector<std::uint64_t> seen_ = std::vector<std::uint64_t>(std::size_t{1} << (kSeenBits - 6));
  std::vector<Slot> slots_ = std::vector<Slot>(64);  // open addressing; at most half full
  std::size_t used_ = 0;
};

// Memory to use again.
struct FurnitureScratch {
  std::string folded;
  std::vector<FurnitureVocabulary::Short> keys;
  std::vector<std::uint32_t> known;
};

// Appends the tokens of text[begin, end) until there are `most`. Gives the byte where it stopped.
// Case, width, and the kind of dash, quote or apostrophe make no difference to a token's id.
std::size_t read_furniture_tokens(std::string_view text, std::size_t begin, std::size_t end,
                                  std::size_t most, const FurnitureVocabulary& vocabulary,
                                  FurnitureScratch& scratch, std::vector<FurnitureToken>& tokens);

}  // namespace wirecopy

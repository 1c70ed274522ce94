// Numbers words in the order in which they are first met.
//
// A word of up to 15 bytes lies in its slot, so that finding it touches one cache line; a longer
// one lies in an arena. Slots can be fetched ahead of their use: a text's words are looked up
// together.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/hash.h"
#include "wirecopy/base/prefetch.h"

namespace wirecopy {

// The bytes that count of a word's first sixteen.
struct WordMask {
  std::uint64_t low;
  std::uint64_t high;

  static constexpr std::array<WordMask, 16> by_size() {
    std::array<WordMask, 16> masks{};
    for (std::size_t size = 0; size < masks.size(); ++size) {
      masks[size].low = size < 8 ? (1ull << (8 * size)) - 1 : ~0ull;
      masks[size].high = size < 8 ? 0 : (1ull << (8 * (size - 8))) - 1;
    }
    return masks;
  }
};

class WordTable {
 public:
  // A word as it is compared: its bytes and their number, or, where there are more than 15, their
  // hash and a mark. `hash` says where it stands.
  struct Key {
    std::uint64_t low;
    std::uint64_t high;  // never 0
    std::uint64_t hash;

    bool is_long() const { return high == kLong; }
  };

  // What was counted of a word.
  struct Tally {
    std::uint32_t frequency;
    std::uint32_t documents;
  };

  WordTable() : slots_(kLeastSlots) {}

  // Words met, each once.
  std::size_t size() const { return size_; }

  // The key of a word that is not empty. The 16 bytes from its start must be readable.
  static Key padded_key(const char* bytes, std::size_t size) {
    if (size > kInline) return long_key({bytes, size});
    Key key;
    std::memcpy(&key.low, bytes, 8);
    std::memcpy(&key.high, bytes + 8, 8);
    key.low &= kMasks[size].low;
    key.high &= kMasks[size].high;
    key.high |= static_cast<std::uint64_t>(size) << 56;
    key.hash = mix(key.low, key.high);
    return key;
  }
  static Key key(std::string_view word) {
    if (word.size() > kInline) return long_key(word);
    std::array<char, kInline + 1> padded{};
    std::memcpy(padded.data(), word.data(), word.size());
    return padded_key(padded.data(), word.size());
  }

  void prefetch(const Key& key) const { wirecopy::prefetch(&slots_[key.hash & mask_]); }

  // Counts an occurrence of `word`, whose key is `key`, in text number `text`; returns its number.
  std::uint32_t add(const Key& key, std::string_view word, std::uint32_t text) {
    Slot& slot = find(key, word);
    if (slot.key_high == 0) return insert(key, word, text, {1, 1});
    ++slot.tally.frequency;
    slot.tally.documents += slot.text == text ? 0 : 1;
    slot.text = text;
    return slot.number;
  }

  // Adds what another table counted.
  std::uint32_t add(const Key& key, std::string_view word, const Tally& tally) {
    Slot& slot = find(key, word);
    if (slot.key_high == 0) return insert(key, word, 0, tally);
    slot.tally.frequency += tally.frequency;
    slot.tally.documents += tally.documents;
    return slot.number;
  }

  // Calls use(number, word, key, tally) for each word, in no order. The word is valid during the
  // call.
  template <typename Use>
  void for_each(Use use) const {
    for (const Slot& slot : slots_) {
      if (slot.key_high == 0) continue;
      std::array<char, kInline + 1> bytes;
      const Key key{slot.key_low, slot.key_high, slot_hash(slot)};
      use(slot.number, word(slot, bytes), key, slot.tally);
    }
  }

 private:
  static constexpr std::size_t kInline = 15;
  static constexpr std::size_t kLeastSlots = std::size_t{1} << 12;
  static constexpr std::uint64_t kLong = std::uint64_t{0xFF} << 56;

  struct Slot {
    std::uint64_t key_low = 0;
    std::uint64_t key_high = 0;  // 0: free
    std::uint32_t number = 0;
    std::uint32_t text = 0;  // the last that has it
    Tally tally{0, 0};
  };
  static_assert(sizeof(Slot) == 32, "two slots a cache line");

  static constexpr std::array<WordMask, kInline + 1> kMasks = WordMask::by_size();
  static_assert(std::endian::native == std::endian::little);

  // A folded 128-bit product, as wyhash and absl::Hash have it. Nothing is stored or ordered by it.
  static std::uint64_t mix(std::uint64_t low, std::uint64_t high) {
    __extension__ using Product = unsigned __int128;
    const Product product = static_cast<Product>(low ^ 0x9E3779B97F4A7C15ull) *
                            static_cast<Product>(high ^ 0xD6E8FEB86659FD93ull);
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  }

  static Key long_key(std::string_view word) {
    const std::uint64_t hash = hash_bytes(word);
    return {hash, kLong, hash};
  }

  // Long words: where they lie in the arena, by number.
  struct Place {
    std::uint32_t number;
    std::uint32_t size;
    std::size_t begin;
  };

  std::uint64_t slot_hash(const Slot& slot) const {
    return slot.key_high == kLong ? slot.key_low : mix(slot.key_low, slot.key_high);
  }

  std::string_view word(const Slot& slot, std::array<char, kInline + 1>& bytes) const {
    if (slot.key_high == kLong) return long_word(slot);
    std::memcpy(bytes.data(), &slot.key_low, 8);
    std::memcpy(bytes.data() + 8, &slot.key_high, 8);
    return {bytes.data(), static_cast<std::size_t>(slot.key_high >> 56)};
  }
  std::string_view long_word(const Slot& slot) const;

  // The slot of the word, or the free one where it belongs.
  Slot& find(const Key& key, std::string_view word) {
    for (std::size_t at = key.hash & mask_;; at = (at + 1) & mask_) {
      Slot& slot = slots_[at];
      if (slot.key_low == key.low && slot.key_high == key.high) {
        if (!key.is_long() || long_word(slot) == word) return slot;
      } else if (slot.key_high == 0) {
        return slot;
      }
    }
  }

  std::uint32_t insert(const Key& key, std::string_view word, std::uint32_t text,
                       const Tally& tally);
  void grow();

  std::vector<Slot> slots_;  // a power of two, at most 3 of 5 taken
  std::size_t mask_ = kLeastSlots - 1;
  std::size_t size_ = 0;
  std::vector<Place> places_;  // of long words, by ascending number
  std::string arena_;
};

}  // namespace wirecopy

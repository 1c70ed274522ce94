// The portable form of hash_kernel.h, compiled by several kernel files for their instruction sets:
// everything here has internal linkage, so that each keeps its own.
#pragma once

#include "wirecopy/sketch/hash_kernel.h"

namespace wirecopy::kernel {
namespace {

__extension__ using Product = unsigned __int128;

inline uint32_t load_32(const char* from) {
  uint32_t x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}

inline uint64_t load_64(const char* from) {
  uint64_t x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}

inline uint64_t rotate_left(uint64_t x, int by) { return x << by | x >> (64 - by); }

inline uint64_t multiply_fold(uint64_t a, uint64_t b) {
  const Product product = static_cast<Product>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

inline uint64_t avalanche(uint64_t h) {
  h ^= h >> 37;
  h *= kAvalanche;
  return h ^ h >> 32;
}

inline uint64_t hash_1_to_3(const char* word, uint32_t length) {
  const auto byte = [&](uint32_t i) {
    return static_cast<uint32_t>(static_cast<uint8_t>(word[i]));
  };
  const uint32_t combined =
      byte(0) << 16 | byte(length >> 1) << 24 | byte(length - 1) | length << 8;
  // XXH64's final mix; its first step, h ^= h >> 33, does nothing to 32 bits.
  uint64_t h = (combined ^ kFlip1To3) * kPrime2;
  h ^= h >> 29;
  h *= kPrime3;
  return h ^ h >> 32;
}

inline uint64_t hash_4_to_8(const char* word, uint32_t length) {
  const uint64_t input =
      static_cast<uint64_t>(load_32(word)) << 32 | load_32(word + length - sizeof(uint32_t));
  uint64_t h = input ^ kFlip4To8;
  h ^= rotate_left(h, 49) ^ rotate_left(h, 24);
  h *= kMix4To8;
  h ^= (h >> 35) + length;
  h *= kMix4To8;
  return h ^ h >> 28;
}

inline uint64_t hash_9_to_16(const char* word, uint32_t length) {
  const uint64_t low = load_64(word) ^ kFlip9To16Low;
  const uint64_t high = load_64(word + length - sizeof(uint64_t)) ^ kFlip9To16High;
  return avalanche(length + __builtin_bswap64(low) + high + multiply_fold(low, high));
}

// The indices of a batch's words by formula.
inline constexpr size_t kBatch = 256;
struct ByFormula {
  // What is written past the end of a list does not count.
  uint8_t tiny[kBatch + 8];   // 1-3 bytes
  uint8_t small[kBatch + 8];  // 4-8
  uint8_t rest[kBatch + 8];
  size_t tiny_count = 0;
  size_t small_count = 0;
  size_t rest_count = 0;
};

inline ByFormula sort_by_formula(const WordSpan* words, size_t count) {
  ByFormula lists;
  // Without branches: a word is written to every list, and stays in one.
  for (size_t i = 0; i < count; ++i) {
    const uint32_t length = words[i].end - words[i].begin;
    lists.tiny[lists.tiny_count] = static_cast<uint8_t>(i);
    lists.small[lists.small_count] = static_cast<uint8_t>(i);
    lists.rest[lists.rest_count] = static_cast<uint8_t>(i);
    lists.tiny_count += length <= 3;
    lists.small_count += length - 4 <= 4;
    lists.rest_count += length > 8;
  }
  return lists;
}

// `sort` is sort_by_formula or an equal of it.
template <typename Sort>
inline size_t hash_words(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                         uint32_t* longer, const Sort& sort) {
  size_t longer_count = 0;
  for (size_t from = 0; from < count; from += kBatch) {
    const WordSpan* batch = words + from;
    uint64_t* out = hashes + from;
    const ByFormula lists = sort(batch, count - from < kBatch ? count - from : kBatch);
    for (size_t k = 0; k < lists.tiny_count; ++k) {
      const size_t i = lists.tiny[k];
      out[i] = hash_1_to_3(bytes + batch[i].begin, batch[i].end - batch[i].begin);
    }
    for (size_t k = 0; k < lists.small_count; ++k) {
      const size_t i = lists.small[k];
      out[i] = hash_4_to_8(bytes + batch[i].begin, batch[i].end - batch[i].begin);
    }
    for (size_t k = 0; k < lists.rest_count; ++k) {
      const size_t i = lists.rest[k];
      const uint32_t length = batch[i].end - batch[i].begin;
      if (length <= kLongestShortWord) {
        out[i] = hash_9_to_16(bytes + batch[i].begin, length);
      } else {
        longer[longer_count++] = static_cast<uint32_t>(from + i);
      }
    }
  }
  return longer_count;
}

inline void hash_windows(const uint64_t* values, size_t count, uint64_t* out) {
  // 40 bytes: the formula for 33-64, which pairs bytes 0, 24, 16 and 8 with the secret in turn.
  constexpr uint64_t kStart = 8 * kWindow * kPrime1;
  for (size_t i = 0; i < count; ++i) {
    const uint64_t* v = values + i;
    out[i] = avalanche(kStart + multiply_fold(v[0] ^ kSecret[0], v[1] ^ kSecret[1]) +
                       multiply_fold(v[3] ^ kSecret[2], v[4] ^ kSecret[3]) +
                       multiply_fold(v[2] ^ kSecret[4], v[3] ^ kSecret[5]) +
                       multiply_fold(v[1] ^ kSecret[6], v[2] ^ kSecret[7]));
  }
}

}  // namespace
}  // namespace wirecopy::kernel

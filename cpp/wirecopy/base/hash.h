// The place that includes xxHash (with the kernels of fingerprint()). Everything stored, compared
// or ordered by hash goes through these functions, so the definition can be read (and reproduced
// with any XXH3 library) in one place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#if defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#ifndef XXH_INLINE_ALL
#define XXH_INLINE_ALL
#endif
#include <xxhash.h>
#if defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

namespace wirecopy {

inline std::uint64_t hash_bytes(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

// XXH3-64 over the values as little-endian bytes.
inline std::uint64_t hash_words(const std::uint64_t* values, std::size_t count) {
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "wirecopy hashes 64-bit values in place and is written for little-endian machines"
#endif
  return XXH3_64bits(values, count * sizeof(std::uint64_t));
}

// A 128-bit fingerprint: equality stands for equality of content (chance of one false match among
// n contents is below n^2 / 2^129).
struct Fingerprint {
  std::uint64_t low;
  std::uint64_t high;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
  friend auto operator<=>(const Fingerprint&, const Fingerprint&) = default;
};

// XXH3-128.
Fingerprint fingerprint(const void* data, std::size_t bytes);

inline unsigned xxhash_version() { return XXH_versionNumber(); }

}  // namespace wirecopy

// Asks for memory that will be wanted soon. Changes nothing but speed.
#pragma once

#include <cstddef>

namespace wirecopy {

// GCC takes a function that does nothing but ask for memory for one without effect, and leaves out
// the calls of it: the empty statement keeps them.
inline void prefetch([[maybe_unused]] const void* at) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(at);
  __asm__ volatile("");
#endif
}

// All of so many bytes.
inline void prefetch(const void* at, std::size_t bytes) {
  constexpr std::size_t kLine = 64;  // of the cache
  for (std::size_t i = 0; i < bytes; i += kLine) prefetch(static_cast<const char*>(at) + i);
}

inline void prefetch_to_write([[maybe_unused]] const void* at) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(at, 1);
  __asm__ volatile("");
#endif
}

}  // namespace wirecopy

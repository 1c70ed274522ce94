// Asks for memory that will be wanted soon. Changes nothing but speed.
#pragma once

namespace wirecopy {

// GCC takes a function that does nothing but ask for memory for one without effect, and leaves out
// the calls of it: the empty statement keeps them.

inline void prefetch([[maybe_unused]] const void* at) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(at);
  __asm__ volatile("");
#endif
}

inline void prefetch_to_write([[maybe_unused]] const void* at) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(at, 1);
  __asm__ volatile("");
#endif
}

}  // namespace wirecopy

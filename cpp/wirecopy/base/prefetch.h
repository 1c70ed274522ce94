// Asks for memory that will be wanted soon. Changes nothing but speed.
#pragma once

namespace wirecopy {

inline void prefetch([[maybe_unused]] const void* at) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(at);
#endif
}

inline void prefetch_to_write([[maybe_unused]] const void* at) {
#if defined(__GNUC__) || defined(__clang__)
  __builtin_prefetch(at, 1);
#endif
}

// Reads a byte, which has to be readable. Several such reads wait for memory together; where each
// lies in another page, they do so better than prefetches, which may wait for the page tables one
// after the other.
inline void touch(const void* at) { (void)*static_cast<const volatile char*>(at); }

}  // namespace wirecopy

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

}  // namespace wirecopy

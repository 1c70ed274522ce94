#include "wirecopy/base/fingerprint_kernel.h"

#if defined(__x86_64__)
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace wirecopy::kernel {

static_assert(XXH_VECTOR == XXH_AVX512);

Hash128 xxh3_128_avx512(const void* data, size_t bytes) {
  const XXH128_hash_t hash = XXH3_128bits(data, bytes);
  return {hash.low64, hash.high64};
}

}  // namespace wirecopy::kernel
#endif

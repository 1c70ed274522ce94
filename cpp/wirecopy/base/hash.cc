#include "wirecopy/base/hash.h"

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/fingerprint_kernel.h"

namespace wirecopy {

Fingerprint fingerprint(const void* data, std::size_t bytes) {
  // Up to here xxHash uses no wide registers.
  constexpr std::size_t kShort = 240;
#if defined(__x86_64__)
  if (bytes > kShort) {
    const CpuPath path = cpu_path();
    if (path == CpuPath::kAvx512 || path == CpuPath::kAvx2) {
      const kernel::Hash128 hash = path == CpuPath::kAvx512 ? kernel::xxh3_128_avx512(data, bytes)
                                                            : kernel::xxh3_128_avx2(data, bytes);
      return {hash.low, hash.high};
    }
  }
#endif
  const XXH128_hash_t hash = XXH3_128bits(data, bytes);
  return {hash.low64, hash.high64};
}

}  // namespace wirecopy

#include "wirecopy/base/hash.h"

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/fingerprint_kernel.h"

namespace wirecopy {

Fingerprint fingerprint(const void* data, std::size_t bytes) {
#if defined(__x86_64__)
  // Up to here xxHash uses no wide registers.
  constexpr std::size_t kShort = 240;
  if (bytes > kShort) {
    const auto made = [](kernel::Hash128 hash) { return Fingerprint{hash.low, hash.high}; };
    switch (cpu_path()) {
      case CpuPath::kAvx512: return made(kernel::xxh3_128_avx512(data, bytes));
      case CpuPath::kAvx2: return made(kernel::xxh3_128_avx2(data, bytes));
      default: break;
    }
  }
#endif
  const XXH128_hash_t hash = XXH3_128bits(data, bytes);
  return {hash.low64, hash.high64};
}

}  // namespace wirecopy

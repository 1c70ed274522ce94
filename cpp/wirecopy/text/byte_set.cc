#include "wirecopy/text/byte_set.h"

#include "wirecopy/base/cpu.h"

namespace wirecopy {
namespace {

kernel::FindByte find_byte() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return kernel::find_byte_avx2;
    case CpuPath::kAvx512: return kernel::find_byte_avx512;
#elif defined(__aarch64__)
    case CpuPath::kNeon: return kernel::find_byte_neon;
#endif
    default: return kernel::find_byte_scalar;
  }
}

}  // namespace

ByteSet::ByteSet() : find_(find_byte()) {}

ByteSet::ByteSet(std::string_view bytes) : ByteSet() {
  for (const char byte : bytes) add(static_cast<std::uint8_t>(byte));
}

kernel::LowerSimple lower_simple() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return kernel::lower_simple_avx2;
    case CpuPath::kAvx512: return kernel::lower_simple_avx512;
#elif defined(__aarch64__)
    case CpuPath::kNeon: return kernel::lower_simple_neon;
#endif
    default: return kernel::lower_simple_scalar;
  }
}

}  // namespace wirecopy

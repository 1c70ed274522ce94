#include "wirecopy/sketch/word_hash.h"

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/sketch/hash_kernel.h"

namespace wirecopy {
namespace {

struct Kernels {
  kernel::HashWords words;
  kernel::HashWindows windows;
};

Kernels kernels() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return {kernel::hash_words_avx2, kernel::hash_windows_avx2};
    case CpuPath::kAvx512: return {kernel::hash_words_avx512, kernel::hash_windows_avx512};
#elif defined(__aarch64__)
    case CpuPath::kNeon: return {kernel::hash_words_neon, kernel::hash_windows_neon};
#endif
    default: return {kernel::hash_words_scalar, kernel::hash_windows_scalar};
  }
}

}  // namespace

const std::uint64_t* WordHasher::hash(const WordScanner& words) {
  const std::size_t count = words.size();
  if (hashes_.size() < count) {
    hashes_.resize(count + count / 2);
    longer_.resize(hashes_.size());
  }
  static_assert(sizeof(kernel::WordSpan) == sizeof(Span32));
  const std::size_t longer =
      kernels().words(words.bytes(), reinterpret_cast<const kernel::WordSpan*>(words.spans()),
                      count, hashes_.data(), longer_.data());
  for (std::size_t k = 0; k < longer; ++k) hashes_[longer_[k]] = hash_bytes(words[longer_[k]]);
  return hashes_.data();
}

void hash_windows(const std::uint64_t* values, std::size_t size, std::size_t count,
                  std::uint64_t* out) {
  if (size == kernel::kWindow) return kernels().windows(values, count, out);
  for (std::size_t i = 0; i < count; ++i) out[i] = hash_words(values + i, size);
}

}  // namespace wirecopy

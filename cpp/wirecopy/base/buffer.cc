#include "wirecopy/base/buffer.h"

#include <cstdint>
#include <cstdlib>
#include <new>

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace wirecopy {

Buffer::Buffer(std::size_t bytes) {
  void* memory = nullptr;
#if defined(__linux__)
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  constexpr std::size_t kLarge = 4 * kHugePage;
  if (bytes >= kLarge) {
    const std::size_t rounded = (bytes + kHugePage - 1) / kHugePage * kHugePage;
    memory = std::aligned_alloc(kHugePage, rounded);
    // Only advice: a refusal changes nothing but speed.
    if (memory != nullptr) (void)madvise(memory, rounded, MADV_HUGEPAGE);
  } else {
    memory = std::malloc(bytes == 0 ? 1 : bytes);
  }
#else
  memory = std::malloc(bytes == 0 ? 1 : bytes);
#endif
  if (memory == nullptr) throw std::bad_alloc();
  bytes_.reset(static_cast<char*>(memory));
}

Buffer Buffer::zeros(std::size_t bytes) {
  Buffer buffer;
  buffer.bytes_.reset(static_cast<char*>(std::calloc(bytes == 0 ? 1 : bytes, 1)));
  if (buffer.bytes_ == nullptr) throw std::bad_alloc();
  prefer_huge_pages(buffer.data(), bytes);
  return buffer;
}

void prefer_huge_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t bytes) {
#if defined(__linux__)
  constexpr std::size_t kHugePage = std::size_t{2} << 20;
  const std::size_t skipped =
      (kHugePage - reinterpret_cast<std::uintptr_t>(memory) % kHugePage) % kHugePage;
  if (bytes < skipped + kHugePage) return;
  const std::size_t whole = (bytes - skipped) / kHugePage * kHugePage;
  (void)madvise(static_cast<char*>(memory) + skipped, whole, MADV_HUGEPAGE);
#endif
}

void Buffer::Free::operator()(char* p) const { std::free(p); }

}  // namespace wirecopy

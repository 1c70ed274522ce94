#include "wirecopy/archive/held.h"

#include <algorithm>

namespace wirecopy {

// While one thread lets go, the others wait: they would map faster than that takes.
void HeldLimit::add(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  held_ += bytes;
  if (held_ <= left()) return;
  held_ = bytes;
  times_.fetch_add(1);
  snapshot_.forget();
}

std::uint64_t HeldLimit::left() const {
  const std::uint64_t taken = taken_.load(std::memory_order_relaxed);
  const std::uint64_t least = std::min(bytes_, kLeast);
  return taken >= bytes_ - least ? least : bytes_ - taken;
}

void Held::count(const void* at, std::size_t bytes) {
  if (bytes == 0 || at == nullptr) return;
  if (const std::uint64_t times = limit_->times_.load(); times != times_) {
    times_ = times;
    windows_.clear();
  }
  const auto begin = reinterpret_cast<std::uintptr_t>(at);
  std::uint64_t more = 0;
  for (auto i = begin / kWindow; i <= (begin + bytes - 1) / kWindow; ++i) {
    if (windows_.insert(i).second) more += kWindow;
  }
  if (more > 0) limit_->add(more);
}

}  // namespace wirecopy

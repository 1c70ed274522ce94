#include "wirecopy/archive/held.h"

#include <algorithm>

#include "wirecopy/archive/folder.h"

namespace wirecopy {

HeldLimit::HeldLimit(const Snapshot& snapshot, std::uint64_t bytes)
    : snapshot_(snapshot), bytes_(bytes) {
  if (limited()) let_go();
}

// While one thread lets go, the others wait: they would map faster than that takes.
void HeldLimit::add(std::uint64_t bytes) {
  const std::scoped_lock lock(mutex_);
  held_ += bytes;
  unmeasured_ += bytes;
  if (unmeasured_ >= kUnmeasured) {
    unmeasured_ = 0;
    held_ = std::max(held_, measured() + bytes);
  }
  if (held_ <= left()) return;
  let_go();
  held_ = bytes;
  times_.fetch_add(1);
}

void HeldLimit::let_go() {
  snapshot_.forget();
  unmeasured_ = 0;
  others_ = mapped_bytes().value_or(0);
}

std::uint64_t HeldLimit::measured() const {
  const std::uint64_t all = mapped_bytes().value_or(0);
  return all > others_ ? all - others_ : 0;
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

// Many small arrays that live and die together: written one after the other into large buffers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include "wirecopy/base/buffer.h"

namespace wirecopy {

// One per thread. What it hands out stays where it is until the Chunks goes.
template <typename T>
class Chunks {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Room for `count` values, without a value yet. Of the last call, take() may give a part back.
  std::span<T> make(std::size_t count) {
    if (count > left_) {
      const std::size_t size = std::max(count, size_);
      size_ = std::min(2 * size_, kMost);
      chunks_.emplace_back(size * sizeof(T));
      next_ = reinterpret_cast<T*>(chunks_.back().data());
      left_ = size;
    }
    return {next_, count};
  }
  // Keeps the first `count` values of what make() gave last.
  std::span<T> take(std::size_t count) {
    const std::span<T> taken(next_, count);
    next_ += count;
    left_ -= count;
    return taken;
  }

 private:
  static constexpr std::size_t kMost = (std::size_t{8} << 20) / sizeof(T);

  std::size_t size_ = (std::size_t{32} << 10) / sizeof(T);  // of the next chunk
  std::vector<Buffer> chunks_;
  T* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace wirecopy

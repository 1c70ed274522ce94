// Many small arrays that live and die together: written one after the other into large buffers.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "wirecopy/base/buffer.h"

namespace wirecopy {

// Large buffers of one size that go from one stage of a search to the next: memory that was touched
// before is several times faster to write than fresh memory.
class BufferPool {
 public:
  static constexpr std::size_t kBytes = std::size_t{8} << 20;

  Buffer get() {
    const std::scoped_lock lock(mutex_);
    if (free_.empty()) return Buffer(kBytes);
    Buffer buffer = std::move(free_.back());
    free_.pop_back();
    return buffer;
  }
  void put(Buffer buffer) {
    const std::scoped_lock lock(mutex_);
    free_.push_back(std::move(buffer));
  }
  // Gives back to the system what is beyond so many bytes.
  void keep(std::uint64_t bytes) {
    const std::scoped_lock lock(mutex_);
    while (free_.size() > bytes / kBytes) free_.pop_back();
  }

 private:
  std::mutex mutex_;
  std::vector<Buffer> free_;
};

// One per thread. What it hands out stays where it is until the Chunks goes.
template <typename T>
class Chunks {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  explicit Chunks(std::shared_ptr<BufferPool> pool) : pool_(std::move(pool)) {}
  Chunks(Chunks&&) = default;
  Chunks& operator=(Chunks&&) = delete;
  ~Chunks() {
    if (pool_ == nullptr) return;
    for (Buffer& chunk : pooled_) pool_->put(std::move(chunk));
  }

  // Room for `count` values, without a value yet. take() keeps as many of them as are used.
  std::span<T> make(std::size_t count) {
    if (count > left_) grow(count);
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
  void grow(std::size_t count) {
    // A small corpus does not touch a large buffer, and one huge array gets a buffer of its own.
    std::vector<Buffer>& owner = chunk_ == BufferPool::kBytes ? pooled_ : own_;
    std::size_t bytes = chunk_;
    if (count * sizeof(T) > chunk_) {
      bytes = count * sizeof(T);
      own_.emplace_back(bytes);
      next_ = reinterpret_cast<T*>(own_.back().data());
    } else {
      owner.push_back(chunk_ == BufferPool::kBytes ? pool_->get() : Buffer(chunk_));
      next_ = reinterpret_cast<T*>(owner.back().data());
    }
    left_ = bytes / sizeof(T);
    chunk_ = std::min(2 * chunk_, BufferPool::kBytes);
  }

  std::shared_ptr<BufferPool> pool_;
  std::vector<Buffer> pooled_;
  std::vector<Buffer> own_;
  std::size_t chunk_ = std::size_t{32} << 10;  // bytes of the next one
  T* next_ = nullptr;
  std::size_t left_ = 0;  // values
};

}  // namespace wirecopy

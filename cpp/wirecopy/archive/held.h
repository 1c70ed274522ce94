// How much of the mapped files of an archive is held in memory, for who may hold so much only.
#pragma once

#include <absl/container/flat_hash_set.h>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>

#include "wirecopy/archive/snapshot.h"

namespace wirecopy {

// What several threads hold together. When that may be more than `bytes`, everything is let go of,
// whoever read it: what is read again is mapped again.
class HeldLimit {
 public:
  // 0: no limit, and nothing is counted. Else what is held by now is let go of.
  HeldLimit(const Snapshot& snapshot, std::uint64_t bytes);
  HeldLimit(const HeldLimit&) = delete;
  HeldLimit& operator=(const HeldLimit&) = delete;

  bool limited() const { return bytes_ > 0; }
  // So many are needed for something else, as long as this limit.
  void take(std::uint64_t bytes) { taken_.fetch_add(bytes, std::memory_order_relaxed); }

 private:
  friend class Held;

  // What goes to something else, goes to it; something is left to read with.
  static constexpr std::uint64_t kLeast = std::uint64_t{1} << 20;
  // What is counted is a guess, and the system is asked after so much of it: what it has in large
  // pieces, as files that were copied or read from end to end, it may map as such (2 MiB).
  static constexpr std::uint64_t kUnmeasured = std::uint64_t{256} << 10;

  void add(std::uint64_t bytes);
  void let_go();
  std::uint64_t measured() const;
  std::uint64_t left() const;

  const Snapshot& snapshot_;
  const std::uint64_t bytes_;
  std::atomic<std::uint64_t> taken_{0};
  std::mutex mutex_;
  std::uint64_t held_ = 0;
  std::uint64_t unmeasured_ = 0;         // of it
  std::uint64_t others_ = 0;             // mapped, when nothing was held
  std::atomic<std::uint64_t> times_{0};  // so often it was let go of
};

// What one thread holds. Says before it reads what it will.
class Held {
 public:
  explicit Held(HeldLimit& limit) : limit_(&limit) {}

  // At no address there is nothing. Called for each value that is read, mostly without a limit.
  void note(const void* at, std::size_t bytes) {
    if (limit_->limited()) count(at, bytes);
  }

 private:
  // A fault maps what the system has at hand around it: on Linux 64 KiB, aligned, of small pieces.
  static constexpr std::uintptr_t kWindow = std::uintptr_t{64} << 10;

  void count(const void* at, std::size_t bytes);

  HeldLimit* limit_;
  std::uint64_t times_ = 0;
  absl::flat_hash_set<std::uintptr_t> windows_;
};

}  // namespace wirecopy

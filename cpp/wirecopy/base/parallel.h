// Threads, stopping and progress for long calls. Threads live for one call: nothing outlives it, so
// a process may fork before and after, and two callers never wait for each other's pool.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "wirecopy/base/error.h"

namespace wirecopy {

// Set by the caller's thread, read by the workers between small pieces of work.
class StopToken {
 public:
  void request() { stop_.store(true, std::memory_order_relaxed); }
  bool requested() const { return stop_.load(std::memory_order_relaxed); }
  void check() const {
    if (requested()) throw Stopped();
  }

 private:
  std::atomic<bool> stop_{false};
};

// What a long call is doing, for whoever watches from another thread.
class Progress {
 public:
  // `stage` must be a string literal: a reader may still hold the pointer after the next stage
  // began.
  void begin(const char* stage, std::uint64_t total) {
    done_.store(0, std::memory_order_relaxed);
    total_.store(total, std::memory_order_relaxed);
    stage_.store(stage, std::memory_order_release);
  }
  void add(std::uint64_t n) { done_.fetch_add(n, std::memory_order_relaxed); }

  const char* stage() const { return stage_.load(std::memory_order_acquire); }
  std::uint64_t done() const { return done_.load(std::memory_order_relaxed); }
  std::uint64_t total() const { return total_.load(std::memory_order_relaxed); }

 private:
  std::atomic<const char*> stage_{""};
  std::atomic<std::uint64_t> done_{0};
  std::atomic<std::uint64_t> total_{0};
};

// How a long call runs. `threads` >= 1. Results never depend on it.
struct Run {
  int threads = 1;
  StopToken* stop = nullptr;
  Progress* progress = nullptr;

  void check() const {
    if (stop != nullptr) stop->check();
  }
  void begin(const char* stage, std::uint64_t total) const {
    if (progress != nullptr) progress->begin(stage, total);
  }
  void advance(std::uint64_t n) const {
    if (progress != nullptr) progress->add(n);
  }
};

// Calls body(worker, begin, end) over [0, count) in pieces of at most `grain`, handed out in order
// to whichever worker is free; worker is in [0, run.threads). Checks for a stop before each piece.
// The first exception of any worker is thrown here, after all have ended.
void parallel_for(const Run& run, std::size_t count, std::size_t grain,
                  const std::function<void(int worker, std::size_t begin, std::size_t end)>& body);

}  // namespace wirecopy

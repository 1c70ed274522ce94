#include "wirecopy/base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace wirecopy {
namespace {

// Inside a test, Run is a member of GoogleTest's.
using HowToRun = Run;

HowToRun on(int threads, StopToken* stop = nullptr, Progress* progress = nullptr) {
  return {threads, stop, progress};
}

TEST(ParallelFor, VisitsEveryItemOnce) {
  for (const int threads : {1, 2, 5, 16}) {
    for (const std::size_t count : {0u, 1u, 7u, 64u, 1000u}) {
      for (const std::size_t grain : {0u, 1u, 3u, 64u, 5000u}) {
        std::vector<std::atomic<int>> visits(count);
        parallel_for(on(threads), count, grain, [&](int, std::size_t begin, std::size_t end) {
          EXPECT_LT(begin, end);
          EXPECT_LE(end - begin, grain == 0 ? 1 : grain);
          for (std::size_t i = begin; i < end; ++i) ++visits[i];
        });
        for (const std::atomic<int>& visit : visits) ASSERT_EQ(visit.load(), 1);
      }
    }
  }
}

TEST(ParallelFor, WorkersAreNumberedBelowThreads) {
  std::mutex mutex;
  std::set<int> workers;
  parallel_for(on(4), 1000, 1, [&](int worker, std::size_t, std::size_t) {
    const std::lock_guard lock(mutex);
    workers.insert(worker);
  });
  EXPECT_GE(*workers.begin(), 0);
  EXPECT_LT(*workers.rbegin(), 4);
}

TEST(ParallelFor, FewerThanOneThreadIsOne) {
  int calls = 0;
  parallel_for(on(0), 3, 1, [&](int worker, std::size_t, std::size_t) {
    EXPECT_EQ(worker, 0);
    ++calls;
  });
  EXPECT_EQ(calls, 3);
}

TEST(ParallelFor, AnExceptionOfAnyWorkerIsThrownHere) {
  for (const int threads : {1, 4}) {
    EXPECT_THROW(parallel_for(on(threads), 1000, 1,
                              [](int, std::size_t begin, std::size_t) {
                                if (begin == 500) throw std::runtime_error("500");
                              }),
                 std::runtime_error);
  }
}

TEST(ParallelFor, StopsBetweenPieces) {
  for (const int threads : {1, 4}) {
    StopToken stop;
    std::atomic<int> pieces{0};
    EXPECT_THROW(parallel_for(on(threads, &stop), 1'000'000, 1,
                              [&](int, std::size_t, std::size_t) {
                                if (++pieces == 10) stop.request();
                              }),
                 Stopped);
    EXPECT_LT(pieces.load(), 1'000'000);
  }
}

TEST(Progress, CountsFromEveryThread) {
  Progress progress;
  const HowToRun run = on(4, nullptr, &progress);
  run.begin("counting", 1000);
  parallel_for(run, 1000, 7,
               [&](int, std::size_t begin, std::size_t end) { run.advance(end - begin); });
  EXPECT_EQ(std::string_view(progress.stage()), "counting");
  EXPECT_EQ(progress.done(), 1000u);
  EXPECT_EQ(progress.total(), 1000u);
  run.begin("next", 5);
  EXPECT_EQ(progress.done(), 0u);
}

TEST(Run, WithoutStopOrProgressNeedsNeither) {
  const HowToRun run;
  run.check();
  run.begin("nothing", 1);
  run.advance(1);
  EXPECT_EQ(run.threads, 1);
}

}  // namespace
}  // namespace wirecopy

#include "wirecopy/base/parallel.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace wirecopy {
namespace {

// What std::jthread does, which Apple's standard library lacks.
class JoinedThreads {
 public:
  explicit JoinedThreads(std::size_t count) { threads_.reserve(count); }
  JoinedThreads(const JoinedThreads&) = delete;
  JoinedThreads& operator=(const JoinedThreads&) = delete;
  ~JoinedThreads() {
    for (std::thread& thread : threads_) thread.join();
  }
  template <class Work>
  void start(const Work& work, int worker) {
    threads_.emplace_back(work, worker);
  }

 private:
  std::vector<std::thread> threads_;
};

}  // namespace

void parallel_for(const Run& run, std::size_t count, std::size_t grain,
                  const std::function<void(int, std::size_t, std::size_t)>& body) {
  if (count == 0) return;
  grain = std::max<std::size_t>(grain, 1);
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr error;
  std::mutex error_mutex;

  const auto work = [&](int worker) {
    try {
      while (!failed.load(std::memory_order_relaxed)) {
        run.check();
        const std::size_t begin = next.fetch_add(grain, std::memory_order_relaxed);
        if (begin >= count) return;
        body(worker, begin, std::min(count, begin + grain));
      }
    } catch (...) {
      const std::scoped_lock lock(error_mutex);
      if (!error) error = std::current_exception();
      failed.store(true, std::memory_order_relaxed);
    }
  };

  const std::size_t pieces = (count + grain - 1) / grain;
  const int threads = static_cast<int>(
      std::min<std::size_t>(static_cast<std::size_t>(std::max(run.threads, 1)), pieces));
  {
    JoinedThreads others(static_cast<std::size_t>(threads - 1));
    for (int worker = 1; worker < threads; ++worker) others.start(work, worker);
    work(0);
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace wirecopy

#include "long_call.h"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>

#include "register.h"
#include "wirecopy/base/error.h"

namespace py = pybind11;

namespace {

// Often enough for a hand on Ctrl-C, rarely enough to cost nothing.
constexpr std::chrono::milliseconds kTick{50};

void report(const py::object& callback, const wirecopy::Progress& progress) {
  if (callback.is_none()) return;
  callback(progress.stage(), progress.done(), progress.total());
}

// Work on its own thread, which finish() or stop() must end before this goes.
class Worker {
 public:
  Worker(int threads, const std::function<void(const wirecopy::Run&)>& work)
      : thread_([this, threads, &work] {
          try {
            work(wirecopy::Run{threads, &stop_, &progress_});
          } catch (...) {
            error_ = std::current_exception();
          }
          const std::scoped_lock lock(mutex_);
          finished_ = true;
          done_.notify_one();
        }) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() = default;

  // True when the work ended within a tick.
  bool wait() {
    const py::gil_scoped_release nogil;
    std::unique_lock lock(mutex_);
    return done_.wait_for(lock, kTick, [this] { return finished_; });
  }
  // After wait() returned true: throws what the work threw.
  void finish() {
    thread_.join();
    if (error_) std::rethrow_exception(error_);
  }
  // Asks the work to end early, and waits for that; what it throws is dropped.
  void stop() {
    stop_.request();
    const py::gil_scoped_release nogil;
    thread_.join();
  }
  const wirecopy::Progress& progress() const { return progress_; }

 private:
  wirecopy::StopToken stop_;
  wirecopy::Progress progress_;
  std::mutex mutex_;
  std::condition_variable done_;
  bool finished_ = false;
  std::exception_ptr error_;
  std::thread thread_;  // last: it uses the others from its first moment
};

void require_threads(int threads) {
  if (threads < 1) throw wirecopy::InputError("threads", std::to_string(threads) + "; at least 1");
}

// For tests of this file: sleeps in steps of 10 ms, as long calls work in small pieces.
void test_long_call(double seconds, int threads, const py::object& progress) {
  run_long_call(progress, threads, [seconds](const wirecopy::Run& run) {
    constexpr std::chrono::milliseconds kStep{10};
    const auto steps = static_cast<std::size_t>(seconds * 100);
    run.begin("sleeping", steps);
    wirecopy::parallel_for(run, steps, 1, [&](int, std::size_t, std::size_t) {
      std::this_thread::sleep_for(kStep);
      run.advance(1);
    });
  });
}

}  // namespace

void run_long_call(const py::object& progress, int threads,
                   const std::function<void(const wirecopy::Run&)>& work) {
  require_threads(threads);
  Worker worker(threads, work);
  try {
    while (!worker.wait()) {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      report(progress, worker.progress());
    }
  } catch (...) {
    worker.stop();
    throw;
  }
  worker.finish();
  report(progress, worker.progress());
}

LongCallHere::LongCallHere(const py::object& progress, int threads)
    : progress_(&progress), run_{threads, nullptr, &done_} {
  require_threads(threads);
}

void LongCallHere::operator()(const std::function<void(const wirecopy::Run&)>& work) {
  reported_ = std::chrono::steady_clock::now();
  {
    const py::gil_scoped_release nogil;
    work(run_);
  }
  report(*progress_, done_);
}

void LongCallHere::with_gil(const std::function<void()>& make) {
  const py::gil_scoped_acquire gil;
  make();
  const auto now = std::chrono::steady_clock::now();
  if (now - reported_ < kTick) return;
  reported_ = now;
  if (PyErr_CheckSignals() != 0) throw py::error_already_set();
  report(*progress_, done_);
}

void register_errors(py::module_& module) {
  // NOLINTNEXTLINE(performance-unnecessary-value-param): pybind11's signature
  py::register_local_exception_translator([](std::exception_ptr error) {
    try {
      if (error) std::rethrow_exception(error);
    } catch (const wirecopy::InputError& e) {
      PyErr_SetString(PyExc_ValueError, e.what());
    } catch (const wirecopy::Stopped&) {
      PyErr_SetNone(PyExc_KeyboardInterrupt);
    }
  });
  module.def("_test_long_call", &test_long_call, py::arg("seconds"), py::arg("threads") = 1,
             py::arg("progress") = py::none());
}

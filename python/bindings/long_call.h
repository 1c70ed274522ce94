// Long calls from Python: without the GIL, with progress, and stopped by Ctrl-C.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <functional>

#include "wirecopy/base/parallel.h"

// Calls `work` on a thread of its own with the GIL released, and returns when it is done. Meanwhile
// the calling thread looks every 50 ms for signals and calls `progress(stage: str, done: int,
// total: int)` unless that is None; an exception of either asks `work` to stop, waits for it, and
// is raised. What `work` throws is thrown here.
void run_long_call(const pybind11::object& progress, int threads,
                   const std::function<void(const wirecopy::Run&)>& work);

// For long calls whose results are Python objects, which are best made by the calling thread (its
// memory is that of the interpreter): that thread works with the GIL released, and takes it for
// `with_gil` from time to time, which also looks for signals and reports what was done.
class LongCallHere {
 public:
  LongCallHere(const pybind11::object& progress, int threads);

  // Calls `work` with the GIL released.
  void operator()(const std::function<void(const wirecopy::Run&)>& work);
  // Within `work`, by the calling thread and between small pieces of it.
  void with_gil(const std::function<void()>& make);

 private:
  const pybind11::object* progress_;
  wirecopy::Progress done_;
  wirecopy::Run run_;
  std::chrono::steady_clock::time_point reported_;
};

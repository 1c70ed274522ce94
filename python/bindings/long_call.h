// Long calls from Python: without the GIL, with progress, and stopped by Ctrl-C.
#pragma once

#include <pybind11/pybind11.h>

#include <functional>

#include "wirecopy/base/parallel.h"

// Calls `work` on a thread of its own with the GIL released, and returns when it is done. Meanwhile
// the calling thread looks every 50 ms for signals and calls `progress(stage: str, done: int,
// total: int)` unless that is None; an exception of either asks `work` to stop, waits for it, and
// is raised. What `work` throws is thrown here.
void run_long_call(const pybind11::object& progress, int threads,
                   const std::function<void(const wirecopy::Run&)>& work);

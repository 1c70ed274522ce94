#include "wirecopy/base/cpu.h"

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <string>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

constexpr int kUndecided = -1;
std::atomic<int> chosen{kUndecided};

std::string known_names() {
  std::string names;
  for (const CpuPath path : available_cpu_paths()) {
    if (!names.empty()) names += ", ";
    names += cpu_path_name(path);
  }
  return names;
}

CpuPath choose() {
  const std::vector<CpuPath> paths = available_cpu_paths();
  // Nothing here writes the environment.
  const char* wanted = std::getenv("WIRECOPY_CPU");  // NOLINT(concurrency-mt-unsafe)
  if (wanted == nullptr || *wanted == '\0') return paths.back();
  for (const CpuPath path : paths) {
    if (cpu_path_name(path) == wanted) return path;
  }
  throw InputError("WIRECOPY_CPU",
                   "'" + std::string(wanted) +
                       "' is not available here; this machine can run: " + known_names());
}

}  // namespace

std::string_view cpu_path_name(CpuPath path) {
  switch (path) {
    case CpuPath::kScalar: return "scalar";
    case CpuPath::kAvx2: return "avx2";
    case CpuPath::kAvx512: return "avx512";
    case CpuPath::kNeon: return "neon";
  }
  return "unknown";
}

std::vector<CpuPath> available_cpu_paths() {
  std::vector<CpuPath> paths{CpuPath::kScalar};
#if defined(__x86_64__)
  // These builtins also ask the operating system whether it saves the wide registers.
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
    paths.push_back(CpuPath::kAvx2);
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
      paths.push_back(CpuPath::kAvx512);
    }
  }
#elif defined(__aarch64__)
  paths.push_back(CpuPath::kNeon);
#endif
  return paths;
}

bool cpu_has_vbmi2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx512vbmi2") != 0;
#else
  return false;
#endif
}

CpuPath cpu_path() {
  int path = chosen.load(std::memory_order_relaxed);
  if (path == kUndecided) {
    // Two threads may both decide; they decide the same.
    path = static_cast<int>(choose());
    chosen.store(path, std::memory_order_relaxed);
  }
  return static_cast<CpuPath>(path);
}

void force_cpu_path(CpuPath path) {
  const std::vector<CpuPath> paths = available_cpu_paths();
  if (std::find(paths.begin(), paths.end(), path) == paths.end()) {
    throw InputError("cpu", "'" + std::string(cpu_path_name(path)) +
                                "' is not available here; this machine can run: " + known_names());
  }
  chosen.store(static_cast<int>(path), std::memory_order_relaxed);
}

}  // namespace wirecopy

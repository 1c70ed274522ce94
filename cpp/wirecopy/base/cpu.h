// Which instruction set the kernels use. Chosen once, at first use, from what the CPU has;
// WIRECOPY_CPU=scalar|avx2|avx512|neon forces one, and one the CPU lacks is refused.
#pragma once

#include <string_view>
#include <vector>

namespace wirecopy {

enum class CpuPath { kScalar, kAvx2, kAvx512, kNeon };

std::string_view cpu_path_name(CpuPath path);

// The paths this build holds and this CPU can run, best last; kScalar is always first.
std::vector<CpuPath> available_cpu_paths();

// The path in use. Throws InputError when WIRECOPY_CPU names an unknown or impossible one.
CpuPath cpu_path();

// Whether a CPU of the path kAvx512 also compresses bytes (all but the first such server CPUs).
bool cpu_has_vbmi2();

// Uses `path` from now on, in the whole process (for tests). Throws InputError when the CPU lacks
// it.
void force_cpu_path(CpuPath path);

}  // namespace wirecopy

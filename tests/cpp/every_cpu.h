// Tests that run on every instruction set of this machine.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "wirecopy/base/cpu.h"

namespace wirecopy {

class OnEveryCpu : public testing::TestWithParam<CpuPath> {
 protected:
  OnEveryCpu() : before_(cpu_path()) { force_cpu_path(GetParam()); }
  ~OnEveryCpu() override { force_cpu_path(before_); }

 private:
  CpuPath before_;
};

inline std::string cpu_name(const testing::TestParamInfo<CpuPath>& path) {
  return std::string(cpu_path_name(path.param));
}

}  // namespace wirecopy

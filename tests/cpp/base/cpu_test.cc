#include "wirecopy/base/cpu.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

constexpr CpuPath kAll[] = {CpuPath::kScalar, CpuPath::kAvx2, CpuPath::kAvx512, CpuPath::kNeon};

bool is_available(CpuPath path) {
  const std::vector<CpuPath> paths = available_cpu_paths();
  return std::find(paths.begin(), paths.end(), path) != paths.end();
}

TEST(Cpu, ScalarIsAlwaysFirst) {
  const std::vector<CpuPath> paths = available_cpu_paths();
  ASSERT_FALSE(paths.empty());
  EXPECT_EQ(paths.front(), CpuPath::kScalar);
  EXPECT_EQ(std::set<CpuPath>(paths.begin(), paths.end()).size(), paths.size());
}

TEST(Cpu, NamesDiffer) {
  std::set<std::string_view> names;
  for (const CpuPath path : kAll) names.insert(cpu_path_name(path));
  EXPECT_EQ(names, (std::set<std::string_view>{"scalar", "avx2", "avx512", "neon"}));
}

TEST(Cpu, ForceUsesAPathOrRefusesIt) {
  const CpuPath before = cpu_path();
  for (const CpuPath path : kAll) {
    if (is_available(path)) {
      force_cpu_path(path);
      EXPECT_EQ(cpu_path(), path);
    } else {
      EXPECT_THROW(force_cpu_path(path), InputError);
    }
  }
  force_cpu_path(before);
}

// The choice is made once a process, so each of these gets a process of its own.
class CpuEnvironmentDeathTest : public ::testing::Test {
 protected:
  void SetUp() override { ::testing::FLAGS_gtest_death_test_style = "threadsafe"; }

  [[noreturn]] static void choose(const char* wanted) {
    setenv("WIRECOPY_CPU", wanted, 1);
    try {
      std::fprintf(stderr, "chose %s", std::string(cpu_path_name(cpu_path())).c_str());
      std::exit(0);
    } catch (const InputError& error) {
      std::fprintf(stderr, "%s", error.what());
      std::exit(1);
    }
  }
};

TEST_F(CpuEnvironmentDeathTest, ForcesScalar) {
  EXPECT_EXIT(choose("scalar"), ::testing::ExitedWithCode(0), "chose scalar");
}

TEST_F(CpuEnvironmentDeathTest, EmptyIsTheBest) {
  const std::string best(cpu_path_name(available_cpu_paths().back()));
  EXPECT_EXIT(choose(""), ::testing::ExitedWithCode(0), "chose " + best);
}

TEST_F(CpuEnvironmentDeathTest, UnknownIsRefused) {
  EXPECT_EXIT(choose("mmx"), ::testing::ExitedWithCode(1),
              "WIRECOPY_CPU: 'mmx' is not available here; this machine can run: scalar");
}

TEST_F(CpuEnvironmentDeathTest, ImpossibleIsRefused) {
  const char* impossible = is_available(CpuPath::kNeon) ? "avx2" : "neon";
  EXPECT_EXIT(choose(impossible), ::testing::ExitedWithCode(1), "is not available here");
}

}  // namespace
}  // namespace wirecopy

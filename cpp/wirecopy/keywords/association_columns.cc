#include "wirecopy/keywords/association_columns.h"

#include <algorithm>
#include <array>
#include <utility>

#include "wirecopy/base/cpu.h"
#include "wirecopy/keywords/association_kernel.h"
#include "wirecopy/keywords/find_named.h"

namespace wirecopy {
namespace {

const kernel::AssociationKernel& loops() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return *kernel::association_avx2();
    case CpuPath::kAvx512: return *kernel::association_avx512();
#elif defined(__aarch64__)
    case CpuPath::kNeon: return *kernel::association_neon();
#endif
    default: return *kernel::association_scalar();
  }
}

using Loop = void (*kernel::AssociationKernel::*)(const kernel::Cells*, std::size_t, double*);
using Measure = double (*)(const Contingency&);

// A measure is a loop of a kernel, or else a function of one table; its p-value may be meant.
struct Named {
  std::string_view name;
  Loop loop = nullptr;
  Measure measure = nullptr;
  bool p_value = false;
};

constexpr std::array<Named, 28> kMeasures{{
    {.name = "g2", .loop = &kernel::AssociationKernel::signed_g2},
    {.name = "g2_two_term", .loop = &kernel::AssociationKernel::signed_g2_two_term},
    {.name = "p_value", .loop = &kernel::AssociationKernel::signed_g2, .p_value = true},
    {.name = "chi2", .loop = &kernel::AssociationKernel::signed_chi2},
    {.name = "chi2_p", .loop = &kernel::AssociationKernel::signed_chi2, .p_value = true},
    {.name = "chi2_yates", .loop = &kernel::AssociationKernel::signed_chi2_yates},
    {.name = "chi2_yates_p",
     .loop = &kernel::AssociationKernel::signed_chi2_yates,
     .p_value = true},
    {.name = "chi2_two_term",
     .measure = [](const Contingency& t) { return sign(t) * chi2_two_term(t); }},
    {.name = "fisher_p",
     .measure = [](const Contingency& t) { return fisher_exact(t, Tail::kTwoSided); }},
    {.name = "fisher_greater",
     .measure = [](const Contingency& t) { return fisher_exact(t, Tail::kGreater); }},
    {.name = "fisher_less",
     .measure = [](const Contingency& t) { return fisher_exact(t, Tail::kLess); }},
    {.name = "t_score", .measure = t_score},
    {.name = "z_score", .measure = z_score},
    {.name = "log_ratio", .loop = &kernel::AssociationKernel::log_ratio},
    {.name = "log_ratio_error", .measure = log_ratio_error},
    {.name = "percent_diff", .measure = percent_diff},
    {.name = "odds_ratio", .measure = odds_ratio},
    {.name = "difference_coefficient", .measure = difference_coefficient},
    {.name = "pmi", .measure = pmi},
    {.name = "npmi", .measure = npmi},
    {.name = "mi2", .measure = mi2},
    {.name = "mi3", .measure = mi3},
    {.name = "local_mi", .measure = local_mi},
    {.name = "dice", .measure = dice},
    {.name = "log_dice", .measure = log_dice},
    {.name = "delta_p_second", .measure = delta_p_second},
    {.name = "delta_p_first", .measure = delta_p_first},
    {.name = "sign", .measure = sign},
}};

constexpr auto kNames = [] {
  std::array<std::string_view, kMeasures.size()> names{};
  for (std::size_t i = 0; i < names.size(); ++i) names[i] = kMeasures[i].name;
  return names;
}();

// Tables between two looks for a stop.
constexpr std::size_t kPiece = 16384;

}  // namespace

void ContingencyColumns::reserve(std::size_t n) {
  for (std::vector<double>* cells : {&o11, &o12, &o21, &o22}) cells->reserve(n);
}

void ContingencyColumns::push_back(const Contingency& t) {
  o11.push_back(t.o11);
  o12.push_back(t.o12);
  o21.push_back(t.o21);
  o22.push_back(t.o22);
}

std::span<const std::string_view> association_measures() { return kNames; }

std::vector<double> association_column(std::string_view measure, const ContingencyColumns& tables,
                                       const Run& run) {
  const Named& found = find_named(kMeasures, measure, "measures", &Named::name);
  const kernel::AssociationKernel& kernel = loops();
  std::vector<double> out(tables.size());
  for (std::size_t begin = 0; begin < out.size(); begin += kPiece) {
    run.check();
    const std::size_t n = std::min(kPiece, out.size() - begin);
    if (found.loop == nullptr) {
      for (std::size_t i = begin; i < begin + n; ++i) {
        // Fisher's sums may be long.
        if (i % 256 == 0) run.check();
        out[i] = found.measure(tables[i]);
      }
      continue;
    }
    const kernel::Cells cells{&tables.o11[begin], &tables.o12[begin], &tables.o21[begin],
                              &tables.o22[begin]};
    (kernel.*found.loop)(&cells, n, &out[begin]);
    if (found.p_value) {
      std::array<double, kPiece / 64> statistics{};
      for (std::size_t i = begin; i < begin + n; i += statistics.size()) {
        const std::size_t some = std::min(statistics.size(), begin + n - i);
        std::copy_n(&out[i], some, statistics.begin());
        kernel.p_value(statistics.data(), some, &out[i]);
      }
    }
  }
  return out;
}

}  // namespace wirecopy

#include "wirecopy/keywords/joint_measures.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/find_named.h"

namespace wirecopy {
namespace {

constexpr double kSmoothing = 0.5;

double signed_g2(const Contingency& t) { return sign(t) * g2(t); }

double lambda(const JointTable& t) {
  double sum = 0;
  const std::span<const double> cells = t.used();
  for (std::size_t b = 0; b < cells.size(); ++b) {
    const bool minus = (t.n - static_cast<std::size_t>(std::popcount(b))) % 2 != 0;
    const double part = std::log(cells[b] + kSmoothing);
    sum += minus ? -part : part;
  }
  return sum;
}

double lambda_z(const JointTable& t) {
  double variance = 0;
  for (const double cell : t.used()) variance += 1 / (cell + kSmoothing);
  return lambda(t) / std::sqrt(variance);
}

double lambda_of_pair(const Contingency& t) { return lambda(JointTable::of(t)); }
double lambda_z_of_pair(const Contingency& t) { return lambda_z(JointTable::of(t)); }

// Calls back with the observed and the expected of each cell.
template <typename Body>
void each_cell(const JointTable& t, Body body) {
  const double all = t.all();
  std::array<double, 5> share{};
  for (std::size_t place = 0; place < t.n; ++place) share[place] = t.margin(place) / all;
  const std::span<const double> cells = t.used();
  for (std::size_t b = 0; b < cells.size(); ++b) {
    double expected = all;
    for (std::size_t place = 0; place < t.n; ++place) {
      expected *= (b >> place & 1) != 0 ? share[place] : 1 - share[place];
    }
    body(cells[b], expected);
  }
}

double g2_of_many(const JointTable& t) {
  double sum = 0;
  each_cell(t, [&sum](double observed, double expected) {
    // The parts O - E cancel over the table; each summand is then never negative.
    if (observed > 0) {
      sum += observed * std::log(observed / expected) - (observed - expected);
    } else {
      sum += expected;
    }
  });
  const double g2 = std::max(0.0, 2 * sum);
  return t.count() < t.expected() ? -g2 : g2;
}

double chi2_of_many(const JointTable& t) {
  double sum = 0;
  each_cell(t, [&sum](double observed, double expected) {
    if (expected > 0) sum += (observed - expected) * (observed - expected) / expected;
  });
  return sum;
}

double information(const JointTable& t, int power) {
  return std::log2(std::pow(t.count(), power) / t.expected());
}
double pmi_of_many(const JointTable& t) { return information(t, 1); }
double mi2_of_many(const JointTable& t) { return information(t, 2); }
double mi3_of_many(const JointTable& t) { return information(t, 3); }
double lmi_of_many(const JointTable& t) { return t.count() * information(t, 1); }
double npmi_of_many(const JointTable& t) {
  const double surprise = -std::log2(t.count() / t.all());
  if (surprise <= 0) return 1;
  return information(t, 1) / (static_cast<double>(t.n - 1) * surprise);
}
double t_of_many(const JointTable& t) { return (t.count() - t.expected()) / std::sqrt(t.count()); }
double z_of_many(const JointTable& t) {
  return (t.count() - t.expected()) / std::sqrt(t.expected());
}
double dice_of_many(const JointTable& t) {
  double margins = 0;
  for (std::size_t place = 0; place < t.n; ++place) margins += t.margin(place);
  return static_cast<double>(t.n) * t.count() / margins;
}
double log_dice_of_many(const JointTable& t) { return 14 + std::log2(dice_of_many(t)); }

constexpr std::array<JointMeasure, 15> kMeasures{{
    {"g2", signed_g2, g2_of_many},
    {"chi2", chi2, chi2_of_many},
    {"t", t_score, t_of_many},
    {"z", z_score, z_of_many},
    {"pmi", pmi, pmi_of_many},
    {"npmi", npmi, npmi_of_many},
    {"mi2", mi2, mi2_of_many},
    {"mi3", mi3, mi3_of_many},
    {"lmi", local_mi, lmi_of_many},
    {"dice", dice, dice_of_many},
    {"log_dice", log_dice, log_dice_of_many},
    {"delta_p_second", delta_p_second, nullptr},
    {"delta_p_first", delta_p_first, nullptr},
    {"lambda", lambda_of_pair, lambda},
    {"lambda_z", lambda_z_of_pair, lambda_z},
}};

}  // namespace

double JointTable::all() const {
  double sum = 0;
  for (const double cell : used()) sum += cell;
  return sum;
}

double JointTable::margin(std::size_t place) const {
  double sum = 0;
  for (std::size_t b = 0; b < used().size(); ++b) {
    if ((b >> place & 1) != 0) sum += cells[b];
  }
  return sum;
}

double JointTable::expected() const {
  const double whole = all();
  double product = whole;
  for (std::size_t place = 0; place < n; ++place) product *= margin(place) / whole;
  return product;
}

JointTable JointTable::of(const Contingency& pair) {
  return {2, {pair.o22, pair.o12, pair.o21, pair.o11}};
}

JointTable JointTable::of_at_least(std::size_t n, std::span<const double> counts) {
  JointTable table;
  table.n = n;
  std::copy(counts.begin(), counts.end(), table.cells.begin());
  // Möbius inversion: what has a word at a place is taken from what may have it or not.
  for (std::size_t place = 0; place < n; ++place) {
    const std::size_t bit = std::size_t{1} << place;
    for (std::size_t b = 0; b < counts.size(); ++b) {
      if ((b & bit) == 0) table.cells[b] -= table.cells[b | bit];
    }
  }
  // Weighted sums are rounded: a cell that would be next to 0 is 0.
  const double least = counts[0] * 1e-12;
  for (double& cell : table.cells) {
    if (cell < least) cell = 0;
  }
  return table;
}

std::span<const JointMeasure> joint_measures() { return kMeasures; }

std::vector<const JointMeasure*> find_measures(const std::vector<std::string>& names, int longest) {
  std::vector<const JointMeasure*> found;
  for (const std::string& name : names) {
    const JointMeasure& measure = find_named(kMeasures, name, "measures", &JointMeasure::name);
    if (longest > 2 && measure.of_many == nullptr) {
      throw InputError("measures", "'" + name + "' is for two words only, not for length " +
                                       std::to_string(longest));
    }
    found.push_back(&measure);
  }
  return found;
}

}  // namespace wirecopy

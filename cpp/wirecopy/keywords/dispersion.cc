#include "wirecopy/keywords/dispersion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "wirecopy/keywords/association_kernel_portable.h"
#include "wirecopy/keywords/weights.h"

namespace wirecopy {
namespace {

using kernel::log2_of;

// What the measures need of the parts: the same for all terms of a length.
struct Parts {
  std::span<const double> sizes;
  std::span<const double> repeats;
  double number = 0;
  double words = 0;
  double least_share = 1;

  Parts(std::span<const double> sizes_, std::span<const double> repeats_)
      : sizes(sizes_), repeats(repeats_) {
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t part = 0; part < sizes.size(); ++part) {
      if (sizes[part] <= 0 || repeat(part) <= 0) continue;
      number += repeat(part);
      words += repeat(part) * sizes[part];
      least = std::min(least, sizes[part]);
    }
    if (words > 0) least_share = std::min(1.0, least / words);
  }
  double repeat(std::size_t part) const { return repeats.empty() ? 1 : repeats[part]; }
};

Dispersion of_term(std::span<const PartCounts::Entry> entries, const Parts& parts) {
  Dispersion d;
  double rates = 0;
  for (const PartCounts::Entry& entry : entries) {
    const double repeat = parts.repeat(entry.part);
    d.frequency += repeat * entry.count;
    d.range += repeat;
    rates += repeat * (entry.count / parts.sizes[entry.part]);
  }
  d.frequency = whole_if_near(d.frequency);
  d.range = whole_if_near(d.range);
  if (d.frequency <= 0) {
    d.dp = 1;
    d.dp_norm = 1;
    d.kl_divergence = parts.words > 0 ? -log2_of(parts.least_share) : 0;
    return d;
  }
  const double mean = rates / parts.number;
  // Parts without the term miss the mean by all of it.
  double squares = std::max(0.0, parts.number - d.range) * mean * mean;
  double entropy = 0;
  double roots = 0;
  for (const PartCounts::Entry& entry : entries) {
    const double repeat = parts.repeat(entry.part);
    const double size = parts.sizes[entry.part];
    const double rate = entry.count / size;
    const double share = size / parts.words;
    const double part_of_term = entry.count / d.frequency;
    squares += repeat * (rate - mean) * (rate - mean);
    entropy -= repeat * (rate / rates) * log2_of(rate / rates);
    roots += repeat * std::sqrt(share * entry.count);
    // The excesses and the lacks add up to the same.
    d.dp += repeat * std::max(0.0, part_of_term - share);
    d.kl_divergence += repeat * part_of_term * log2_of(part_of_term / share);
  }
  const bool several = parts.number > 1;
  const auto bounded = [](double x) { return std::clamp(x, 0.0, 1.0); };
  d.juilland_d =
      several ? bounded(1 - std::sqrt(squares / parts.number) / mean / std::sqrt(parts.number - 1))
              : 1;
  d.carroll_d2 = several ? bounded(entropy / log2_of(parts.number)) : 1;
  d.rosengren_s = bounded(roots * roots / d.frequency);
  d.dp = bounded(d.dp);
  d.dp_norm = parts.least_share < 1 ? bounded(d.dp / (1 - parts.least_share)) : 0;
  d.kl_divergence = std::max(0.0, d.kl_divergence);
  return d;
}

}  // namespace

Dispersion dispersion(std::span<const PartCounts::Entry> entries, std::span<const double> sizes,
                      std::span<const double> repeats) {
  return of_term(entries, Parts(sizes, repeats));
}

Table dispersion_table(const PartCounts& counts, std::span<const double> repeats, const Run& run) {
  std::vector<Parts> parts;
  for (int n = counts.min_n; n <= counts.max_n; ++n) {
    parts.emplace_back(counts.sizes_of(n), repeats);
  }
  constexpr std::array kNames{"frequency",   "range", "range_share", "juilland_d",   "carroll_d2",
                              "rosengren_s", "dp",    "dp_norm",     "kl_divergence"};
  std::array<std::vector<double>, kNames.size()> columns;
  Strings terms;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (i % 1024 == 0) run.check();
    const Parts& of_length = parts[static_cast<std::size_t>(counts.n[i] - counts.min_n)];
    const Dispersion d = of_term(counts.of(i), of_length);
    terms.push_back(counts.terms[i]);
    const double range_share = of_length.number > 0 ? d.range / of_length.number : 0;
    const std::array row{d.frequency,   d.range, range_share, d.juilland_d,   d.carroll_d2,
                         d.rosengren_s, d.dp,    d.dp_norm,   d.kl_divergence};
    for (std::size_t c = 0; c < row.size(); ++c) columns[c].push_back(row[c]);
  }
  Table table;
  table.add("term", std::move(terms));
  table.add("n", counts.n);
  for (std::size_t c = 0; c < kNames.size(); ++c) table.add(kNames[c], std::move(columns[c]));
  return table;
}

}  // namespace wirecopy

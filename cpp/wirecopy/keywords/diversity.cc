#include "wirecopy/keywords/diversity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

#include "wirecopy/keywords/exact_sum.h"
#include "wirecopy/keywords/find_named.h"

namespace wirecopy {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// What is added up over the texts of a group.
struct Sums {
  ExactSum tokens;
  std::vector<double> frequencies;  // of each type
  ExactSum window_ratios;
  ExactSum windows;
  ExactSum forward_factors;
  ExactSum backward_factors;

  double all() const { return tokens.value(); }
  auto types() const { return static_cast<double>(frequencies.size()); }
  // Sum of f^2, in whatever order the types come.
  double squares() const {
    ExactSum sum;
    for (const double f : frequencies) sum.add(f * f);
    return sum.value();
  }
};

double ttr(const Sums& s, const DiversityOptions&) { return s.types() / s.all(); }

double guiraud_r(const Sums& s, const DiversityOptions&) { return s.types() / std::sqrt(s.all()); }

double herdan_c(const Sums& s, const DiversityOptions&) {
  return s.all() <= 1 ? 1 : std::log(s.types()) / std::log(s.all());
}

double maas(const Sums& s, const DiversityOptions&) {
  if (s.all() <= 1) return 0;
  const double tokens = std::log10(s.all());
  return std::sqrt(std::max(0.0, tokens - std::log10(s.types()))) / tokens;
}

double yule_k(const Sums& s, const DiversityOptions&) {
  return 1e4 * (s.squares() - s.all()) / (s.all() * s.all());
}

double yule_i(const Sums& s, const DiversityOptions&) {
  const double repeated = s.squares() - s.types();
  return repeated > 0 ? s.types() * s.types() / repeated : std::numeric_limits<double>::infinity();
}

double simpson_d(const Sums& s, const DiversityOptions&) {
  return s.all() <= 1 ? 0 : (s.squares() - s.all()) / (s.all() * (s.all() - 1));
}

double hdd(const Sums& s, const DiversityOptions& options) {
  const double all = s.all();
  const auto sample = static_cast<double>(options.sample);
  if (all < sample) return kNaN;
  const auto chance_of_none = [&](double f) {
    double chance = 1;
    double drawn = 0;
    while (drawn < sample && chance > 0) {
      chance *= std::max(0.0, all - f - drawn) / (all - drawn);
      ++drawn;
    }
    return chance;
  };
  // Most types are rare, and have one of a few frequencies.
  std::array<double, 256> known;
  known.fill(kNaN);
  ExactSum sum;
  for (const double f : s.frequencies) {
    const bool small = f < static_cast<double>(known.size()) && f == std::floor(f);
    if (!small) {
      sum.add(1 - chance_of_none(f));
      continue;
    }
    double& chance = known[static_cast<std::size_t>(f)];
    if (std::isnan(chance)) chance = chance_of_none(f);
    sum.add(1 - chance);
  }
  return sum.value() / sample;
}

double mattr(const Sums& s, const DiversityOptions&) {
  return s.window_ratios.value() / s.windows.value();
}

double mtld(const Sums& s, const DiversityOptions&) {
  const double forward = s.forward_factors.value();
  const double backward = s.backward_factors.value();
  if (forward <= 0 || backward <= 0) return kNaN;
  return (s.all() / forward + s.all() / backward) / 2;
}

struct Measure {
  std::string_view name;
  double (*of)(const Sums&, const DiversityOptions&);
};

constexpr std::array<Measure, 10> kMeasures{{{"ttr", ttr},
                                             {"mattr", mattr},
                                             {"mtld", mtld},
                                             {"hdd", hdd},
                                             {"yule_k", yule_k},
                                             {"yule_i", yule_i},
                                             {"simpson_d", simpson_d},
                                             {"herdan_c", herdan_c},
                                             {"guiraud_r", guiraud_r},
                                             {"maas", maas}}};

std::vector<const Measure*> find_measures(const std::vector<std::string>& names) {
  std::vector<const Measure*> found;
  found.reserve(names.size());
  for (const std::string& name : names) {
    found.push_back(&find_named(kMeasures, name, "measures", &Measure::name));
  }
  return found;
}

// One worker's tools: an entry a word, cleared after each use.
class Reader {
 public:
  Reader(std::size_t vocabulary, const DiversityOptions& options)
      : options_(options), sums_(vocabulary), in_window_(vocabulary), seen_(vocabulary) {}

  Sums read(const Tokens& tokens, std::span<const std::uint32_t> texts, const TextWeights& weights,
            const Run& run) {
    Sums result;
    for (const std::uint32_t text : texts) {
      const double weight = weights[text];
      const std::span<const std::uint32_t> ids = tokens.text(text);
      if (weight == 0 || ids.empty()) continue;
      run.check();
      result.tokens.add(weight * static_cast<double>(ids.size()));
      for (const std::uint32_t id : ids) {
        if (sums_[id].value() == 0) types_.push_back(id);
        sums_[id].add(weight);
      }
      add_windows(ids, weight, result);
      result.forward_factors.add(weight * factors(ids.begin(), ids.end()));
      result.backward_factors.add(weight * factors(ids.rbegin(), ids.rend()));
    }
    for (const std::uint32_t id : types_) {
      result.frequencies.push_back(sums_[id].value());
      sums_[id] = ExactSum();
    }
    types_.clear();
    return result;
  }

 private:
  void add_windows(std::span<const std::uint32_t> ids, double weight, Sums& result) {
    const std::size_t window = std::min(options_.window, ids.size());
    std::uint64_t types = 0;
    std::uint64_t all_types = 0;  // of all windows
    for (std::size_t i = 0; i < ids.size(); ++i) {
      if (in_window_[ids[i]]++ == 0) ++types;
      if (i + 1 < window) continue;
      all_types += types;
      if (--in_window_[ids[i + 1 - window]] == 0) --types;
    }
    for (std::size_t i = ids.size() - (window - 1); i < ids.size(); ++i) in_window_[ids[i]] = 0;
    const std::size_t windows = ids.size() - window + 1;
    result.window_ratios.add(weight * static_cast<double>(all_types) / static_cast<double>(window));
    result.windows.add(weight * static_cast<double>(windows));
  }

  template <typename Iterator>
  double factors(const Iterator& begin, const Iterator& end) {
    double factors = 0;
    double tokens = 0;
    double types = 0;
    ++round_;
    for (Iterator it = begin; it != end; ++it) {
      ++tokens;
      if (seen_[*it] != round_) ++types;
      seen_[*it] = round_;
      if (types < options_.threshold * tokens) {
        ++factors;
        tokens = types = 0;
        ++round_;
      }
    }
    if (tokens > 0) factors += (1 - types / tokens) / (1 - options_.threshold);
    return factors;
  }

  const DiversityOptions& options_;
  std::vector<ExactSum> sums_;            // [word]: of the group
  std::vector<std::uint32_t> types_;      // words of the group
  std::vector<std::uint32_t> in_window_;  // [word]
  std::vector<std::uint64_t> seen_;       // [word]: last factor that has it
  std::uint64_t round_ = 0;
};

}  // namespace

Table lexical_diversity(const Tokens& tokens, std::span<const std::int64_t> groups,
                        std::size_t group_count, std::span<const double> weight_values,
                        const DiversityOptions& options, const Run& run) {
  const std::vector<const Measure*> measures = find_measures(options.measures);
  const TextWeights weights(weight_values);
  // The texts of each group, end to end.
  std::vector<std::size_t> ends(group_count + 1);
  for (const std::int64_t group : groups) {
    if (group >= 0) ++ends[static_cast<std::size_t>(group) + 1];
  }
  for (std::size_t i = 1; i < ends.size(); ++i) ends[i] += ends[i - 1];
  std::vector<std::uint32_t> texts(ends.back());
  std::vector<std::size_t> next = ends;
  for (std::size_t text = 0; text < groups.size(); ++text) {
    if (groups[text] < 0) continue;
    texts[next[static_cast<std::size_t>(groups[text])]++] = static_cast<std::uint32_t>(text);
  }

  std::vector<double> all(group_count);
  std::vector<std::int64_t> types(group_count);
  std::vector<std::vector<double>> values(measures.size(), std::vector<double>(group_count, kNaN));
  std::vector<Reader> readers(static_cast<std::size_t>(run.threads),
                              Reader(tokens.vocabulary.size(), options));
  run.begin("measuring diversity", group_count);
  parallel_for(run, group_count, 16, [&](int worker, std::size_t begin, std::size_t end) {
    for (std::size_t group = begin; group < end; ++group) {
      const auto members = std::span(texts).subspan(ends[group], ends[group + 1] - ends[group]);
      const Sums sums =
          readers[static_cast<std::size_t>(worker)].read(tokens, members, weights, run);
      all[group] = sums.all();
      types[group] = static_cast<std::int64_t>(sums.frequencies.size());
      if (sums.frequencies.empty()) continue;
      for (std::size_t m = 0; m < measures.size(); ++m) {
        values[m][group] = measures[m]->of(sums, options);
      }
    }
    run.advance(end - begin);
  });
  Table table;
  table.add("tokens", std::move(all));
  table.add("types", std::move(types));
  for (std::size_t m = 0; m < measures.size(); ++m) {
    table.add(std::string(measures[m]->name), std::move(values[m]));
  }
  return table;
}

}  // namespace wirecopy

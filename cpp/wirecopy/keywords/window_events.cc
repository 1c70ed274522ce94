#include "wirecopy/keywords/window_events.h"

#include <algorithm>

namespace wirecopy {

WindowEvents::WindowEvents(const Stretches& stretches, std::span<const double> weight_values,
                           Window window) {
  const TextWeights weights(weight_values);
  const std::vector<ExactSum> frequency = word_sums(stretches.tokens(), weights);
  // As if every window were whole; then less what the ends of the stretches cut off.
  const auto whole = static_cast<double>(window.left + window.right);
  std::vector<ExactSum> focus(frequency.size());
  std::vector<ExactSum> neighbour(frequency.size());
  for (std::size_t id = 0; id < frequency.size(); ++id) {
    focus[id].add(whole * frequency[id].value());
    neighbour[id].add(whole * frequency[id].value());
  }
  ExactSum all;
  const std::size_t reach = std::max(window.left, window.right);
  for (std::size_t s = 0; s < stretches.size(); ++s) {
    const double weight = weights[stretches.text(s)];
    if (weight == 0) continue;
    const std::span<const std::uint32_t> ids = stretches.ids(s);
    all.add(weight * whole * static_cast<double>(ids.size()));
    const auto cut = [&](std::size_t i) {
      const std::size_t before = i;
      const std::size_t after = ids.size() - 1 - i;
      const std::size_t seen = std::min(before, window.left) + std::min(after, window.right);
      const std::size_t seen_by = std::min(before, window.right) + std::min(after, window.left);
      focus[ids[i]].add(-weight * (whole - static_cast<double>(seen)));
      neighbour[ids[i]].add(-weight * (whole - static_cast<double>(seen_by)));
      all.add(-weight * (whole - static_cast<double>(seen)));
    };
    if (ids.size() <= 2 * reach) {
      for (std::size_t i = 0; i < ids.size(); ++i) cut(i);
    } else {
      for (std::size_t i = 0; i < reach; ++i) cut(i);
      for (std::size_t i = ids.size() - reach; i < ids.size(); ++i) cut(i);
    }
  }
  const auto value = [](const ExactSum& sum) { return std::max(0.0, sum.value()); };
  for (const ExactSum& sum : focus) focus_.push_back(value(sum));
  for (const ExactSum& sum : neighbour) neighbour_.push_back(value(sum));
  all_ = value(all);
}

}  // namespace wirecopy

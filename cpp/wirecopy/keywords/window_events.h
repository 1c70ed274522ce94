// All events that a token has another one in its window: the sample that co-occurrence within a
// window is measured in (Evert 2008, "Corpora and collocations", surface co-occurrence).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "wirecopy/keywords/collocations.h"
#include "wirecopy/keywords/stretches.h"

namespace wirecopy {

class WindowEvents {
 public:
  WindowEvents(const Stretches& stretches, std::span<const double> weights, Window window);

  // Words in the windows of the word's tokens.
  double focus(std::uint32_t word) const { return focus_[word]; }
  // Tokens that have one of the word's tokens in their window.
  double neighbour(std::uint32_t word) const { return neighbour_[word]; }
  double all() const { return all_; }

 private:
  std::vector<double> focus_;
  std::vector<double> neighbour_;
  double all_ = 0;
};

}  // namespace wirecopy

// Counts as Python holds them.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "wirecopy/keywords/counts.h"

// Counts, and where each term stands in them once somebody asks.
class CountsAndIndex {
 public:
  CountsAndIndex() = default;
  explicit CountsAndIndex(wirecopy::Counts from) : counts(std::move(from)) {}

  wirecopy::Counts counts;

  // Row of a term: as it is, or of what it is counted as.
  std::optional<std::size_t> find(const std::string& text, bool as_it_is) const {
    std::call_once(indexed_, [this] { index_ = wirecopy::index_terms(counts); });
    const auto found = index_.find(as_it_is ? text : wirecopy::normalize_term(text));
    if (found == index_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::once_flag indexed_;
  mutable wirecopy::TermIndex index_;
};

using SharedCounts = std::shared_ptr<CountsAndIndex>;

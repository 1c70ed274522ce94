// How often terms occur in each part of a corpus: what dispersion and trends are computed from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

struct PartCounts {
  struct Entry {
    std::uint32_t part;
    double count;      // occurrences
    double documents;  // texts that have it in this part
  };

  Strings terms;
  std::vector<std::int64_t> n;  // words in the term
  // Term t occurs in the parts of entries[starts[t], starts[t + 1]), ascending, and in no others.
  std::vector<std::size_t> starts{0};
  std::vector<Entry> entries;
  // N-grams of the lengths counted in each part: sizes[(length - min_n) * parts + part].
  std::vector<double> sizes;
  std::vector<double> texts;  // [part]: texts that are not null, empty ones included
  std::size_t parts = 0;
  int min_n = 1;
  int max_n = 1;

  std::size_t size() const { return n.size(); }
  std::span<const Entry> of(std::size_t term) const {
    return std::span(entries).subspan(starts[term], starts[term + 1] - starts[term]);
  }
  std::span<const double> sizes_of(std::int64_t length) const {
    return std::span(sizes).subspan(static_cast<std::size_t>(length - min_n) * parts, parts);
  }
};

inline constexpr std::uint32_t kNoPart = std::numeric_limits<std::uint32_t>::max();

struct PartOptions {
  int min_n = 1;
  int max_n = 1;
  // Only these, normalized and in this order, whether they occur or not; all where it is empty.
  // Then the order is by n, frequency (most frequent first) and bytes.
  std::vector<std::string> terms = {};
  // For the order: how many such parts each one stands for, one each where it is empty.
  std::span<const double> repeats = {};
};

// `part_of` has the part of each text, below `parts`, or kNoPart for one left out, as null rows
// are. What an occurrence adds is the weight of its text, 1 where `weights` is empty. Sums are
// taken in the order of the texts, and those that miss a whole number by rounding only are that
// number. Throws InputError("terms", i, ...) for a term without a word, of another length than is
// counted, or given twice.
PartCounts count_in_parts(const TextColumn& texts, std::span<const std::uint32_t> part_of,
                          std::size_t parts, std::span<const double> weights,
                          const PartOptions& options, const Run& run);

// The same for parts of equally many words: the texts of weight above 0 are put end to end, and the
// word at position i of N is in part i * parts / N, rounded down. An n-gram is where it begins.
PartCounts count_in_equal_parts(const TextColumn& texts, std::size_t parts,
                                std::span<const double> weights, const PartOptions& options,
                                const Run& run);

}  // namespace wirecopy

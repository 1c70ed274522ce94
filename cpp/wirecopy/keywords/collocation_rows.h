// Rows of a table of collocations: what they say, their measures, their order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/keywords/joint_measures.h"

namespace wirecopy {

struct CollocationRow {
  std::array<std::uint32_t, 5> words{};
  std::uint32_t n = 2;
  std::uint32_t group = 0;  // rows of a lesser one come first
  double count = 0;
  double left = 0;  // of count, in the left window of a node
  double documents = 0;
};

class CollocationRows {
 public:
  // Borrows the vocabulary. Throws InputError for measures that are not known or, with `longest` >
  // 2, only for pairs, and for a `sort` that is none of them nor "count".
  CollocationRows(const Strings& vocabulary, const std::vector<std::string>& measures,
                  const std::string& sort, int longest);

  std::size_t size() const { return rows_.size(); }
  CollocationRow& operator[](std::size_t i) { return rows_[i]; }
  void resize(std::size_t size);

  // Measures the rows from `first` on by contingency(row).
  template <typename Contingencies>
  void measure(std::size_t first, const Run& run, Contingencies contingency) {
    parallel_for(run, size() - first, 1024, [&](int, std::size_t begin, std::size_t end) {
      for (std::size_t i = first + begin; i < first + end; ++i) {
        measure_pair(i, contingency(rows_[i]));
      }
    });
  }
  // By one table a row.
  void measure(std::size_t first, const Run& run, const std::vector<JointTable>& tables);

  // Leaves out rows with no greater count.
  void drop_up_to(double count);
  // By group; then the sort column and count, greatest first; then the bytes of the words.
  void sort(const Run& run);

  // Columns, in order.
  Strings phrases() const;
  Strings words_at(std::size_t place) const;
  std::vector<std::int64_t> lengths() const;
  template <typename Value>
  std::vector<double> numbers(Value value) const {
    std::vector<double> column;
    column.reserve(order_.size());
    for (const std::size_t i : order_) column.push_back(value(rows_[i]));
    return column;
  }
  // Columns word_1, word_2, count, and what add_measures adds.
  Table pair_table() const;
  // Adds documents, expected and the measures.
  void add_measures(Table& table) const;
  const CollocationRow& in_order(std::size_t i) const { return rows_[order_[i]]; }
  std::size_t given() const { return order_.size(); }

 private:
  void measure_pair(std::size_t i, const Contingency& pair);

  const Strings& vocabulary_;
  std::vector<const JointMeasure*> measures_;
  std::size_t sort_by_;  // of measures_; their number for "count"
  std::vector<CollocationRow> rows_;
  std::vector<double> expected_;
  std::vector<std::vector<double>> values_;  // [measure][row]
  std::vector<std::size_t> order_;
};

}  // namespace wirecopy

#include "wirecopy/keywords/collocation_rows.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "wirecopy/base/error.h"

namespace wirecopy {

CollocationRows::CollocationRows(const Strings& vocabulary,
                                 const std::vector<std::string>& measures, const std::string& sort,
                                 int longest)
    : vocabulary_(vocabulary),
      measures_(find_measures(measures, longest)),
      values_(measures_.size()) {
  const auto found = std::find(measures.begin(), measures.end(), sort);
  if (found == measures.end() && sort != "count") {
    throw InputError("sort", "'" + sort + "'; must be 'count' or one of the measures asked for");
  }
  sort_by_ = static_cast<std::size_t>(found - measures.begin());
}

void CollocationRows::resize(std::size_t size) {
  const std::size_t before = rows_.size();
  rows_.resize(size);
  expected_.resize(size);
  for (std::vector<double>& column : values_) column.resize(size);
  order_.resize(size);
  std::iota(order_.begin() + static_cast<std::ptrdiff_t>(before), order_.end(), before);
}

void CollocationRows::measure_pair(std::size_t i, const Contingency& pair) {
  expected_[i] = pair.expected11();
  for (std::size_t m = 0; m < measures_.size(); ++m) values_[m][i] = measures_[m]->of_pair(pair);
}

void CollocationRows::measure(std::size_t first, const Run& run,
                              const std::vector<JointTable>& tables) {
  parallel_for(run, tables.size(), 1024, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      expected_[first + i] = tables[i].expected();
      for (std::size_t m = 0; m < measures_.size(); ++m) {
        values_[m][first + i] = measures_[m]->of_many(tables[i]);
      }
    }
  });
}

void CollocationRows::drop_up_to(double count) {
  std::erase_if(order_, [&](std::size_t i) { return rows_[i].count <= count; });
}

void CollocationRows::sort(const Run& run) {
  const auto key = [this](std::size_t i) {
    return sort_by_ < values_.size() ? values_[sort_by_][i] : rows_[i].count;
  };
  run.check();
  std::sort(order_.begin(), order_.end(), [&](std::size_t x, std::size_t y) {
    const CollocationRow& a = rows_[x];
    const CollocationRow& b = rows_[y];
    if (a.group != b.group) return a.group < b.group;
    if (key(x) != key(y)) return key(x) > key(y);
    if (a.count != b.count) return a.count > b.count;
    return std::lexicographical_compare(a.words.begin(), a.words.begin() + a.n, b.words.begin(),
                                        b.words.begin() + b.n,
                                        [this](std::uint32_t v, std::uint32_t w) {
                                          return v != w && vocabulary_[v] < vocabulary_[w];
                                        });
  });
  run.check();
}

Strings CollocationRows::phrases() const {
  Strings phrases;
  std::string phrase;
  for (const std::size_t i : order_) {
    phrase.clear();
    for (std::size_t place = 0; place < rows_[i].n; ++place) {
      if (place > 0) phrase.push_back(' ');
      phrase.append(vocabulary_[rows_[i].words[place]]);
    }
    phrases.push_back(phrase);
  }
  return phrases;
}

Strings CollocationRows::words_at(std::size_t place) const {
  Strings words;
  for (const std::size_t i : order_) words.push_back(vocabulary_[rows_[i].words[place]]);
  return words;
}

std::vector<std::int64_t> CollocationRows::lengths() const {
  std::vector<std::int64_t> lengths;
  lengths.reserve(order_.size());
  for (const std::size_t i : order_) lengths.push_back(rows_[i].n);
  return lengths;
}

Table CollocationRows::pair_table() const {
  Table table;
  table.add("word_1", words_at(0));
  table.add("word_2", words_at(1));
  table.add("count", numbers([](const CollocationRow& row) { return row.count; }));
  add_measures(table);
  return table;
}

void CollocationRows::add_measures(Table& table) const {
  table.add("documents", numbers([](const CollocationRow& row) { return row.documents; }));
  const auto in_order = [this](const std::vector<double>& values) {
    std::vector<double> column;
    column.reserve(order_.size());
    for (const std::size_t i : order_) column.push_back(values[i]);
    return column;
  };
  table.add("expected", in_order(expected_));
  for (std::size_t m = 0; m < measures_.size(); ++m) {
    table.add(std::string(measures_[m]->name), in_order(values_[m]));
  }
}

}  // namespace wirecopy

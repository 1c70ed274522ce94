#include "wirecopy/keywords/collocation_rows.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "wirecopy/base/error.h"
#include "wirecopy/keywords/radix_sort.h"
#include "wirecopy/keywords/tokens.h"

namespace wirecopy {
namespace {

// A number that is the smaller the greater `value`, the same for 0 and -0.
std::uint64_t descending(double value) {
  constexpr std::uint64_t kSign = std::uint64_t{1} << 63;
  const auto bits = std::bit_cast<std::uint64_t>(value + 0.0);
  return (bits & kSign) != 0 ? bits : ~(bits | kSign);
}

}  // namespace

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

// A radix sort keeps the order of equals: so by what counts least first.
void CollocationRows::sort(const Run& run) {
  std::vector<std::uint32_t> rank(vocabulary_.size());  // [word]: its place by bytes, from 1
  for (std::uint32_t place = 0; const std::uint32_t id : words_in_order(vocabulary_)) {
    rank[id] = ++place;
  }
  std::vector<Keyed> records;
  records.reserve(order_.size());
  for (const std::size_t i : order_) records.push_back({0, static_cast<std::uint32_t>(i)});
  std::vector<Keyed> scratch;
  const auto sort_by = [&](auto key) {
    run.check();
    for (Keyed& record : records) record.key = key(record.value);
    radix_sort(records, scratch, [](const Keyed& record) { return record.key; });
  };
  // A phrase stands before those that go on from it.
  const auto word = [&](std::uint32_t i, std::size_t place) -> std::uint64_t {
    return place < rows_[i].n ? rank[rows_[i].words[place]] : 0;
  };
  sort_by([&](std::uint32_t i) { return word(i, 4); });
  sort_by([&](std::uint32_t i) { return word(i, 2) << 32 | word(i, 3); });
  sort_by([&](std::uint32_t i) { return word(i, 0) << 32 | word(i, 1); });
  sort_by([&](std::uint32_t i) { return descending(rows_[i].count); });
  if (sort_by_ < values_.size()) {
    const std::vector<double>& values = values_[sort_by_];
    sort_by([&](std::uint32_t i) { return descending(values[i]); });
  }
  sort_by([&](std::uint32_t i) { return std::uint64_t{rows_[i].group}; });
  for (std::size_t i = 0; i < records.size(); ++i) order_[i] = records[i].value;
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

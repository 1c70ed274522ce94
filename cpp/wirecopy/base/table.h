// A result table: named columns of equal length that own their values and move to whoever asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace wirecopy {

// Strings of one column, end to end in one buffer (Arrow's large_string layout).
struct Strings {
  std::vector<std::int64_t> offsets{0};
  std::string bytes;

  std::size_t size() const { return offsets.size() - 1; }
  std::string_view operator[](std::size_t i) const {
    return std::string_view(bytes).substr(static_cast<std::size_t>(offsets[i]),
                                          static_cast<std::size_t>(offsets[i + 1] - offsets[i]));
  }
  void push_back(std::string_view s) {
    bytes.append(s);
    offsets.push_back(static_cast<std::int64_t>(bytes.size()));
  }
  void append(const Strings& more) {
    const auto base = static_cast<std::int64_t>(bytes.size());
    bytes += more.bytes;
    for (std::size_t i = 1; i < more.offsets.size(); ++i) {
      offsets.push_back(base + more.offsets[i]);
    }
  }
};

struct Bools {
  std::vector<std::uint8_t> values;  // 0 or 1
  std::size_t size() const { return values.size(); }
};

// Microseconds since 1970 in UTC.
struct Times {
  static constexpr std::int64_t kUnknown = std::numeric_limits<std::int64_t>::min();  // NumPy's NaT
  std::vector<std::int64_t> micros;
  std::size_t size() const { return micros.size(); }
};

using ColumnValues =
    std::variant<std::vector<std::int64_t>, std::vector<double>, Bools, Strings, Times>;

struct Column {
  std::string name;
  ColumnValues values;

  std::size_t size() const {
    return std::visit([](const auto& v) { return v.size(); }, values);
  }
};

struct Table {
  std::vector<Column> columns;

  std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  void add(std::string name, ColumnValues values) {
    columns.push_back({std::move(name), std::move(values)});
  }
};

}  // namespace wirecopy

#include "table.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "register.h"
#include "strings.h"
#include "wirecopy/base/arrow_export.h"

namespace py = pybind11;
using wirecopy::Bools;
using wirecopy::Column;
using wirecopy::ColumnValues;
using wirecopy::Strings;
using wirecopy::Table;
using wirecopy::Times;

namespace {

using SharedTable = std::shared_ptr<Table>;

// ---- out ----------------------------------------------------------------------------------------

// Read-only, because the same memory may be in an Arrow consumer's hands.
py::array borrow(const SharedTable& table, const py::dtype& type, std::size_t count,
                 const void* data) {
  const py::array::ShapeContainer shape{static_cast<py::ssize_t>(count)};
  py::array array(type, shape, data, py::cast(table));
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

// Columns such as a verdict repeat a few words a million times: a small cache of the last strings
// made hands out one object for them.
class StringMaker {
 public:
  py::object make(std::string_view text) {
    if (text.size() > kMaxCached) return to_str(text);
    Slot& slot = slots_[std::hash<std::string_view>{}(text) % slots_.size()];
    if (!slot.object || slot.text != text) {
      slot.object = to_str(text);
      slot.text = text;
    }
    return slot.object;
  }

 private:
  static constexpr std::size_t kMaxCached = 64;
  struct Slot {
    std::string_view text;
    py::object object;
  };
  std::array<Slot, 128> slots_;
};

py::array to_objects(const Strings& strings, std::size_t count) {
  const py::array::ShapeContainer shape{static_cast<py::ssize_t>(count)};
  py::array array(py::dtype("O"), shape);
  auto** objects = static_cast<PyObject**>(array.mutable_data());
  StringMaker maker;
  for (std::size_t i = 0; i < count; ++i) {
    // NumPy fills new object arrays with null or None; either is replaced here.
    PyObject* previous = objects[i];
    objects[i] = maker.make(strings[i]).release().ptr();
    Py_XDECREF(previous);
  }
  return array;
}

// The first `limit` rows of a column, or all.
py::array column_of(const SharedTable& table, const std::string& name,
                    std::optional<std::size_t> limit) {
  for (const Column& column : table->columns) {
    if (column.name != name) continue;
    struct Visitor {
      const SharedTable& owner;
      std::size_t count;
      py::array operator()(const std::vector<std::int64_t>& v) const {
        return borrow(owner, py::dtype::of<std::int64_t>(), count, v.data());
      }
      py::array operator()(const std::vector<double>& v) const {
        return borrow(owner, py::dtype::of<double>(), count, v.data());
      }
      py::array operator()(const Bools& v) const {
        return borrow(owner, py::dtype::of<bool>(), count, v.values.data());
      }
      py::array operator()(const Strings& v) const { return to_objects(v, count); }
      py::array operator()(const Times& v) const {
        return borrow(owner, py::dtype("datetime64[us]"), count, v.micros.data());
      }
    };
    const std::size_t count = std::min(column.size(), limit.value_or(column.size()));
    return std::visit(Visitor{table, count}, column.values);
  }
  std::string names;
  for (const Column& column : table->columns) names += (names.empty() ? "" : ", ") + column.name;
  throw py::key_error("no column '" + name + "'; the table has " +
                      (names.empty() ? "none" : names));
}

std::vector<std::string> names_of(const Table& table) {
  std::vector<std::string> names;
  names.reserve(table.columns.size());
  for (const Column& column : table.columns) names.push_back(column.name);
  return names;
}

py::capsule to_arrow(const SharedTable& table, const py::object& /*requested_schema*/) {
  // The protocol lets a producer ignore the requested schema when it cannot cast.
  auto stream = std::make_unique<ArrowArrayStream>();
  wirecopy::export_arrow_stream(table, stream.get());
  PyObject* capsule = PyCapsule_New(stream.get(), "arrow_array_stream", [](PyObject* owner) {
    auto* left = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(owner, "arrow_array_stream"));
    if (left == nullptr) {
      PyErr_WriteUnraisable(owner);
      return;
    }
    if (left->release != nullptr) left->release(left);
    delete left;
  });
  if (capsule == nullptr) {
    stream->release(stream.get());
    throw py::error_already_set();
  }
  stream.release();  // NOLINT(bugprone-unused-return-value): the capsule owns it now
  return py::reinterpret_steal<py::capsule>(capsule);
}

// ---- in -----------------------------------------------------------------------------------------

std::string type_name(const py::handle& object) {
  return py::type::of(object).attr("__name__").cast<std::string>();
}

Strings read_strings(const py::sequence& values, const std::string& name) {
  Strings strings;
  const auto count = static_cast<std::size_t>(py::len(values));
  strings.offsets.reserve(count + 1);
  for (std::size_t i = 0; i < count; ++i) {
    const py::object value = values[i];
    if (!PyUnicode_Check(value.ptr())) {
      throw py::type_error("column '" + name + "'[" + std::to_string(i) + "] is " +
                           type_name(value) + "; expected str");
    }
    // Not PyUnicode_AsUTF8, which would leave a second copy of the text in every str.
    const auto bytes = py::reinterpret_steal<py::object>(PyUnicode_AsUTF8String(value.ptr()));
    if (!bytes) {
      PyErr_Clear();
      throw py::value_error("column '" + name + "'[" + std::to_string(i) +
                            "] holds a lone surrogate, which has no UTF-8 form");
    }
    strings.push_back(
        {PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))});
  }
  return strings;
}

std::vector<std::int64_t> read_uint64(const py::array& values, const std::string& name) {
  const auto array = py::array_t<std::uint64_t, py::array::c_style | py::array::forcecast>(values);
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  std::vector<std::int64_t> result;
  result.reserve(static_cast<std::size_t>(array.size()));
  for (py::ssize_t i = 0; i < array.size(); ++i) {
    if (array.at(i) > kMax) {
      throw py::value_error("column '" + name + "'[" + std::to_string(i) + "] is " +
                            std::to_string(array.at(i)) + ", above the largest int64");
    }
    result.push_back(static_cast<std::int64_t>(array.at(i)));
  }
  return result;
}

template <typename T>
std::vector<T> copy_values(const py::array& values) {
  const auto array = py::array_t<T, py::array::c_style | py::array::forcecast>(values);
  return std::vector<T>(array.data(), array.data() + array.size());
}

ColumnValues read_column(const py::object& given, const std::string& name) {
  py::object value = given;
  const bool is_list = py::isinstance<py::list>(value) || py::isinstance<py::tuple>(value);
  if (is_list) {
    // Before NumPy sees it: a list with one str among numbers would silently become all str.
    for (const py::handle item : value) {
      if (PyUnicode_Check(item.ptr())) return read_strings(py::sequence(value), name);
    }
    value = py::module_::import("numpy").attr("asarray")(value);
  }
  if (!py::isinstance<py::array>(value)) {
    throw py::type_error("column '" + name + "' is " + type_name(value) +
                         "; expected a NumPy array or a list");
  }
  const auto array = py::reinterpret_borrow<py::array>(value);
  if (array.ndim() != 1) {
    throw py::value_error("column '" + name + "' has " + std::to_string(array.ndim()) +
                          " dimensions; expected 1");
  }
  switch (array.dtype().kind()) {
    case 'i': return copy_values<std::int64_t>(array);
    case 'u': return read_uint64(array, name);
    case 'f': return copy_values<double>(array);
    case 'b': {
      const std::vector<std::uint8_t> bits =
          copy_values<std::uint8_t>(py::array(array.attr("view")("uint8")));
      return Bools{bits};
    }
    case 'M':
      return Times{copy_values<std::int64_t>(
          py::array(array.attr("astype")("datetime64[us]").attr("view")("int64")))};
    case 'O':
    case 'U':
    case 'T': return read_strings(py::sequence(array.attr("tolist")()), name);
    default:
      throw py::type_error("column '" + name + "' has NumPy type " +
                           py::str(array.dtype()).cast<std::string>() +
                           "; expected integers, floats, bools, datetimes or str");
  }
}

SharedTable table_from_columns(const py::dict& columns) {
  auto table = std::make_shared<Table>();
  for (const auto& [key, value] : columns) {
    if (!PyUnicode_Check(key.ptr())) {
      throw py::type_error("column names must be str, not " + type_name(key));
    }
    const auto name = py::reinterpret_borrow<py::str>(key).cast<std::string>();
    table->add(name, read_column(py::reinterpret_borrow<py::object>(value), name));
    const Column& first = table->columns.front();
    const Column& last = table->columns.back();
    if (first.size() != last.size()) {
      throw py::value_error("columns '" + first.name + "' and '" + last.name + "' have " +
                            std::to_string(first.size()) + " and " + std::to_string(last.size()) +
                            " rows; all must have the same");
    }
  }
  return table;
}

}  // namespace

void register_table(py::module_& module) {
  py::class_<Table, SharedTable>(module, "Table", "Named columns of equal length.")
      .def_static("from_columns", &table_from_columns, py::arg("columns"))
      .def_property_readonly("column_names", &names_of)
      .def("__len__", &Table::rows)
      .def("column", &column_of, py::arg("name"), py::arg("count") = py::none())
      .def("__arrow_c_stream__", &to_arrow, py::arg("requested_schema") = py::none());
}

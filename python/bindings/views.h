// NumPy arrays over memory that a bound object owns.
#pragma once

#include <pybind11/numpy.h>

#include <vector>

// A read-only array over `values`, which keeps `owner` alive.
template <typename T>
pybind11::array_t<T> view(const std::vector<T>& values, const pybind11::object& owner) {
  pybind11::array_t<T> array(static_cast<pybind11::ssize_t>(values.size()), values.data(), owner);
  array.attr("setflags")(pybind11::arg("write") = false);
  return array;
}

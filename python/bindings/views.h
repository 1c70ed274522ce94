// NumPy arrays over memory that a bound object owns.
#pragma once

#include <pybind11/numpy.h>

#include <memory>
#include <utility>
#include <vector>

// A read-only array over `values`, which keeps `owner` alive.
template <typename T>
pybind11::array_t<T> view(const std::vector<T>& values, const pybind11::object& owner) {
  pybind11::array_t<T> array(static_cast<pybind11::ssize_t>(values.size()), values.data(), owner);
  array.attr("setflags")(pybind11::arg("write") = false);
  return array;
}

// An array that owns `values`.
template <typename T>
pybind11::array_t<T> own(std::vector<T>&& values) {
  auto kept = std::make_unique<std::vector<T>>(std::move(values));
  const pybind11::capsule owner(kept.get(),
                                [](void* vector) { delete static_cast<std::vector<T>*>(vector); });
  const std::vector<T>& held = *kept.release();
  return pybind11::array_t<T>(static_cast<pybind11::ssize_t>(held.size()), held.data(), owner);
}

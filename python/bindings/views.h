// NumPy arrays that are given, and arrays over memory that a bound object owns.
#pragma once

#include <pybind11/numpy.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "wirecopy/base/error.h"

// An argument: an array of any type that NumPy converts to this one.
template <typename T>
using Array = pybind11::array_t<T, pybind11::array::c_style | pybind11::array::forcecast>;

// The values of an argument that has one for each of `texts`; none where it was not given.
template <typename T>
std::span<const T> per_text(const std::optional<Array<T>>& values, const char* name,
                            std::size_t texts) {
  if (!values) return {};
  const auto size = static_cast<std::size_t>(values->size());
  if (size != texts) throw wirecopy::InputError(name, "must have one value per text");
  return {values->data(), size};
}

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

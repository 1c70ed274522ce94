// Texts from Python: a list of str or anything that speaks the Arrow PyCapsule protocol becomes a
// wirecopy::TextColumn that borrows the caller's memory.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>

#include "wirecopy/base/text_column.h"

// A list or tuple of str, None, NaN and pandas.NA. Strings are borrowed where and as CPython stores
// them; a lone surrogate is found by who reads them.
std::shared_ptr<wirecopy::TextColumn> text_column_from_strings(const pybind11::object& strings,
                                                               const std::string& argument);

// An object with __arrow_c_stream__ or __arrow_c_array__. No text is copied. With `malformed`, rows
// that are not UTF-8 are let in, for somebody who repairs them.
std::shared_ptr<wirecopy::TextColumn> text_column_from_arrow(const pybind11::object& producer,
                                                             const std::string& argument,
                                                             bool malformed);

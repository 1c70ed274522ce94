// Python's strings from the core's.
#pragma once

#include <pybind11/pybind11.h>

#include <string_view>

// The text as a str. Surrogates that the reader of Python's strings kept come back as they were.
pybind11::object to_str(std::string_view text);

#include "strings.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "wirecopy/base/utf8.h"

namespace py = pybind11;

namespace {

py::object owned(PyObject* str) {
  if (str == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(str);
}

}  // namespace

py::object to_str(std::string_view text) {
  // What the widest character needs shows in its first byte.
  std::uint8_t widest = 0;
  for (const char c : text) widest = std::max(widest, static_cast<std::uint8_t>(c));
  if (widest < 0x80) {
    py::object str = owned(PyUnicode_New(static_cast<Py_ssize_t>(text.size()), 0x7F));
    if (!text.empty()) std::memcpy(PyUnicode_1BYTE_DATA(str.ptr()), text.data(), text.size());
    return str;
  }
  // Two bytes a character: what Python's own decoder is slow at.
  if (widest >= 0xC4 && widest < 0xF0 && wirecopy::utf8::is_valid(text)) {
    const auto length = static_cast<Py_ssize_t>(wirecopy::utf8::count_code_points(text));
    py::object str = owned(PyUnicode_New(length, 0xFFFF));
    wirecopy::utf8::decode_narrow(text,
                                  reinterpret_cast<char16_t*>(PyUnicode_2BYTE_DATA(str.ptr())));
    return str;
  }
  return owned(
      PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), "surrogatepass"));
}

#include "columns.h"

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "register.h"
#include "wirecopy/base/arrow_import.h"
#include "wirecopy/base/error.h"

namespace py = pybind11;
using wirecopy::InputError;
using wirecopy::Storage;
using wirecopy::StoredText;
using wirecopy::TextColumn;

namespace {

// ---- str ----------------------------------------------------------------------------------------

// A Python object that may be let go from any thread.
std::shared_ptr<const void> share(py::object object) {
  return {object.release().ptr(), [](const void* owned) {
            // At interpreter exit there is nobody left to give it to.
            if (!Py_IsInitialized()) return;
            const py::gil_scoped_acquire gil;
            Py_DECREF(static_cast<PyObject*>(const_cast<void*>(owned)));
          }};
}

// None, NaN, pandas.NA and pandas.NaT; the last two by name, because pandas may not be there.
bool is_missing(PyObject* object) {
  if (object == Py_None) return true;
  if (PyFloat_Check(object)) return std::isnan(PyFloat_AS_DOUBLE(object));
  const std::string_view type = Py_TYPE(object)->tp_name;
  const std::string_view name = type.substr(type.rfind('.') + 1);
  if (name != "NAType" && name != "NaTType") return false;
  const py::object module = py::getattr(py::type::of(py::handle(object)), "__module__", py::str());
  return py::isinstance<py::str>(module) &&
         py::str(module).cast<std::string>().starts_with("pandas");
}

[[noreturn]] void fail_type(PyObject* object, const std::string& argument, Py_ssize_t row) {
  std::string message = argument + "[" + std::to_string(row) + "] is " +
                        py::type::of(py::handle(object)).attr("__name__").cast<std::string>() +
                        "; expected str or None";
  if (PyBytes_Check(object) || PyByteArray_Check(object) || PyMemoryView_Check(object)) {
    message += ". Decode it first, e.g. text.decode('utf-8')";
  }
  throw py::type_error(message);
}

// The characters of a str where CPython stores them; a null row where there is none.
StoredText stored_text(PyObject* object, const std::string& argument, Py_ssize_t row) {
  if (!PyUnicode_Check(object)) {
    if (is_missing(object)) return {};
    fail_type(object, argument, row);
  }
#if PY_VERSION_HEX < 0x030C0000
  if (PyUnicode_READY(object) != 0) throw py::error_already_set();
#endif
  StoredText text(PyUnicode_DATA(object), static_cast<std::size_t>(PyUnicode_GET_LENGTH(object)),
                  Storage::kUtf8);
  if (!PyUnicode_IS_ASCII(object)) {
    switch (PyUnicode_KIND(object)) {
      case PyUnicode_1BYTE_KIND: text.storage = Storage::kLatin1; break;
      case PyUnicode_2BYTE_KIND: text.storage = Storage::kUcs2; break;
      default: text.storage = Storage::kUcs4; break;
    }
  }
  return text;
}

// ---- Arrow --------------------------------------------------------------------------------------

// The struct inside a capsule. The capsule keeps it until it is moved out (its release set to
// null).
template <typename Struct>
Struct* inside_capsule(const py::object& capsule, const char* name) {
  auto* content = static_cast<Struct*>(PyCapsule_GetPointer(capsule.ptr(), name));
  if (content == nullptr) throw py::error_already_set();
  return content;
}

// Moves a C Data Interface struct out of its owner, and releases it in the end.
template <typename Struct>
class Moved {
 public:
  explicit Moved(Struct* from) : content_(*from) { from->release = nullptr; }
  Moved(const Moved&) = delete;
  Moved& operator=(const Moved&) = delete;
  ~Moved() {
    if (content_.release != nullptr) content_.release(&content_);
  }
  Struct& operator*() { return content_; }
  Struct* operator->() { return &content_; }
  Struct* get() { return &content_; }

 private:
  Struct content_;
};

// A column of another type is a TypeError, as a list of int is; a bad row stays a ValueError. The
// core looks at the schema before anything else, so an empty array asks it about the schema only.
void require_text(const ArrowSchema& schema, const std::string& argument) {
  ArrowArray nothing{};
  nothing.release = [](ArrowArray* array) { array->release = nullptr; };
  TextColumn column;
  try {
    wirecopy::append_arrow_array(column, schema, &nothing, argument);
  } catch (const InputError& error) {
    throw py::type_error(error.what());
  }
}

void append_stream(TextColumn& column, ArrowArrayStream* stream, const std::string& argument) {
  if (stream->release != nullptr) {
    ArrowSchema described{};
    // A failure is reported by the core, which asks again.
    if (stream->get_schema(stream, &described) == 0) {
      Moved<ArrowSchema> schema(&described);
      require_text(*schema, argument);
    }
  }
  wirecopy::append_arrow_stream(column, stream, argument);
}

// Producers take the GIL themselves when they need it; holding it here could make them wait for us.
std::shared_ptr<TextColumn> from_stream(const py::object& capsule, const std::string& argument,
                                        bool malformed) {
  auto column = std::make_shared<TextColumn>(argument);
  auto* content = inside_capsule<ArrowArrayStream>(capsule, "arrow_array_stream");
  const py::gil_scoped_release nogil;
  Moved<ArrowArrayStream> stream(content);
  append_stream(*column, stream.get(), argument);
  if (!malformed) column->require_utf8();
  return column;
}

std::shared_ptr<TextColumn> from_array(const py::object& pair, const std::string& argument,
                                       bool malformed) {
  if (!py::isinstance<py::tuple>(pair) || py::len(pair) != 2) {
    throw py::type_error(argument + ": __arrow_c_array__ did not return a pair of capsules");
  }
  const auto capsules = py::reinterpret_borrow<py::tuple>(pair);
  auto column = std::make_shared<TextColumn>(argument);
  auto* schema_content = inside_capsule<ArrowSchema>(capsules[0], "arrow_schema");
  auto* array_content = inside_capsule<ArrowArray>(capsules[1], "arrow_array");
  const py::gil_scoped_release nogil;
  Moved<ArrowSchema> schema(schema_content);
  Moved<ArrowArray> array(array_content);
  if (schema->release == nullptr) throw InputError(argument, "this Arrow schema was already used");
  require_text(*schema, argument);
  wirecopy::append_arrow_array(*column, *schema, array.get(), argument);
  if (!malformed) column->require_utf8();
  return column;
}

std::size_t row_at(const TextColumn& column, py::ssize_t row) {
  const auto size = static_cast<py::ssize_t>(column.size());
  if (row < -size || row >= size) {
    throw py::index_error("row " + std::to_string(row) + " of a column of " + std::to_string(size));
  }
  return static_cast<std::size_t>(row < 0 ? row + size : row);
}

py::object text_at(const TextColumn& column, py::ssize_t index) {
  const std::size_t row = row_at(column, index);
  if (column.is_null(row)) return py::none();
  const StoredText& text = column.stored(row);
  if (text.storage == Storage::kUtf8) {
    return py::str(text.as_bytes().data(), text.bytes());
  }
  // Surrogates come back as they came.
  auto copy = py::reinterpret_steal<py::object>(
      PyUnicode_FromKindAndData(static_cast<int>(wirecopy::width(text.storage)), text.data,
                                static_cast<Py_ssize_t>(text.length)));
  if (!copy) throw py::error_already_set();
  return copy;
}

}  // namespace

std::shared_ptr<TextColumn> text_column_from_strings(const py::object& strings,
                                                     const std::string& argument) {
  if (!PyList_Check(strings.ptr()) && !PyTuple_Check(strings.ptr())) {
    throw py::type_error(argument + " is " +
                         py::type::of(strings).attr("__name__").cast<std::string>() +
                         "; expected a list or tuple");
  }
  // A tuple of the same objects: another thread may change the list while we work without the GIL.
  auto snapshot = py::reinterpret_steal<py::object>(PySequence_Tuple(strings.ptr()));
  if (!snapshot) throw py::error_already_set();
  const Py_ssize_t count = PyTuple_GET_SIZE(snapshot.ptr());
  auto column = std::make_shared<TextColumn>(argument);
  column->reserve(static_cast<std::size_t>(count));
  for (Py_ssize_t row = 0; row < count; ++row) {
    const StoredText text = stored_text(PyTuple_GET_ITEM(snapshot.ptr(), row), argument, row);
    if (text.data == nullptr) {
      column->push_null();
    } else {
      column->push_back(text);
    }
  }
  column->declare_canonical();
  column->keep_alive(share(std::move(snapshot)));
  return column;
}

std::shared_ptr<TextColumn> text_column_from_arrow(const py::object& producer,
                                                   const std::string& argument, bool malformed) {
  if (py::hasattr(producer, "__arrow_c_stream__")) {
    return from_stream(producer.attr("__arrow_c_stream__")(), argument, malformed);
  }
  if (py::hasattr(producer, "__arrow_c_array__")) {
    return from_array(producer.attr("__arrow_c_array__")(), argument, malformed);
  }
  throw py::type_error(argument + " is " +
                       py::type::of(producer).attr("__name__").cast<std::string>() +
                       ", which has neither __arrow_c_stream__ nor __arrow_c_array__");
}

void register_columns(py::module_& module) {
  py::class_<TextColumn, std::shared_ptr<TextColumn>>(module, "TextColumn",
                                                      "Texts borrowed from Python or Arrow memory.")
      .def_static("from_strings", &text_column_from_strings, py::arg("strings"),
                  py::arg("argument") = "texts")
      .def_static("from_arrow", &text_column_from_arrow, py::arg("producer"),
                  py::arg("argument") = "texts", py::arg("malformed") = false)
      .def_static(
          "joined",
          [](std::shared_ptr<TextColumn> first, std::shared_ptr<TextColumn> second) {
            return std::make_shared<TextColumn>(
                TextColumn::joined(std::move(first), std::move(second)));
          },
          py::arg("first"), py::arg("second"))
      .def("__len__", &TextColumn::size)
      .def_property_readonly("null_count", &TextColumn::null_count)
      .def_property_readonly("total_bytes", &TextColumn::total_bytes)
      .def(
          "is_null",
          [](const TextColumn& column, py::ssize_t row) {
            return column.is_null(row_at(column, row));
          },
          py::arg("row"))
      .def("__getitem__", &text_at, py::arg("row"))
      .def(
          "address",
          [](const TextColumn& column, py::ssize_t row) {
            return reinterpret_cast<std::uintptr_t>(column.stored(row_at(column, row)).data);
          },
          py::arg("row"), "Where the text of a row is in memory; 0 for null.");
}

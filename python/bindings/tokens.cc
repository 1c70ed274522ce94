#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "long_call.h"
#include "register.h"
#include "views.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/keywords/tokens.h"
#include "wirecopy/text/segment.h"

namespace py = pybind11;
using wirecopy::Span32;
using wirecopy::TextColumn;
using wirecopy::TokenizeOptions;
using wirecopy::Tokens;
using wirecopy::TokensBuilder;

namespace {

std::shared_ptr<Tokens> tokenize(const std::shared_ptr<TextColumn>& texts, bool sentences,
                                 bool sources, int threads, const py::object& progress) {
  auto tokens = std::make_shared<Tokens>();
  const TokenizeOptions options{.ids = true, .sentences = sentences, .sources = sources};
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *tokens = wirecopy::tokenize(*texts, options, run);
  });
  return tokens;
}

// Reads the words that a Python callable gives for a text.
class ForeignWords {
 public:
  ForeignWords(py::object tokenizer, const std::string& argument, const TokenizeOptions& options)
      : tokenizer_(std::move(tokenizer)),
        argument_(argument),
        options_(options),
        builder_(options) {}

  void skip_null() {
    builder_.begin_text(true);
    ++row_;
  }

  void read(const py::str& text) {
    builder_.begin_text();
    if (options_.sentences) {
      for (const auto& [begin, end] : sentences(text)) {
        builder_.begin_sentence();
        read_part(slice(text, begin, end), begin);
      }
    } else {
      read_part(text, 0);
    }
    ++row_;
  }

  Tokens finish(const wirecopy::Run& run) { return builder_.finish(run); }

 private:
  using Range = std::pair<Py_ssize_t, Py_ssize_t>;

  std::string row() const { return argument_ + "[" + std::to_string(row_) + "]"; }

  static py::str slice(const py::str& text, Py_ssize_t begin, Py_ssize_t end) {
    auto part = py::reinterpret_steal<py::str>(PyUnicode_Substring(text.ptr(), begin, end));
    if (!part) throw py::error_already_set();
    return part;
  }

  std::string_view utf8(const py::handle& text) const {
    Py_ssize_t size = 0;
    const char* const bytes = PyUnicode_AsUTF8AndSize(text.ptr(), &size);
    if (bytes == nullptr) {
      PyErr_Clear();
      throw py::value_error(row() + ": a lone surrogate, which has no UTF-8 form");
    }
    return {bytes, static_cast<std::size_t>(size)};
  }

  // In code points.
  std::vector<Range> sentences(const py::str& text) {
    const std::string_view bytes = utf8(text);
    wirecopy::sentence_ends(bytes, ends_);
    std::vector<Range> found;
    std::size_t byte = 0;
    Py_ssize_t at = 0;
    for (const std::size_t end : ends_) {
      const Py_ssize_t begin = at;
      for (; byte < end; ++byte) at += (static_cast<unsigned char>(bytes[byte]) & 0xC0u) != 0x80u;
      found.emplace_back(begin, at);
    }
    return found;
  }

  void read_part(const py::str& text, Py_ssize_t offset) {
    const py::object words = tokenizer_(text);
    if (PyUnicode_Check(words.ptr()) || !py::hasattr(words, "__iter__")) {
      throw py::type_error("tokenizer gave " + type_name(words) + " for " + row() +
                           "; expected an iterable of str");
    }
    Py_ssize_t at = 0;
    for (const py::handle word : words) at = read_word(text, word, at, offset);
  }

  Py_ssize_t read_word(const py::str& text, const py::handle& word, Py_ssize_t at,
                       Py_ssize_t offset) {
    if (PyUnicode_Check(word.ptr())) {
      Range range{0, 0};
      if (options_.sources) range = find(text, word, at);
      add(word, range, offset);
      return range.second;
    }
    const Range range = span(text, word, at);
    add(slice(text, range.first, range.second), range, offset);
    return range.second;
  }

  void add(const py::handle& word, const Range& range, Py_ssize_t offset) {
    const std::string_view bytes = utf8(word);
    if (bytes.empty()) throw py::value_error("tokenizer gave an empty word for " + row());
    builder_.add(bytes, {static_cast<std::uint32_t>(range.first + offset),
                         static_cast<std::uint32_t>(range.second + offset)});
  }

  Range find(const py::str& text, const py::handle& word, Py_ssize_t at) const {
    const Py_ssize_t length = PyUnicode_GET_LENGTH(text.ptr());
    const Py_ssize_t begin = PyUnicode_Find(text.ptr(), word.ptr(), at, length, 1);
    if (begin == -2) throw py::error_already_set();
    if (begin < 0) {
      throw py::value_error("tokenizer: " + py::repr(word).cast<std::string>() + " is not in " +
                            row() + " after position " + std::to_string(at) +
                            "; give (start, end) where words are not as the text has them");
    }
    return {begin, begin + PyUnicode_GET_LENGTH(word.ptr())};
  }

  Range span(const py::str& text, const py::handle& word, Py_ssize_t at) const {
    Range range;
    try {
      range = word.cast<Range>();
    } catch (const py::cast_error&) {
      throw py::type_error("tokenizer gave " + type_name(word) + " among the words of " + row() +
                           "; expected str or (start, end)");
    }
    if (at > range.first || range.first > range.second ||
        range.second > PyUnicode_GET_LENGTH(text.ptr())) {
      throw py::value_error(
          "tokenizer gave (" + std::to_string(range.first) + ", " + std::to_string(range.second) +
          ") for " + row() + ", of " + std::to_string(PyUnicode_GET_LENGTH(text.ptr())) +
          " characters, after position " + std::to_string(at) + "; spans must be in order");
    }
    return range;
  }

  static std::string type_name(const py::handle& object) {
    return py::type::of(object).attr("__name__").cast<std::string>();
  }

  py::object tokenizer_;
  std::string argument_;
  TokenizeOptions options_;
  TokensBuilder builder_;
  std::vector<std::size_t> ends_;
  std::size_t row_ = 0;
};

std::shared_ptr<Tokens> tokenize_with(const std::shared_ptr<TextColumn>& texts,
                                      const py::object& tokenizer, bool sentences, bool sources,
                                      const py::object& progress) {
  constexpr std::size_t kRowsAtATime = 256;
  const TokenizeOptions options{.ids = true, .sentences = sentences, .sources = sources};
  ForeignWords words(tokenizer, texts->name(), options);
  const py::object column = py::cast(texts);
  const auto rows = static_cast<py::ssize_t>(texts->size());
  for (py::ssize_t row = 0; row < rows; ++row) {
    if (static_cast<std::size_t>(row) % kRowsAtATime == 0) {
      if (PyErr_CheckSignals() != 0) throw py::error_already_set();
      if (!progress.is_none()) progress("tokenizing", row, rows);
    }
    const py::object text = column.attr("__getitem__")(row);
    if (text.is_none()) {
      words.skip_null();
    } else {
      words.read(py::reinterpret_borrow<py::str>(text));
    }
  }
  if (!progress.is_none()) progress("tokenizing", rows, rows);
  auto tokens = std::make_shared<Tokens>();
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) { *tokens = words.finish(run); });
  return tokens;
}

template <typename T>
auto view_of(std::vector<T> Tokens::* column) {
  return
      [column](const py::object& self) { return view(self.cast<const Tokens&>().*column, self); };
}

// Rows (start, end).
py::array_t<std::uint32_t> sources_of(const py::object& self) {
  const auto& tokens = self.cast<const Tokens&>();
  static_assert(sizeof(Span32) == 2 * sizeof(std::uint32_t));
  const auto rows = static_cast<py::ssize_t>(tokens.sources.size());
  py::array_t<std::uint32_t> array(
      {rows, py::ssize_t{2}}, reinterpret_cast<const std::uint32_t*>(tokens.sources.data()), self);
  array.attr("setflags")(py::arg("write") = false);
  return array;
}

std::vector<std::string_view> vocabulary_of(const Tokens& tokens) {
  std::vector<std::string_view> words;
  words.reserve(tokens.vocabulary.size());
  for (std::size_t i = 0; i < tokens.vocabulary.size(); ++i) words.push_back(tokens.vocabulary[i]);
  return words;
}

}  // namespace

void register_tokens(py::module_& module) {
  py::class_<Tokens, std::shared_ptr<Tokens>>(module, "Tokens", "Texts as numbers of words.")
      .def("__len__", [](const Tokens& self) { return self.size(); })
      .def_property_readonly("texts", &Tokens::texts)
      .def_property_readonly("vocabulary", &vocabulary_of)
      .def_property_readonly("frequency", view_of(&Tokens::frequency))
      .def_property_readonly("documents", view_of(&Tokens::documents))
      .def_property_readonly("ids", view_of(&Tokens::ids))
      .def_property_readonly("starts", view_of(&Tokens::starts))
      .def_property_readonly("nulls", view_of(&Tokens::nulls))
      .def_property_readonly("sentences", view_of(&Tokens::sentences))
      .def_property_readonly("sources", &sources_of)
      .def_readonly("has_sentences", &Tokens::has_sentences)
      .def_readonly("has_sources", &Tokens::has_sources);
  module.def("tokenize", &tokenize, py::arg("texts"), py::kw_only(), py::arg("sentences") = false,
             py::arg("sources") = false, py::arg("threads") = 1, py::arg("progress") = py::none());
  module.def("tokenize_with", &tokenize_with, py::arg("texts"), py::arg("tokenizer"), py::kw_only(),
             py::arg("sentences") = false, py::arg("sources") = false,
             py::arg("progress") = py::none());
}

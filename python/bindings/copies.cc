#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <limits>
#include <memory>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "long_call.h"
#include "register.h"
#include "views.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/match/copies.h"
#include "wirecopy/text/paragraphs.h"

namespace py = pybind11;
using wirecopy::CopyForm;
using wirecopy::DocId;
using wirecopy::TextColumn;

namespace {

CopyForm form_of(const std::string& name) {
  if (name == "bytes") return CopyForm::kBytes;
  if (name == "words") return CopyForm::kWords;
  throw wirecopy::InputError("form", "'" + name + "' is not one of bytes, words");
}

py::array_t<DocId> find_copies(const std::shared_ptr<TextColumn>& texts, const std::string& form,
                               int threads, const py::object& progress) {
  if (texts->size() >= std::numeric_limits<DocId>::max()) {
    throw wirecopy::InputError(texts->name(), "more than 4 billion rows");
  }
  const CopyForm wanted_form = form_of(form);
  std::vector<DocId> copies;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    std::vector<DocId> all(texts->size());
    std::iota(all.begin(), all.end(), DocId{0});
    copies = wirecopy::find_copies(*texts, all, wanted_form, run);
  });
  return own(std::move(copies));
}

py::tuple split_paragraphs(const std::shared_ptr<TextColumn>& texts, int threads,
                           const py::object& progress) {
  wirecopy::Paragraphs paragraphs;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    paragraphs = wirecopy::split_paragraphs(*texts, run);
  });
  return py::make_tuple(std::make_shared<TextColumn>(std::move(paragraphs.texts)),
                        own(std::move(paragraphs.row)), own(std::move(paragraphs.start)),
                        own(std::move(paragraphs.end)));
}

}  // namespace

void register_copies(py::module_& module) {
  module.def("find_copies", &find_copies, py::arg("texts"), py::arg("form") = "bytes",
             py::arg("threads") = 1, py::arg("progress") = py::none());
  module.def("split_paragraphs", &split_paragraphs, py::arg("texts"), py::arg("threads") = 1,
             py::arg("progress") = py::none());
}

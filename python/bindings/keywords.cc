#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "counts.h"
#include "long_call.h"
#include "register.h"
#include "table.h"
#include "wirecopy/keywords/keyness.h"

namespace py = pybind11;

namespace {

std::shared_ptr<wirecopy::Table> keyness(const CountsAndIndex& target,
                                         const CountsAndIndex& reference, double min_frequency,
                                         double min_docs, const std::vector<std::string>& stopwords,
                                         const std::string& sort, const py::object& progress) {
  const wirecopy::KeynessOptions options{.min_frequency = min_frequency,
                                         .min_documents = min_docs,
                                         .stopwords = wirecopy::Stopwords(stopwords),
                                         .sort = sort};
  wirecopy::Table table;
  run_long_call(progress, 1, [&](const wirecopy::Run& run) {
    table = wirecopy::keyness(target.counts, reference.counts, options, run);
  });
  return give(std::move(table));
}

}  // namespace

void register_keywords(py::module_& module) {
  module.def("keyness", &keyness, py::arg("target"), py::arg("reference"), py::kw_only(),
             py::arg("min_frequency"), py::arg("min_docs"), py::arg("stopwords"), py::arg("sort"),
             py::arg("progress"));
}

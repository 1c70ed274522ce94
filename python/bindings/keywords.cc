#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "counts.h"
#include "long_call.h"
#include "register.h"
#include "table.h"
#include "views.h"
#include "wirecopy/base/error.h"
#include "wirecopy/keywords/keyness.h"

namespace py = pybind11;

namespace {

wirecopy::Correction correction_of(const std::string& name) {
  if (name == "bonferroni") return wirecopy::Correction::kBonferroni;
  if (name == "bh") return wirecopy::Correction::kBenjaminiHochberg;
  if (name != "none") throw wirecopy::InputError("correction", "'" + name + "'");
  return wirecopy::Correction::kNone;
}

std::shared_ptr<wirecopy::Table> keyness(const CountsAndIndex& target,
                                         const CountsAndIndex& reference,
                                         const std::vector<std::string>& measures,
                                         double min_frequency, double min_docs,
                                         const std::vector<std::string>& stopwords,
                                         const std::string& sort, const std::string& correction,
                                         double quantile, double simple_maths, double prior_size,
                                         const py::object& progress) {
  const wirecopy::KeynessOptions options{.measures = measures,
                                         .min_frequency = min_frequency,
                                         .min_documents = min_docs,
                                         .stopwords = wirecopy::Stopwords(stopwords),
                                         .sort = sort,
                                         .correction = correction_of(correction),
                                         .quantile = quantile,
                                         .simple_maths = simple_maths,
                                         .prior_size = prior_size};
  wirecopy::Table table;
  run_long_call(progress, 1, [&](const wirecopy::Run& run) {
    table = wirecopy::keyness(target.counts, reference.counts, options, run);
  });
  return give(std::move(table));
}

SharedCounts counts_of_list(const std::vector<std::string>& terms, const Array<double>& frequencies,
                            double total, int min_n, int max_n) {
  const std::span<const double> values{frequencies.data(),
                                       static_cast<std::size_t>(frequencies.size())};
  if (values.size() != terms.size()) {
    throw wirecopy::InputError("frequencies", "must be as many as terms");
  }
  auto result = std::make_shared<CountsAndIndex>();
  result->counts = wirecopy::counts_of_list(terms, values, total, min_n, max_n);
  return result;
}

}  // namespace

void register_keywords(py::module_& module) {
  module.def("keyness", &keyness, py::arg("target"), py::arg("reference"), py::kw_only(),
             py::arg("measures"), py::arg("min_frequency"), py::arg("min_docs"),
             py::arg("stopwords"), py::arg("sort"), py::arg("correction"), py::arg("quantile"),
             py::arg("simple_maths"), py::arg("prior_size"), py::arg("progress"));
  module.def("keyness_measures", &wirecopy::keyness_measures);
  module.def("counts_of_list", &counts_of_list, py::arg("terms"), py::arg("frequencies"),
             py::kw_only(), py::arg("total"), py::arg("min_n"), py::arg("max_n"));
}

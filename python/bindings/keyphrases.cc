#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "long_call.h"
#include "register.h"
#include "table.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/keywords/keyphrases.h"

namespace py = pybind11;

namespace {

wirecopy::KeyphraseMethod read_method(const std::string& method) {
  if (method == "yake") return wirecopy::KeyphraseMethod::kYake;
  if (method == "rake") return wirecopy::KeyphraseMethod::kRake;
  throw wirecopy::InputError("method", "'" + method + "'; must be one of yake, rake");
}

std::shared_ptr<wirecopy::Table> keyphrases(const std::shared_ptr<wirecopy::TextColumn>& texts,
                                            const std::string& method, std::size_t k,
                                            std::size_t min_words, std::size_t max_words,
                                            const std::vector<std::string>& stopwords,
                                            double max_similarity, int threads,
                                            const py::object& progress) {
  const wirecopy::KeyphraseOptions options{.method = read_method(method),
                                           .k = k,
                                           .min_words = min_words,
                                           .max_words = max_words,
                                           .stopwords = stopwords,
                                           .max_similarity = max_similarity};
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    table = wirecopy::keyphrases(*texts, options, run);
  });
  return give(std::move(table));
}

}  // namespace

void register_keyphrases(py::module_& module) {
  module.def("keyphrases", &keyphrases, py::arg("texts"), py::kw_only(), py::arg("method"),
             py::arg("k"), py::arg("min_words"), py::arg("max_words"), py::arg("stopwords"),
             py::arg("max_similarity"), py::arg("threads"), py::arg("progress"));
}

#include "wirecopy/keywords/collocations.h"

#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "long_call.h"
#include "register.h"
#include "table.h"
#include "views.h"
#include "wirecopy/keywords/diversity.h"
#include "wirecopy/keywords/network.h"
#include "wirecopy/keywords/tokens.h"

namespace py = pybind11;
using wirecopy::CollocationOptions;
using wirecopy::Tokens;

namespace {

using OptionalWeights = std::optional<Array<double>>;
using SharedTable = std::shared_ptr<wirecopy::Table>;
using Strings = std::vector<std::string>;

CollocationOptions options(bool sentences, double min_count, std::size_t max_pairs,
                           const Strings& stopwords, const Strings& measures,
                           const std::string& sort) {
  CollocationOptions options;
  options.sentences = sentences;
  options.min_count = min_count;
  options.max_pairs = max_pairs;
  options.stopwords = wirecopy::Stopwords(stopwords);
  options.measures = measures;
  options.sort = sort;
  return options;
}

py::tuple give_both(wirecopy::Collocations&& found) {
  return py::make_tuple(give(std::move(found.table)), found.missed);
}

py::tuple ngram_collocations(const Tokens& tokens, const OptionalWeights& weights, int min_length,
                             int max_length, bool sentences, double min_count,
                             std::size_t max_pairs, const Strings& stopwords,
                             const Strings& measures, const std::string& sort, int threads,
                             const py::object& progress) {
  CollocationOptions asked = options(sentences, min_count, max_pairs, stopwords, measures, sort);
  asked.min_length = min_length;
  asked.max_length = max_length;
  const auto values = per_text(weights, "weights", tokens.texts());
  wirecopy::Collocations found;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    found = wirecopy::ngram_collocations(tokens, values, asked, run);
  });
  return give_both(std::move(found));
}

py::tuple window_collocations(const Tokens& tokens, const OptionalWeights& weights,
                              std::size_t left, std::size_t right, bool sentences, double min_count,
                              std::size_t max_pairs, const Strings& stopwords,
                              const Strings& measures, const std::string& sort, int threads,
                              const py::object& progress) {
  CollocationOptions asked = options(sentences, min_count, max_pairs, stopwords, measures, sort);
  asked.window = {left, right};
  const auto values = per_text(weights, "weights", tokens.texts());
  wirecopy::Collocations found;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    found = wirecopy::window_collocations(tokens, values, asked, run);
  });
  return give_both(std::move(found));
}

SharedTable node_collocates(const Tokens& tokens, const std::vector<Strings>& nodes,
                            const OptionalWeights& weights, std::size_t left, std::size_t right,
                            bool sentences, double min_count, const Strings& stopwords,
                            const Strings& measures, const std::string& sort, int threads,
                            const py::object& progress) {
  CollocationOptions asked = options(sentences, min_count, 0, stopwords, measures, sort);
  asked.window = {left, right};
  const auto values = per_text(weights, "weights", tokens.texts());
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    table = wirecopy::node_collocates(tokens, nodes, values, asked, run);
  });
  return give(std::move(table));
}

SharedTable network_edges(const Tokens& tokens, const OptionalWeights& weights, std::size_t top,
                          const Strings& terms, const Strings& stopwords, std::size_t window,
                          bool sentences, double min_count, const Strings& measures,
                          const std::string& sort, int threads, const py::object& progress) {
  wirecopy::NetworkOptions asked;
  asked.window = window;
  asked.sentences = sentences;
  asked.min_count = min_count;
  asked.measures = measures;
  asked.sort = sort;
  const wirecopy::Stopwords stopped(stopwords);
  const auto values = per_text(weights, "weights", tokens.texts());
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    asked.terms = top > 0 ? wirecopy::top_words(tokens, values, stopped, top)
                          : wirecopy::find_words(tokens, terms);
    table = wirecopy::network_edges(tokens, values, asked, run);
  });
  return give(std::move(table));
}

SharedTable lexical_diversity(const Tokens& tokens, const Array<std::int64_t>& groups,
                              std::size_t group_count, const OptionalWeights& weights,
                              std::size_t window, double threshold, std::size_t sample,
                              const Strings& measures, int threads, const py::object& progress) {
  const wirecopy::DiversityOptions asked{
      .window = window, .threshold = threshold, .sample = sample, .measures = measures};
  const auto values = per_text(weights, "weights", tokens.texts());
  const auto rows = per_text(std::optional(groups), "groups", tokens.texts());
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    table = wirecopy::lexical_diversity(tokens, rows, group_count, values, asked, run);
  });
  return give(std::move(table));
}

}  // namespace

void register_collocations(py::module_& module) {
  module.def("ngram_collocations", &ngram_collocations, py::arg("tokens"), py::kw_only(),
             py::arg("weights"), py::arg("min_length"), py::arg("max_length"), py::arg("sentences"),
             py::arg("min_count"), py::arg("max_pairs"), py::arg("stopwords"), py::arg("measures"),
             py::arg("sort"), py::arg("threads"), py::arg("progress"));
  module.def("window_collocations", &window_collocations, py::arg("tokens"), py::kw_only(),
             py::arg("weights"), py::arg("left"), py::arg("right"), py::arg("sentences"),
             py::arg("min_count"), py::arg("max_pairs"), py::arg("stopwords"), py::arg("measures"),
             py::arg("sort"), py::arg("threads"), py::arg("progress"));
  module.def("node_collocates", &node_collocates, py::arg("tokens"), py::arg("nodes"),
             py::kw_only(), py::arg("weights"), py::arg("left"), py::arg("right"),
             py::arg("sentences"), py::arg("min_count"), py::arg("stopwords"), py::arg("measures"),
             py::arg("sort"), py::arg("threads"), py::arg("progress"));
  module.def("network_edges", &network_edges, py::arg("tokens"), py::kw_only(), py::arg("weights"),
             py::arg("top"), py::arg("terms"), py::arg("stopwords"), py::arg("window"),
             py::arg("sentences"), py::arg("min_count"), py::arg("measures"), py::arg("sort"),
             py::arg("threads"), py::arg("progress"));
  module.def("lexical_diversity", &lexical_diversity, py::arg("tokens"), py::arg("groups"),
             py::arg("group_count"), py::kw_only(), py::arg("weights"), py::arg("window"),
             py::arg("threshold"), py::arg("sample"), py::arg("measures"), py::arg("threads"),
             py::arg("progress"));
}

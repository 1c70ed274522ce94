#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "long_call.h"
#include "register.h"
#include "table.h"
#include "views.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/keywords/association_columns.h"
#include "wirecopy/keywords/counts.h"
#include "wirecopy/keywords/dispersion.h"
#include "wirecopy/keywords/keyness.h"
#include "wirecopy/keywords/part_counts.h"
#include "wirecopy/keywords/trends.h"

namespace py = pybind11;

namespace {

std::vector<double> copy(const Array<double>& cells, std::size_t n) {
  if (cells.ndim() != 1 || static_cast<std::size_t>(cells.size()) != n) {
    throw wirecopy::InputError("cells", "must be as many in each column");
  }
  return {cells.data(), cells.data() + n};
}

std::shared_ptr<wirecopy::Table> association(const Array<double>& o11, const Array<double>& o12,
                                             const Array<double>& o21, const Array<double>& o22,
                                             const std::vector<std::string>& measures) {
  const auto n = static_cast<std::size_t>(o11.size());
  const wirecopy::ContingencyColumns tables{copy(o11, n), copy(o12, n), copy(o21, n), copy(o22, n)};
  wirecopy::Table table;
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) {
    for (const std::string& name : measures) {
      table.add(name, wirecopy::association_column(name, tables, run));
    }
  });
  return give(std::move(table));
}

// Frequencies in parts, by the arguments that dispersion and trends have in common.
wirecopy::PartCounts count_parts(const std::shared_ptr<wirecopy::TextColumn>& texts,
                                 const std::optional<Array<std::uint32_t>>& part_of,
                                 std::size_t parts, const std::optional<Array<double>>& weights,
                                 const std::optional<std::vector<std::string>>& terms, int min_n,
                                 int max_n, std::span<const double> repeats,
                                 const wirecopy::Run& run) {
  const wirecopy::PartOptions options{.min_n = min_n,
                                      .max_n = max_n,
                                      .terms = terms.value_or(std::vector<std::string>{}),
                                      .repeats = repeats};
  const std::span<const double> values = per_text(weights, "weights", texts->size());
  if (!part_of) return wirecopy::count_in_equal_parts(*texts, parts, values, options, run);
  return wirecopy::count_in_parts(*texts, per_text(part_of, "part_of", texts->size()), parts,
                                  values, options, run);
}

std::shared_ptr<wirecopy::Table> dispersion(const std::shared_ptr<wirecopy::TextColumn>& texts,
                                            const std::optional<Array<std::uint32_t>>& part_of,
                                            std::size_t parts,
                                            const std::optional<Array<double>>& weights,
                                            const std::optional<Array<double>>& repeats,
                                            const std::optional<std::vector<std::string>>& terms,
                                            int min_n, int max_n, int threads,
                                            const py::object& progress) {
  // Each part a text, or no repeats.
  const std::span<const double> times = per_text(repeats, "repeats", parts);
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    const wirecopy::PartCounts counts =
        count_parts(texts, part_of, parts, weights, terms, min_n, max_n, times, run);
    table = wirecopy::dispersion_table(counts, times, run);
  });
  return give(std::move(table));
}

// Words of each term, as they are counted.
std::vector<std::size_t> count_words(const std::vector<std::string>& terms) {
  std::vector<std::size_t> counts;
  counts.reserve(terms.size());
  for (const std::string& given : terms) {
    const std::string term = wirecopy::normalize_term(given);
    counts.push_back(
        term.empty() ? 0 : 1 + static_cast<std::size_t>(std::count(term.begin(), term.end(), ' ')));
  }
  return counts;
}

using wirecopy::PartCounts;
using Rows = Array<std::int64_t>;

std::span<const std::int64_t> values_of(const Rows& array) {
  return {array.data(), static_cast<std::size_t>(array.size())};
}

wirecopy::TrendRows trend_rows(const PartCounts& counts, const Rows& rows, const Rows& starts) {
  if (static_cast<std::size_t>(starts.size()) != counts.parts) {
    throw wirecopy::InputError("starts", "must be one a period");
  }
  return {counts, values_of(rows), values_of(starts)};
}

std::vector<double> frequency_of(const PartCounts& counts) {
  std::vector<double> sums;
  sums.reserve(counts.size());
  for (std::size_t term = 0; term < counts.size(); ++term) {
    double sum = 0;
    for (const PartCounts::Entry& entry : counts.of(term)) sum += entry.count;
    sums.push_back(sum);
  }
  return sums;
}

py::array_t<bool> without_stopwords(const PartCounts& counts,
                                    const std::vector<std::string>& words) {
  const wirecopy::Stopwords stopwords(words);
  py::array_t<bool> kept(static_cast<py::ssize_t>(counts.size()));
  bool* const out = kept.mutable_data();
  for (std::size_t i = 0; i < counts.size(); ++i) out[i] = !stopwords.at_edge_of(counts.terms[i]);
  return kept;
}

// Runs make(run) as a long call and gives its table.
template <typename Make>
std::shared_ptr<wirecopy::Table> long_table(const Make& make) {
  wirecopy::Table table;
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) { table = make(run); });
  return give(std::move(table));
}

std::shared_ptr<wirecopy::Table> new_terms(const PartCounts& counts, std::size_t begin,
                                           std::size_t period,
                                           const std::vector<std::string>& measures,
                                           double min_frequency, double min_docs,
                                           const std::vector<std::string>& stopwords,
                                           const std::string& sort) {
  if (begin > period || period >= counts.parts) throw wirecopy::InputError("period", "is none");
  const wirecopy::KeynessOptions options{.measures = measures,
                                         .min_frequency = min_frequency,
                                         .min_documents = min_docs,
                                         .stopwords = wirecopy::Stopwords(stopwords),
                                         .sort = sort};
  return long_table([&](const wirecopy::Run& run) {
    const wirecopy::Counts target = wirecopy::counts_of_parts(counts, period, period + 1);
    const wirecopy::Counts reference = wirecopy::counts_of_parts(counts, begin, period);
    return wirecopy::keyness(target, reference, options, run);
  });
}

void register_trends(py::module_& module) {
  py::class_<PartCounts, std::shared_ptr<PartCounts>>(module, "PartCounts",
                                                      "Frequencies of terms in parts of a corpus.")
      .def("__len__", &PartCounts::size)
      .def_property_readonly("frequency",
                             [](const PartCounts& self) { return own(frequency_of(self)); })
      .def("without_stopwords", &without_stopwords, py::arg("stopwords"))
      .def(
          "trend_table",
          [](const PartCounts& self, const Rows& rows, const Rows& starts, double quantile) {
            const wirecopy::TrendRows trends = trend_rows(self, rows, starts);
            return long_table([&](const wirecopy::Run& run) {
              return wirecopy::trend_table(trends, quantile, run);
            });
          },
          py::arg("rows"), py::arg("starts"), py::kw_only(), py::arg("quantile"))
      .def(
          "trend_terms",
          [](const PartCounts& self, const Rows& rows, const Rows& starts) {
            const wirecopy::TrendRows trends = trend_rows(self, rows, starts);
            return long_table(
                [&](const wirecopy::Run& run) { return wirecopy::trend_terms(trends, run); });
          },
          py::arg("rows"), py::arg("starts"))
      .def(
          "trend_changes",
          [](const PartCounts& self, const Rows& rows, const Rows& starts, double strictness) {
            const wirecopy::TrendRows trends = trend_rows(self, rows, starts);
            return long_table([&](const wirecopy::Run& run) {
              return wirecopy::change_table(trends, strictness, run);
            });
          },
          py::arg("rows"), py::arg("starts"), py::kw_only(), py::arg("strictness"))
      .def(
          "trend_bursts",
          [](const PartCounts& self, const Rows& rows, const Rows& starts, double s, double gamma,
             int states) {
            const wirecopy::TrendRows trends = trend_rows(self, rows, starts);
            const wirecopy::BurstOptions options{.s = s, .gamma = gamma, .states = states};
            return long_table([&](const wirecopy::Run& run) {
              return wirecopy::burst_table(trends, options, run);
            });
          },
          py::arg("rows"), py::arg("starts"), py::kw_only(), py::arg("s"), py::arg("gamma"),
          py::arg("states"))
      .def("new_terms", &new_terms, py::arg("begin"), py::arg("period"), py::kw_only(),
           py::arg("measures"), py::arg("min_frequency"), py::arg("min_docs"), py::arg("stopwords"),
           py::arg("sort"));
  module.def(
      "count_parts",
      [](const std::shared_ptr<wirecopy::TextColumn>& texts,
         const std::optional<Array<std::uint32_t>>& part_of, std::size_t parts,
         const std::optional<Array<double>>& weights,
         const std::optional<std::vector<std::string>>& terms, int min_n, int max_n, int threads,
         const py::object& progress) {
        auto counts = std::make_shared<PartCounts>();
        run_long_call(progress, threads, [&](const wirecopy::Run& run) {
          *counts = count_parts(texts, part_of, parts, weights, terms, min_n, max_n, {}, run);
        });
        return counts;
      },
      py::arg("texts"), py::kw_only(), py::arg("part_of"), py::arg("parts"), py::arg("weights"),
      py::arg("terms"), py::arg("min_n"), py::arg("max_n"), py::arg("threads"),
      py::arg("progress"));
}

}  // namespace

void register_statistics(py::module_& module) {
  module.def("association", &association, py::arg("o11"), py::arg("o12"), py::arg("o21"),
             py::arg("o22"), py::kw_only(), py::arg("measures"));
  module.def("dispersion", &dispersion, py::arg("texts"), py::kw_only(), py::arg("part_of"),
             py::arg("parts"), py::arg("weights"), py::arg("repeats"), py::arg("terms"),
             py::arg("min_n"), py::arg("max_n"), py::arg("threads"), py::arg("progress"));
  module.def("count_words", &count_words, py::arg("terms"));
  register_trends(module);
}

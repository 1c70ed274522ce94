#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "long_call.h"
#include "register.h"
#include "table.h"
#include "views.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/keywords/counts.h"
#include "wirecopy/keywords/keyness.h"

namespace py = pybind11;
using wirecopy::Counts;

namespace {

// Counts, and where each term stands in them once somebody asks.
class CountsAndIndex {
 public:
  Counts counts;

  // Row of what `text` is counted as, or none.
  std::optional<std::size_t> find(const std::string& text) const {
    std::call_once(indexed_, [this] { index_ = wirecopy::index_terms(counts); });
    const auto found = index_.find(wirecopy::normalize_term(text));
    if (found == index_.end()) return std::nullopt;
    return found->second;
  }

 private:
  mutable std::once_flag indexed_;
  mutable wirecopy::TermIndex index_;
};

using SharedCounts = std::shared_ptr<CountsAndIndex>;
using Weights = py::array_t<double, py::array::c_style | py::array::forcecast>;
using Rows = py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>;

template <typename T>
std::span<const T> as_span(const py::array_t<T, py::array::c_style | py::array::forcecast>& array,
                           const char* argument) {
  if (array.ndim() != 1) throw wirecopy::InputError(argument, "must have one dimension");
  return {array.data(), static_cast<std::size_t>(array.size())};
}

SharedCounts count_terms(const std::shared_ptr<wirecopy::TextColumn>& texts,
                         const std::optional<Weights>& weights, int min_n, int max_n, double min_df,
                         int threads, const py::object& progress) {
  std::span<const double> values;
  if (weights) {
    values = as_span(*weights, "weights");
    // An empty span would mean "no weights".
    if (values.size() != texts->size()) {
      throw wirecopy::InputError("weights", std::to_string(values.size()) + " values for " +
                                                std::to_string(texts->size()) + " texts");
    }
  }
  auto result = std::make_shared<CountsAndIndex>();
  const wirecopy::CountOptions options{.min_n = min_n, .max_n = max_n, .min_df = min_df};
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    result->counts = wirecopy::count_terms(*texts, values, options, run);
  });
  return result;
}

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

py::array_t<bool> without_stopwords(const CountsAndIndex& self,
                                    const std::vector<std::string>& words) {
  const wirecopy::Stopwords stopwords(words);
  py::array_t<bool> kept(static_cast<py::ssize_t>(self.counts.size()));
  bool* const out = kept.mutable_data();
  const py::gil_scoped_release nogil;
  for (std::size_t i = 0; i < self.counts.size(); ++i) {
    out[i] = !stopwords.at_edge_of(self.counts.terms[i]);
  }
  return kept;
}

std::vector<std::string_view> terms_of(const CountsAndIndex& self) {
  std::vector<std::string_view> terms;
  terms.reserve(self.counts.size());
  for (std::size_t i = 0; i < self.counts.size(); ++i) terms.push_back(self.counts.terms[i]);
  return terms;
}

// A property that is a NumPy view of one column.
template <typename T>
auto view_of(std::vector<T> Counts::* column) {
  return [column](const py::object& self) {
    return view(self.cast<const CountsAndIndex&>().counts.*column, self);
  };
}

template <typename T>
auto value_of(T Counts::* member) {
  return [member](const CountsAndIndex& self) { return self.counts.*member; };
}

}  // namespace

void register_keywords(py::module_& module) {
  py::class_<CountsAndIndex, SharedCounts>(module, "Counts", "Frequencies of words and n-grams.")
      .def("__len__", [](const CountsAndIndex& self) { return self.counts.size(); })
      .def_property_readonly("terms", &terms_of)
      .def_property_readonly("n", view_of(&Counts::n))
      .def_property_readonly("frequency", view_of(&Counts::frequency))
      .def_property_readonly("documents", view_of(&Counts::documents))
      .def_property_readonly("totals", view_of(&Counts::totals))
      .def_property_readonly("document_total", value_of(&Counts::document_total))
      .def_property_readonly("texts", value_of(&Counts::texts))
      .def_property_readonly("min_n", value_of(&Counts::min_n))
      .def_property_readonly("max_n", value_of(&Counts::max_n))
      .def_property_readonly("left_out", value_of(&Counts::left_out))
      .def("find", &CountsAndIndex::find, py::arg("text"))
      .def("without_stopwords", &without_stopwords, py::arg("stopwords"))
      .def(
          "to_table",
          [](const CountsAndIndex& self, const Rows& rows) {
            const std::span<const std::int64_t> wanted = as_span(rows, "rows");
            const py::gil_scoped_release nogil;
            return give(wirecopy::counts_table(self.counts, wanted));
          },
          py::arg("rows"));

  module.def("count_terms", &count_terms, py::arg("texts"), py::kw_only(), py::arg("weights"),
             py::arg("min_n"), py::arg("max_n"), py::arg("min_df"), py::arg("threads"),
             py::arg("progress"));
  module.def("keyness", &keyness, py::arg("target"), py::arg("reference"), py::kw_only(),
             py::arg("min_frequency"), py::arg("min_docs"), py::arg("stopwords"), py::arg("sort"),
             py::arg("progress"));
}

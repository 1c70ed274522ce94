#include "counts.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <limits>
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
#include "wirecopy/keywords/counts_file.h"
#include "wirecopy/keywords/doc_terms.h"
#include "wirecopy/keywords/merge.h"

namespace py = pybind11;
using wirecopy::Counts;
using wirecopy::DocTerms;
using wirecopy::InputError;
using wirecopy::WeightSum;

namespace {

template <typename T>
std::span<const T> as_span(const Array<T>& array, const char* argument) {
  if (array.ndim() != 1) throw InputError(argument, "must have one dimension");
  return {array.data(), static_cast<std::size_t>(array.size())};
}

// Weights of `texts` texts, or none. (An empty span would mean that there are none.)
std::span<const double> weights_of(const std::optional<Array<double>>& weights, std::size_t texts) {
  if (!weights) return {};
  const std::span<const double> values = as_span(*weights, "weights");
  if (values.size() != texts) {
    throw InputError("weights", std::to_string(values.size()) + " values for " +
                                    std::to_string(texts) + " texts");
  }
  return values;
}

// A share is a pair (share, True).
using Limit = std::pair<double, bool>;

wirecopy::CountOptions options_of(int min_n, int max_n, int skip, const Limit& min_df,
                                  const Limit& max_df, bool matrix) {
  return {.min_n = min_n,
          .max_n = max_n,
          .skip = skip,
          .min_df = {min_df.first, min_df.second},
          .max_df = {max_df.first, max_df.second},
          .keep_occurrences = matrix};
}

SharedCounts count_terms(const std::shared_ptr<wirecopy::TextColumn>& texts,
                         const std::optional<Array<double>>& weights, int min_n, int max_n,
                         int skip, const Limit& min_df, const Limit& max_df, bool matrix,
                         std::int64_t max_terms, int threads, const py::object& progress) {
  const std::span<const double> values = weights_of(weights, texts->size());
  const auto options = options_of(min_n, max_n, skip, min_df, max_df, matrix);
  auto result = std::make_shared<CountsAndIndex>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    result->counts = max_terms > 0
                         ? wirecopy::count_bounded(*texts, values, options,
                                                   static_cast<std::size_t>(max_terms), run)
                         : wirecopy::count_terms(*texts, values, options, run);
  });
  return result;
}

SharedCounts count_tokens(const wirecopy::Tokens& tokens,
                          const std::optional<Array<double>>& weights, int min_n, int max_n,
                          int skip, const Limit& min_df, const Limit& max_df, bool matrix,
                          int threads, const py::object& progress) {
  const std::span<const double> values = weights_of(weights, tokens.texts());
  const auto options = options_of(min_n, max_n, skip, min_df, max_df, matrix);
  auto result = std::make_shared<CountsAndIndex>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    result->counts = wirecopy::count_terms(tokens, values, options, run);
  });
  return result;
}

SharedCounts merge_counts(const CountsAndIndex& a, const CountsAndIndex& b,
                          std::int64_t max_terms) {
  auto result = std::make_shared<CountsAndIndex>();
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) {
    result->counts = wirecopy::merge_counts(a.counts, b.counts, run);
    if (max_terms > 0) {
      wirecopy::keep_frequent(result->counts, static_cast<std::size_t>(max_terms));
    }
  });
  return result;
}

SharedCounts keep_documents(const CountsAndIndex& self, const Limit& min_df, const Limit& max_df) {
  auto result = std::make_shared<CountsAndIndex>();
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) {
    result->counts = wirecopy::keep_documents(self.counts, {min_df.first, min_df.second},
                                              {max_df.first, max_df.second}, run);
  });
  return result;
}

// Sums in units as pairs of 64 bits, the low ones first: as Arrow has a decimal of 128 bits.
py::array_t<std::uint64_t> halves_of(std::span<const WeightSum> sums) {
  std::vector<std::uint64_t> halves;
  halves.reserve(2 * sums.size());
  for (const WeightSum sum : sums) {
    halves.push_back(absl::Uint128Low64(sum));
    halves.push_back(absl::Uint128High64(sum));
  }
  return own(std::move(halves)).reshape({static_cast<py::ssize_t>(sums.size()), py::ssize_t{2}});
}

// A property that is one column of sums in units.
auto units_of(std::vector<WeightSum> Counts::* column) {
  return [column](const CountsAndIndex& self) { return halves_of(self.counts.*column); };
}

py::array_t<double> weights_of_units(const Array<std::uint64_t>& units) {
  if (units.ndim() != 2 || units.shape(1) != 2) throw InputError("units", "must have two columns");
  std::vector<double> weights(static_cast<std::size_t>(units.shape(0)));
  const std::uint64_t* const halves = units.data();
  for (std::size_t row = 0; row < weights.size(); ++row) {
    weights[row] = wirecopy::to_weight(absl::MakeUint128(halves[2 * row + 1], halves[2 * row]));
  }
  return own(std::move(weights));
}

SharedCounts counts_of_columns(const std::shared_ptr<wirecopy::TextColumn>& terms,
                               const Array<std::int64_t>& n, const Array<double>& frequency,
                               const Array<double>& documents, const Array<double>& totals,
                               double document_total, int min_n, int max_n) {
  const auto copied = [](const auto& array, const char* argument) {
    const auto values = as_span(array, argument);
    return std::vector(values.begin(), values.end());
  };
  Counts columns;
  columns.n = copied(n, "n");
  columns.frequency = copied(frequency, "frequency");
  columns.documents = copied(documents, "documents");
  columns.totals = copied(totals, "totals");
  columns.document_total = document_total;
  columns.min_n = min_n;
  columns.max_n = max_n;
  const py::gil_scoped_release nogil;
  wirecopy::TextReader read(*terms);
  for (std::size_t row = 0; row < terms->size(); ++row) columns.terms.push_back(read[row]);
  return std::make_shared<CountsAndIndex>(wirecopy::counts_of_columns(std::move(columns)));
}

py::array_t<bool> without_stopwords(const CountsAndIndex& self,
                                    const std::vector<std::string>& words, bool as_they_are) {
  const auto stopwords =
      as_they_are ? wirecopy::Stopwords::as_they_are(words) : wirecopy::Stopwords(words);
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

py::bytes save_counts(const CountsAndIndex& self, const std::string& notes) {
  std::string bytes;
  {
    const py::gil_scoped_release nogil;
    bytes = wirecopy::write_counts(self.counts, notes);
  }
  return py::bytes(bytes);
}

std::pair<SharedCounts, py::str> load_counts(const std::string& bytes) {
  auto result = std::make_shared<CountsAndIndex>();
  std::string notes;
  {
    const py::gil_scoped_release nogil;
    result->counts = wirecopy::read_counts(bytes, notes);
  }
  return {result, py::str(notes)};
}

// ---- texts x terms ------------------------------------------------------------------------------

std::shared_ptr<DocTerms> doc_terms(const CountsAndIndex& self, const Array<std::int64_t>& rows,
                                    int threads, const py::object& progress) {
  auto matrix = std::make_shared<DocTerms>();
  const std::span<const std::int64_t> columns = as_span(rows, "rows");
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *matrix = wirecopy::doc_terms(self.counts, columns, run);
  });
  return matrix;
}

std::shared_ptr<DocTerms> doc_terms_of(const CountsAndIndex& self, const CountsAndIndex& vocabulary,
                                       const Array<std::int64_t>& rows, int threads,
                                       const py::object& progress) {
  auto matrix = std::make_shared<DocTerms>();
  const std::span<const std::int64_t> columns = as_span(rows, "rows");
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *matrix = wirecopy::doc_terms_of(self.counts, vocabulary.counts, columns, run);
  });
  return matrix;
}

// Where the rows of a matrix begin, in the integers that SciPy has beside 32-bit columns: where
// there are fewer than 2^31 entries it then takes both as they are.
py::object starts_of(const wirecopy::SparseShape& shape) {
  if (shape.starts.back() > std::numeric_limits<std::int32_t>::max()) {
    return own(std::vector<std::int64_t>(shape.starts));
  }
  std::vector<std::int32_t> narrow(shape.starts.size());
  std::ranges::transform(shape.starts, narrow.begin(),
                         [](std::int64_t at) { return static_cast<std::int32_t>(at); });
  return own(std::move(narrow));
}

py::array_t<double> tfidf(const DocTerms& self, const Array<double>& df, double texts, int norm,
                          bool use_idf, bool smooth_idf, bool sublinear_tf, int threads) {
  const wirecopy::TfidfOptions options{norm, use_idf, smooth_idf, sublinear_tf};
  const std::span<const double> documents = as_span(df, "df");
  std::vector<double> values;
  run_long_call(py::none(), threads, [&](const wirecopy::Run& run) {
    values = wirecopy::tfidf(self, documents, texts, options, run);
  });
  return own(std::move(values));
}

py::array_t<double> bm25(const DocTerms& self, const Array<double>& df, double texts,
                         const std::optional<Array<std::int64_t>>& query,
                         const std::string& variant, double k1, double b, double delta,
                         int threads) {
  const wirecopy::Bm25Options options{variant, k1, b, delta};
  const std::span<const double> documents = as_span(df, "df");
  std::vector<double> values;
  std::span<const std::int64_t> columns;
  if (query) columns = as_span(*query, "query");
  run_long_call(py::none(), threads, [&](const wirecopy::Run& run) {
    const wirecopy::Bm25 scores(self, documents, texts, options);
    values = query ? scores.scores(columns, run) : scores.values(run);
  });
  return own(std::move(values));
}

py::dict group_terms(const DocTerms& self, const CountsAndIndex& counts,
                     const Array<std::int32_t>& group_of, std::size_t groups,
                     const std::optional<Array<double>>& weights) {
  const std::span<const double> values = weights_of(weights, self.rows());
  const std::span<const std::int32_t> of = as_span(group_of, "by");
  wirecopy::GroupTerms result;
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) {
    result = wirecopy::group_terms(self, counts.counts, of, groups, values, run);
  });
  py::dict parts;
  parts["starts"] = starts_of(result);
  parts["columns"] = own(std::move(result.columns));
  parts["frequency"] = own(std::move(result.frequency));
  parts["documents"] = own(std::move(result.documents));
  parts["document_total"] = own(std::move(result.document_total));
  parts["totals"] = own(std::move(result.totals));
  return parts;
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

template <typename T, typename Owner>
auto part_of(std::vector<T> Owner::* column) {
  return
      [column](const py::object& self) { return view(self.cast<const DocTerms&>().*column, self); };
}

void register_doc_terms(py::module_& module) {
  py::class_<DocTerms, std::shared_ptr<DocTerms>>(module, "DocTerms", "Texts x terms.")
      .def("__len__", &DocTerms::rows)
      .def_property_readonly("width", [](const DocTerms& self) { return self.width; })
      .def_property_readonly("starts", [](const DocTerms& self) { return starts_of(self); })
      .def_property_readonly("columns", part_of(&DocTerms::columns))
      .def_property_readonly("counts", part_of(&DocTerms::counts))
      .def_property_readonly("text_words", part_of(&DocTerms::text_words))
      .def("tfidf", &tfidf, py::arg("df"), py::arg("texts"), py::kw_only(), py::arg("norm"),
           py::arg("use_idf"), py::arg("smooth_idf"), py::arg("sublinear_tf"), py::arg("threads"))
      .def("bm25", &bm25, py::arg("df"), py::arg("texts"), py::kw_only(), py::arg("query"),
           py::arg("variant"), py::arg("k1"), py::arg("b"), py::arg("delta"), py::arg("threads"))
      .def("group_terms", &group_terms, py::arg("counts"), py::arg("group_of"), py::arg("groups"),
           py::arg("weights"));
}

}  // namespace

void register_counts(py::module_& module) {
  register_doc_terms(module);
  py::class_<CountsAndIndex, SharedCounts>(module, "Counts", "Frequencies of words and n-grams.")
      .def("__len__", [](const CountsAndIndex& self) { return self.counts.size(); })
      .def_property_readonly("terms", &terms_of)
      .def_property_readonly("n", view_of(&Counts::n))
      .def_property_readonly("frequency", view_of(&Counts::frequency))
      .def_property_readonly("documents", view_of(&Counts::documents))
      .def_property_readonly("totals", view_of(&Counts::totals))
      .def_property_readonly("frequency_units", units_of(&Counts::frequency_units))
      .def_property_readonly("document_units", units_of(&Counts::document_units))
      .def_property_readonly("total_units", units_of(&Counts::total_units))
      .def_property_readonly("document_total_units",
                             [](const CountsAndIndex& self) {
                               return halves_of(std::span(&self.counts.document_total_units, 1));
                             })
      .def_property_readonly("undercounts", view_of(&Counts::undercounts))
      .def_property_readonly("undercount", value_of(&Counts::undercount))
      .def_property_readonly("document_total", value_of(&Counts::document_total))
      .def_property_readonly("texts", value_of(&Counts::texts))
      .def_property_readonly("min_n", value_of(&Counts::min_n))
      .def_property_readonly("max_n", value_of(&Counts::max_n))
      .def_property_readonly("skip", value_of(&Counts::skip))
      .def_property_readonly("left_out", value_of(&Counts::left_out))
      .def_property_readonly(
          "has_matrix",
          [](const CountsAndIndex& self) { return self.counts.occurrences != nullptr; })
      .def("find", &CountsAndIndex::find, py::arg("text"), py::arg("as_it_is") = false)
      .def("without_stopwords", &without_stopwords, py::arg("stopwords"),
           py::arg("as_they_are") = false)
      .def(
          "to_table",
          [](const CountsAndIndex& self, const Array<std::int64_t>& rows) {
            const std::span<const std::int64_t> wanted = as_span(rows, "rows");
            const py::gil_scoped_release nogil;
            return give(wirecopy::counts_table(self.counts, wanted));
          },
          py::arg("rows"))
      .def("merge", &merge_counts, py::arg("other"), py::arg("max_terms") = 0)
      .def("keep_documents", &keep_documents, py::arg("min_df"), py::arg("max_df"))
      .def("doc_terms", &doc_terms, py::arg("rows"), py::kw_only(), py::arg("threads") = 1,
           py::arg("progress") = py::none())
      .def("doc_terms_of", &doc_terms_of, py::arg("vocabulary"), py::arg("rows"), py::kw_only(),
           py::arg("threads") = 1, py::arg("progress") = py::none())
      .def("write", &save_counts, py::arg("notes"))
      .def_static("read", &load_counts, py::arg("content"))
      .def_static("of_columns", &counts_of_columns, py::arg("terms"), py::arg("n"),
                  py::arg("frequency"), py::arg("documents"), py::kw_only(), py::arg("totals"),
                  py::arg("document_total"), py::arg("min_n"), py::arg("max_n"));
  module.def("weights_of_units", &weights_of_units, py::arg("units"));

  const Limit none{0, false};
  const Limit all{std::numeric_limits<double>::infinity(), false};
  module.def("count_terms", &count_terms, py::arg("texts"), py::kw_only(),
             py::arg("weights") = py::none(), py::arg("min_n") = 1, py::arg("max_n") = 1,
             py::arg("skip") = 0, py::arg("min_df") = none, py::arg("max_df") = all,
             py::arg("matrix") = false, py::arg("max_terms") = 0, py::arg("threads") = 1,
             py::arg("progress") = py::none());
  module.def("count_tokens", &count_tokens, py::arg("tokens"), py::kw_only(),
             py::arg("weights") = py::none(), py::arg("min_n") = 1, py::arg("max_n") = 1,
             py::arg("skip") = 0, py::arg("min_df") = none, py::arg("max_df") = all,
             py::arg("matrix") = false, py::arg("threads") = 1, py::arg("progress") = py::none());
}

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>

#include "long_call.h"
#include "register.h"
#include "table.h"
#include "views.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/passages.h"
#include "wirecopy/match/reprints.h"

namespace py = pybind11;
using wirecopy::Matches;
using wirecopy::Passages;
using wirecopy::TextColumn;

namespace {

std::shared_ptr<Passages> find_passages(const std::shared_ptr<TextColumn>& texts,
                                        std::uint32_t min_words, std::uint32_t max_df,
                                        std::uint32_t max_gap, std::size_t split, int threads,
                                        const py::object& progress) {
  const wirecopy::PassageOptions options{
      .min_words = min_words, .max_df = max_df, .max_gap = max_gap, .split = split};
  auto passages = std::make_shared<Passages>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *passages = wirecopy::find_passages(*texts, options, run);
  });
  return passages;
}

std::shared_ptr<wirecopy::Table> passages_table(const std::shared_ptr<TextColumn>& texts,
                                                const std::shared_ptr<Passages>& passages,
                                                int threads, const py::object& progress) {
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    table = wirecopy::passages_table(*texts, *passages, run);
  });
  return give(std::move(table));
}

std::shared_ptr<Matches> find_passage_matches(const std::shared_ptr<TextColumn>& texts,
                                              double threshold, std::uint32_t min_words,
                                              std::uint32_t max_df, std::uint32_t max_gap,
                                              std::size_t split, bool near, int threads,
                                              const py::object& progress) {
  const wirecopy::NoisyOptions options{.threshold = threshold,
                                       .min_words = min_words,
                                       .max_df = max_df,
                                       .max_gap = max_gap,
                                       .split = split};
  auto matches = std::make_shared<Matches>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *matches = near ? wirecopy::find_reprints(*texts, options, run)
                    : wirecopy::find_passage_matches(*texts, options, run);
  });
  return matches;
}

}  // namespace

void register_passages(py::module_& module) {
  py::class_<Passages, std::shared_ptr<Passages>>(module, "Passages")
      .def("__len__", [](const Passages& p) { return p.list.size(); })
      .def_property_readonly(
          "words", [](const py::object& self) { return view(self.cast<Passages&>().words, self); })
      .def_property_readonly(
          "copy", [](const py::object& self) { return view(self.cast<Passages&>().copy, self); })
      .def_readonly("seeds", &Passages::seeds)
      .def_readonly("skipped", &Passages::skipped)
      .def("coverage",
           [](const Passages& passages) { return own(wirecopy::passage_coverage(passages)); })
      .def("pairs_table", [](const Passages& passages) {
        const py::gil_scoped_release release;
        return give(wirecopy::passage_pairs_table(passages));
      });

  module.def("find_passages", &find_passages, py::arg("texts"), py::kw_only(), py::arg("min_words"),
             py::arg("max_df"), py::arg("max_gap"), py::arg("split"), py::arg("threads"),
             py::arg("progress"));
  module.def("passages_table", &passages_table, py::arg("texts"), py::arg("passages"),
             py::kw_only(), py::arg("threads"), py::arg("progress"));
  module.def("find_passage_matches", &find_passage_matches, py::arg("texts"), py::kw_only(),
             py::arg("threshold"), py::arg("min_words"), py::arg("max_df"), py::arg("max_gap"),
             py::arg("split"), py::arg("near"), py::arg("threads"), py::arg("progress"));
}

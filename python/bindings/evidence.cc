#include "wirecopy/match/evidence.h"

#include <pybind11/numpy.h>
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
#include "wirecopy/base/error.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/tables.h"

namespace py = pybind11;
using wirecopy::Matches;
using wirecopy::TextColumn;

namespace {

void require_texts_of(const Matches& matches, const TextColumn& texts) {
  if (texts.size() != matches.twin.size()) {
    throw wirecopy::InputError(texts.name(), "must be the texts that were matched");
  }
}

py::array_t<std::uint8_t> as_array(const std::vector<wirecopy::Verdict>& verdicts) {
  std::vector<std::uint8_t> values(verdicts.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = static_cast<std::uint8_t>(verdicts[i]);
  }
  return own(std::move(values));
}

py::array_t<std::uint8_t> judge_templates(const std::shared_ptr<TextColumn>& texts,
                                          const std::shared_ptr<Matches>& matches, int threads,
                                          const py::object& progress) {
  require_texts_of(*matches, *texts);
  std::vector<wirecopy::Verdict> verdicts;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    verdicts = wirecopy::judge_templates(*texts, *matches, run);
  });
  return as_array(verdicts);
}

std::shared_ptr<wirecopy::Judged> judge_pairs(const std::shared_ptr<TextColumn>& texts,
                                              const std::shared_ptr<Matches>& matches,
                                              const std::optional<Array<std::int64_t>>& dates,
                                              const std::optional<Array<std::int32_t>>& sources,
                                              int threads, const py::object& progress) {
  require_texts_of(*matches, *texts);
  const auto when = per_text(dates, "dates", matches->twin.size());
  const auto where = per_text(sources, "sources", matches->twin.size());
  auto judged = std::make_shared<wirecopy::Judged>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *judged = wirecopy::judge_pairs(*texts, *matches, when, where, run);
  });
  return judged;
}

std::shared_ptr<wirecopy::Table> explain_pair(const TextColumn& texts, std::size_t a,
                                              std::size_t b) {
  for (const std::size_t row : {a, b}) {
    if (row >= texts.size()) throw py::index_error("row " + std::to_string(row));
  }
  const py::gil_scoped_release release;
  wirecopy::TextReader reader_a(texts), reader_b(texts);
  return give(wirecopy::explain_pair(reader_a[a], reader_b[b]));
}

}  // namespace

void register_evidence(py::module_& module) {
  py::class_<wirecopy::Judged, std::shared_ptr<wirecopy::Judged>>(module, "Judged")
      .def_property_readonly(
          "verdicts", [](const wirecopy::Judged& judged) { return as_array(judged.verdicts); });
  module.def("judge_templates", &judge_templates, py::arg("texts"), py::arg("matches"),
             py::arg("threads") = 1, py::arg("progress") = py::none());
  module.def("judge_pairs", &judge_pairs, py::arg("texts"), py::arg("matches"), py::kw_only(),
             py::arg("dates") = py::none(), py::arg("sources") = py::none(), py::arg("threads") = 1,
             py::arg("progress") = py::none());
  module.def(
      "evidence_table",
      [](const Matches& matches, const wirecopy::Judged& judged) {
        const py::gil_scoped_release release;
        return give(wirecopy::evidence_table(matches, judged));
      },
      py::arg("matches"), py::arg("judged"));
  module.def("explain_pair", &explain_pair, py::arg("texts"), py::arg("a"), py::arg("b"));
  module.def("verdict_names", [] {
    std::vector<std::string> names;
    for (std::uint8_t v = 0; v < wirecopy::kVerdicts; ++v) {
      names.emplace_back(wirecopy::verdict_name(static_cast<wirecopy::Verdict>(v)));
    }
    return names;
  });
}

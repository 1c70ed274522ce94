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

namespace py = pybind11;
using wirecopy::Evidence;
using wirecopy::Matches;
using wirecopy::TextColumn;

namespace {

template <typename T>
using Array = py::array_t<T, py::array::c_style | py::array::forcecast>;

void require_texts_of(const Matches& matches, const TextColumn& texts) {
  if (texts.size() != matches.twin.size()) {
    throw wirecopy::InputError(texts.name(), "must be the texts that were matched");
  }
}

template <typename T>
std::span<const T> column(const std::optional<Array<T>>& values, const char* name,
                          const Matches& matches) {
  if (!values) return {};
  if (static_cast<std::size_t>(values->size()) != matches.twin.size()) {
    throw wirecopy::InputError(name, "must have one value per text");
  }
  return {values->data(), static_cast<std::size_t>(values->size())};
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
  const auto when = column(dates, "dates", *matches);
  const auto where = column(sources, "sources", *matches);
  auto judged = std::make_shared<wirecopy::Judged>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *judged = wirecopy::judge_pairs(*texts, *matches, when, where, run);
  });
  return judged;
}

// A row for each of matches.pairs.
wirecopy::Table evidence_table(const Matches& matches, const wirecopy::Judged& judged) {
  if (judged.evidence.size() != matches.pairs.size()) {
    throw wirecopy::InputError("judged", "must be of these matches");
  }
  wirecopy::Table table;
  const auto add = [&](const char* name, auto value) {
    std::vector<std::int64_t> values;
    values.reserve(judged.evidence.size());
    for (const Evidence& e : judged.evidence) values.push_back(value(e));
    table.add(name, std::move(values));
  };
  std::vector<std::int64_t> a, b, shared;
  for (const wirecopy::Pair& pair : matches.pairs) {
    a.push_back(pair.a);
    b.push_back(pair.b);
    shared.push_back(pair.shared);
  }
  table.add("a", std::move(a));
  table.add("b", std::move(b));
  table.add("shared", std::move(shared));
  add("words_a", [](const Evidence& e) { return e.words_a; });
  add("words_b", [](const Evidence& e) { return e.words_b; });
  add("covered", [](const Evidence& e) { return e.covered; });
  add("longest_run", [](const Evidence& e) { return e.longest_run; });
  add("replaced", [](const Evidence& e) { return e.replacements; });
  add("replaced_words", [](const Evidence& e) { return e.replaced_words; });
  add("own_a", [](const Evidence& e) { return e.own_a; });
  add("own_b", [](const Evidence& e) { return e.own_b; });
  add("rewritten", [](const Evidence& e) { return e.rewritten; });
  add("numbers_a", [](const Evidence& e) { return e.numbers_a; });
  add("numbers_b", [](const Evidence& e) { return e.numbers_b; });
  add("numbers_changed", [](const Evidence& e) { return e.numbers_changed; });
  add("numbers_kept", [](const Evidence& e) { return e.numbers_kept; });
  add("names_changed", [](const Evidence& e) { return e.names_changed; });
  add("names_kept", [](const Evidence& e) { return e.names_kept; });
  add("changed_places", [](const Evidence& e) { return e.changed_places; });
  add("numbers_common", [](const Evidence& e) { return e.apart.numbers_common; });
  add("numbers_apart", [](const Evidence& e) { return e.apart.numbers_apart; });
  add("facts_common", [](const Evidence& e) { return e.apart.common; });
  add("facts_apart", [](const Evidence& e) { return e.apart.apart; });
  add("quarters", [](const Evidence& e) { return e.quarters; });
  wirecopy::Strings only_a, only_b, verdict;
  wirecopy::Bools same_headline;
  for (const Evidence& e : judged.evidence) {
    only_a.push_back(wirecopy::places_name(e.only_a));
    only_b.push_back(wirecopy::places_name(e.only_b));
    same_headline.values.push_back(e.same_headline);
  }
  for (const wirecopy::Verdict v : judged.verdicts) verdict.push_back(wirecopy::verdict_name(v));
  table.add("only_a", std::move(only_a));
  table.add("only_b", std::move(only_b));
  table.add("same_headline", std::move(same_headline));
  table.add("verdict", std::move(verdict));
  return table;
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
        return give(evidence_table(matches, judged));
      },
      py::arg("matches"), py::arg("judged"));
  module.def("explain_pair", &explain_pair, py::arg("texts"), py::arg("a"), py::arg("b"));
  module.def("verdict_names", [] {
    std::vector<std::string> names;
    for (int v = 0; v <= static_cast<int>(wirecopy::Verdict::kSharedPassage); ++v) {
      names.emplace_back(wirecopy::verdict_name(static_cast<wirecopy::Verdict>(v)));
    }
    return names;
  });
}

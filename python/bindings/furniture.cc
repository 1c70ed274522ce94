#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "long_call.h"
#include "register.h"
#include "table.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/text/articles.h"
#include "wirecopy/text/bodies.h"
#include "wirecopy/text/furniture_learning.h"

namespace py = pybind11;
using wirecopy::FurnitureRules;
using wirecopy::TextColumn;

namespace {

void require_sources(const std::vector<std::int32_t>& sources, const TextColumn& texts) {
  if (!sources.empty() && sources.size() != texts.size()) {
    throw wirecopy::InputError("sources", "not one a text");
  }
}

py::tuple find_bodies(const std::shared_ptr<TextColumn>& texts,
                      const std::shared_ptr<FurnitureRules>& rules, bool thorough,
                      const std::vector<std::int32_t>& sources, int threads,
                      const py::object& progress) {
  require_sources(sources, *texts);
  wirecopy::Bodies bodies;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    bodies = wirecopy::find_bodies(*texts, *rules, {.thorough = thorough}, sources, run);
  });
  return py::make_tuple(std::make_shared<TextColumn>(std::move(bodies.texts)), bodies.shortened);
}

py::tuple parse_articles(const std::shared_ptr<TextColumn>& texts,
                         const std::shared_ptr<FurnitureRules>& rules, bool thorough,
                         const std::vector<std::string>& keep,
                         const std::vector<std::int32_t>& sources, int threads,
                         const py::object& progress) {
  wirecopy::FurnitureOptions options{.thorough = thorough};
  for (const std::string& kind : keep) {
    const auto at = std::ranges::find(wirecopy::kFurnitureKinds, kind);
    if (at == wirecopy::kFurnitureKinds.end()) {
      throw wirecopy::InputError("keep", "'" + kind + "' is not a kind of furniture");
    }
    options.keep[static_cast<std::size_t>(at - wirecopy::kFurnitureKinds.begin())] = true;
  }
  require_sources(sources, *texts);
  wirecopy::Articles articles;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    articles = wirecopy::parse_articles(*texts, *rules, options, sources, run);
  });
  return py::make_tuple(give(std::move(articles.articles)), give(std::move(articles.furniture)));
}

py::tuple learn_furniture(const std::shared_ptr<TextColumn>& texts,
                          const std::vector<std::int32_t>& sources, std::size_t source_count,
                          std::size_t min_texts, double min_share, std::size_t max_length,
                          int threads, const py::object& progress) {
  if (sources.size() != texts->size()) throw wirecopy::InputError("sources", "not one a text");
  for (const std::int32_t source : sources) {
    if (source >= 0 && static_cast<std::size_t>(source) >= source_count) {
      throw wirecopy::InputError("sources", "a number beyond their count");
    }
  }
  wirecopy::Learned learned;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    learned = wirecopy::learn_furniture(
        *texts, sources, source_count,
        {.min_texts = min_texts, .min_share = min_share, .max_length = max_length}, run);
  });
  constexpr std::array<std::string_view, 4> kPlaces = {"line", "label", "start", "end"};
  std::vector<std::int64_t> source, count;
  wirecopy::Strings place, text;
  wirecopy::Bools numbers;
  for (const wirecopy::LearnedFurniture& one : learned.found) {
    source.push_back(one.source);
    place.push_back(kPlaces[static_cast<std::size_t>(one.place)]);
    numbers.values.push_back(one.numbers ? 1 : 0);
    text.push_back(one.text);
    count.push_back(static_cast<std::int64_t>(one.texts));
  }
  wirecopy::Table table;
  table.add("source", std::move(source));
  table.add("place", std::move(place));
  table.add("numbers", std::move(numbers));
  table.add("text", std::move(text));
  table.add("texts", std::move(count));
  return py::make_tuple(give(std::move(table)), learned.stories);
}

std::shared_ptr<wirecopy::Table> rules_table(const FurnitureRules& rules) {
  wirecopy::Strings id, language, kind, scope, level;
  std::vector<double> confidence;
  constexpr std::array<std::string_view, 3> kScopes = {"line", "start", "any"};
  for (const FurnitureRules::Rule& rule : rules.rules()) {
    id.push_back(rule.id);
    language.push_back(rule.language);
    kind.push_back(wirecopy::kFurnitureKinds[static_cast<std::size_t>(rule.kind)]);
    scope.push_back(kScopes[static_cast<std::size_t>(rule.scope)]);
    level.push_back(rule.thorough ? "thorough" : "conservative");
    confidence.push_back(rule.confidence);
  }
  wirecopy::Table table;
  table.add("rule", std::move(id));
  table.add("language", std::move(language));
  table.add("kind", std::move(kind));
  table.add("scope", std::move(scope));
  table.add("level", std::move(level));
  table.add("confidence", std::move(confidence));
  return give(std::move(table));
}

}  // namespace

void register_furniture(py::module_& module) {
  py::class_<FurnitureRules, std::shared_ptr<FurnitureRules>>(module, "FurnitureRules")
      .def(py::init<>())
      .def("__len__", [](const FurnitureRules& rules) { return rules.rules().size(); })
      .def(
          "read",
          [](FurnitureRules& rules, const std::string& name, const std::string& text,
             const std::vector<std::string>& languages) { rules.read(name, text, languages); },
          py::arg("name"), py::arg("rules"), py::arg("languages"))
      .def_property_readonly("sources",
                             [](const FurnitureRules& rules) {
                               return std::vector<std::string>(rules.sources().begin(),
                                                               rules.sources().end());
                             })
      .def(
          "agency",
          [](const FurnitureRules& rules, std::string_view name) {
            return std::string(rules.find_agency(name));
          },
          py::arg("name"))
      .def_property_readonly("agencies", &FurnitureRules::agencies)
      .def("table", &rules_table);
  module.def("parse_articles", &parse_articles, py::arg("texts"), py::arg("rules"), py::kw_only(),
             py::arg("thorough"), py::arg("keep"), py::arg("sources"), py::arg("threads"),
             py::arg("progress"));
  module.def("learn_furniture", &learn_furniture, py::arg("texts"), py::arg("sources"),
             py::kw_only(), py::arg("source_count"), py::arg("min_texts"), py::arg("min_share"),
             py::arg("max_length"), py::arg("threads"), py::arg("progress"));
  module.def("find_bodies", &find_bodies, py::arg("texts"), py::arg("rules"), py::kw_only(),
             py::arg("thorough"), py::arg("sources"), py::arg("threads"), py::arg("progress"));
}

#include "wirecopy/archive/archive.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cerrno>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "long_call.h"
#include "measures.h"
#include "register.h"
#include "table.h"
#include "views.h"
#include "wirecopy/archive/everything.h"
#include "wirecopy/archive/finder.h"
#include "wirecopy/archive/judging.h"
#include "wirecopy/archive/tables.h"
#include "wirecopy/archive/texts.h"
#include "wirecopy/base/error.h"

namespace py = pybind11;
using wirecopy::Archive;
using wirecopy::ArchiveSettings;
using wirecopy::Snapshot;
using wirecopy::Strings;
using wirecopy::TextColumn;

namespace {

using wirecopy::format::IdKind;
using wirecopy::format::Keys;

ArchiveSettings make_settings(bool minhash, bool sets, bool texts, int shingle_size, int num_perm,
                              double threshold, double recall, std::uint64_t seed,
                              std::uint32_t furniture, std::uint64_t furniture_print,
                              const std::string& furniture_rules) {
  ArchiveSettings settings;
  settings.sets = sets;
  settings.texts = texts;
  settings.shingle_size = shingle_size;
  settings.furniture = furniture;
  settings.furniture_print = furniture_print;
  settings.furniture_rules = furniture_rules;
  if (minhash) {
    settings.keys = Keys::kBands;
    settings.permutations = num_perm;
    settings.banding = wirecopy::choose_banding(threshold, recall, num_perm);
    settings.threshold = threshold;
    settings.seed = seed;
  }
  settings.check();
  return settings;
}

py::dict settings_of(const Archive& archive) {
  const auto snapshot = archive.snapshot();
  const ArchiveSettings& settings = snapshot->settings();
  py::dict all;
  all["minhash"] = settings.keys == Keys::kBands;
  all["sets"] = settings.sets;
  all["texts"] = settings.texts;
  all["shingle_size"] = settings.shingle_size;
  all["num_perm"] = settings.permutations;
  all["bands"] = settings.banding.bands;
  all["rows"] = settings.banding.rows;
  all["seed"] = settings.seed;
  all["threshold"] = settings.threshold;
  all["candidate_recall"] = settings.keys == Keys::kBands
                                ? settings.banding.candidate_probability(settings.threshold)
                                : 1.0;
  all["furniture"] = settings.furniture;
  all["furniture_print"] = settings.furniture_print;
  all["furniture_rules"] = settings.furniture_rules;
  const IdKind kind = snapshot->manifest().id_kind;
  all["ids"] = kind == IdKind::kStrings ? "str" : kind == IdKind::kIntegers ? "int" : "";
  return all;
}

std::shared_ptr<Archive> open_archive(const std::string& path, bool write, bool create,
                                      const std::optional<ArchiveSettings>& made) {
  const py::gil_scoped_release release;
  return std::make_shared<Archive>(wirecopy::open_folder(path, create),
                                   write ? Archive::Mode::kWrite : Archive::Mode::kRead, made);
}

// Strings or numbers as the bytes of ids; neither: none.
std::pair<Strings, IdKind> read_ids(const std::shared_ptr<TextColumn>& strings,
                                    const std::optional<Array<std::int64_t>>& numbers) {
  Strings ids;
  if (strings != nullptr) {
    wirecopy::TextReader reader(*strings);
    for (std::size_t i = 0; i < strings->size(); ++i) ids.push_back(reader[i]);
    return {std::move(ids), IdKind::kStrings};
  }
  if (!numbers) return {std::move(ids), IdKind::kNone};
  for (py::ssize_t i = 0; i < numbers->size(); ++i) {
    ids.push_back({reinterpret_cast<const char*>(numbers->data() + i), sizeof(std::int64_t)});
  }
  return {std::move(ids), IdKind::kIntegers};
}

std::uint64_t add_texts(Archive& archive, const std::shared_ptr<TextColumn>& texts,
                        const std::shared_ptr<TextColumn>& compared,
                        const std::shared_ptr<TextColumn>& names,
                        const std::optional<Array<std::int64_t>>& numbers,
                        const std::optional<Array<std::int64_t>>& dates,
                        const std::shared_ptr<TextColumn>& sources, bool replace,
                        std::uint64_t max_memory, int threads, const py::object& progress) {
  wirecopy::NewTexts add;
  add.whole = texts.get();
  add.compared = compared.get();
  std::tie(add.ids, add.id_kind) = read_ids(names, numbers);
  const std::size_t rows = texts->size();
  const auto when = per_text(dates, "dates", rows);
  add.dates.assign(when.begin(), when.end());
  if (compared->size() != rows || (add.id_kind != IdKind::kNone && add.ids.size() != rows) ||
      (sources != nullptr && sources->size() != rows)) {
    throw wirecopy::InputError("texts", "columns must have one value per text");
  }
  if (sources != nullptr) {
    wirecopy::TextReader reader(*sources);
    for (std::size_t i = 0; i < rows; ++i) {
      add.sources.push_back(reader[i]);
      add.has_source.push_back(!sources->is_null(i));
    }
  }
  std::uint64_t first = 0;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    first = archive.add(add, replace, max_memory, run);
  });
  return first;
}

std::uint64_t remove_texts(Archive& archive, const std::shared_ptr<TextColumn>& names,
                           const std::optional<Array<std::int64_t>>& numbers, bool missing_ok) {
  const auto [ids, kind] = read_ids(names, numbers);
  const IdKind ours = archive.snapshot()->manifest().id_kind;
  if (kind != ours && ours != IdKind::kNone) {
    throw wirecopy::InputError("ids", ours == IdKind::kStrings
                                          ? "must be strings, as those of this archive are"
                                          : "must be integers, as those of this archive are");
  }
  std::uint64_t count = 0;
  run_long_call(py::none(), 1,
                [&](const wirecopy::Run&) { count = archive.remove(ids, missing_ok); });
  return count;
}

// How verdicts look into the texts; nothing where they do not. No rules: nothing is taken off.
std::optional<wirecopy::Judging> judging_of(const Snapshot& snapshot, bool look,
                                            const wirecopy::FurnitureRules* rules, bool thorough,
                                            std::uint64_t max_memory) {
  if (!look) return std::nullopt;
  if (!snapshot.settings().texts) {
    throw wirecopy::InputError("verdicts", "look into the texts, which this archive does not keep");
  }
  return wirecopy::Judging{.rules = rules, .thorough = thorough, .max_memory = max_memory};
}

wirecopy::Table table_of(const std::shared_ptr<const Snapshot>& snapshot,
                         const wirecopy::Answer& answer, const wirecopy::Similarity& rule,
                         const std::optional<wirecopy::Judging>& judging,
                         const wirecopy::Run& run) {
  std::vector<wirecopy::Verdict> verdicts;
  if (judging) verdicts = wirecopy::judge_found(snapshot, answer, *judging, run);
  return wirecopy::found_table(*snapshot, answer, rule, verdicts);
}

std::shared_ptr<wirecopy::Table> match(const std::shared_ptr<Snapshot>& snapshot,
                                       const std::shared_ptr<TextColumn>& texts,
                                       const std::shared_ptr<TextColumn>& compared,
                                       const std::string& measure, double threshold,
                                       std::uint32_t min_shared, double min_ratio,
                                       std::uint64_t max_pairs, std::uint64_t max_memory, bool look,
                                       const std::shared_ptr<wirecopy::FurnitureRules>& rules,
                                       bool thorough, int threads, const py::object& progress) {
  const wirecopy::Similarity rule{measure_named(measure), threshold, min_shared, min_ratio};
  if (compared->size() != texts->size()) {
    throw wirecopy::InputError("texts", "columns must have one value per text");
  }
  auto judging = judging_of(*snapshot, look, rules.get(), thorough, max_memory);
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    const TextColumn& read = compared == texts ? *texts : *compared;
    const auto answer =
        wirecopy::match_texts(*snapshot, read, *texts, rule, {max_pairs, max_memory}, run);
    if (judging) judging->compared = &read;
    table = table_of(snapshot, answer, rule, judging, run);
  });
  return give(std::move(table));
}

std::shared_ptr<wirecopy::Table> match_before(
    const std::shared_ptr<Snapshot>& snapshot, std::uint64_t first, const std::string& measure,
    double threshold, std::uint32_t min_shared, double min_ratio, std::uint64_t max_pairs,
    std::uint64_t max_memory, bool look, const std::shared_ptr<wirecopy::FurnitureRules>& rules,
    bool thorough, int threads, const py::object& progress) {
  const wirecopy::Similarity rule{measure_named(measure), threshold, min_shared, min_ratio};
  if (first > snapshot->places()) throw wirecopy::InputError("first", "is beyond the end");
  auto judging = judging_of(*snapshot, look, rules.get(), thorough, max_memory);
  if (judging) judging->first = first;
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    const auto answer =
        wirecopy::match_before(*snapshot, first, rule, {max_pairs, max_memory}, run);
    table = table_of(snapshot, answer, rule, judging, run);
  });
  return give(std::move(table));
}

std::shared_ptr<wirecopy::Matches> match_everything(const std::shared_ptr<Snapshot>& snapshot,
                                                    const std::string& measure, double threshold,
                                                    std::uint32_t min_shared, double min_ratio,
                                                    std::uint64_t max_pairs, int threads,
                                                    const py::object& progress) {
  const wirecopy::Similarity rule{measure_named(measure), threshold, min_shared, min_ratio};
  auto matches = std::make_shared<wirecopy::Matches>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *matches = wirecopy::match_everything(snapshot, rule, max_pairs, run);
  });
  return matches;
}

void require_places(const Snapshot& snapshot, const std::vector<std::uint64_t>& places) {
  for (const std::uint64_t place : places) {
    if (place >= snapshot.places()) throw py::index_error("place " + std::to_string(place));
  }
}

std::uint64_t text_size(const Snapshot& snapshot, std::uint64_t place) {
  if (!snapshot.settings().texts) return 0;
  const auto [part, text] = snapshot.at(place);
  return part->segment->text_bytes(text);
}

// Whether texts are read in a fraction of a second, from whatever disk: then a thread of their own
// would be most of the call, and Ctrl-C can wait.
bool are_few(const Snapshot& snapshot, const std::vector<std::uint64_t>& places) {
  constexpr std::size_t kFew = 32;
  constexpr std::uint64_t kFewBytes = std::uint64_t{16} << 20;
  if (places.size() > kFew) return false;
  std::uint64_t bytes = 0;
  for (const std::uint64_t place : places) bytes += text_size(snapshot, place);
  return bytes <= kFewBytes;
}

std::shared_ptr<TextColumn> texts_of(const std::shared_ptr<Snapshot>& snapshot,
                                     const std::vector<std::uint64_t>& places,
                                     const std::optional<Array<std::uint8_t>>& wanted) {
  require_places(*snapshot, places);
  const auto rows = per_text(wanted, "wanted", places.size());
  auto column = std::make_shared<TextColumn>();
  if (are_few(*snapshot, places)) {
    const py::gil_scoped_release nogil;
    *column = wirecopy::read_texts(snapshot, places, {}, rows);
    return column;
  }
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) {
    *column = wirecopy::read_texts(snapshot, places, run, rows);
  });
  return column;
}

py::dict stats_of(const Snapshot& snapshot) {
  std::uint64_t bytes = 0;
  std::vector<std::uint64_t> of_kind(wirecopy::format::kKinds);
  for (const Snapshot::Part& part : snapshot.parts()) {
    bytes += part.segment->file_bytes();
    for (std::uint32_t kind = 1; kind < wirecopy::format::kKinds; ++kind) {
      of_kind[kind] += part.segment->bytes_of(static_cast<wirecopy::format::Kind>(kind));
    }
  }
  py::dict blocks;
  for (std::uint32_t kind = 1; kind < wirecopy::format::kKinds; ++kind) {
    const auto name = wirecopy::section_name(static_cast<wirecopy::format::Kind>(kind));
    blocks[py::str(name.data(), name.size())] = of_kind[kind];
  }
  py::dict stats;
  stats["texts"] = snapshot.size();
  stats["removed"] = snapshot.places() - snapshot.size();
  stats["segments"] = snapshot.parts().size();
  stats["bytes"] = bytes;
  stats["generation"] = snapshot.manifest().generation;
  stats["blocks"] = blocks;
  return stats;
}

void register_errors_of_archives(py::module_& module) {
  static const py::object error =
      py::exception<wirecopy::ArchiveError>(module, "ArchiveError", PyExc_ValueError);
  // NOLINTNEXTLINE(performance-unnecessary-value-param): pybind11's signature
  py::register_local_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const wirecopy::ArchiveError& e) {
      PyErr_SetString(error.ptr(), e.what());
    } catch (const wirecopy::FileError& e) {
      // errno chooses the subclass: FileNotFoundError, PermissionError, ...
      const py::tuple arguments = py::make_tuple(e.code(), std::string(e.what()), e.path());
      PyErr_SetObject(PyExc_OSError, arguments.ptr());
    }
  });
}

}  // namespace

void register_archive(py::module_& module) {
  register_errors_of_archives(module);
  py::class_<ArchiveSettings>(module, "ArchiveSettings")
      .def(py::init(&make_settings), py::kw_only(), py::arg("minhash"), py::arg("sets"),
           py::arg("texts"), py::arg("shingle_size"), py::arg("num_perm"), py::arg("threshold"),
           py::arg("recall"), py::arg("seed"), py::arg("furniture"), py::arg("furniture_print"),
           py::arg("furniture_rules"));

  py::class_<Snapshot, std::shared_ptr<Snapshot>>(module, "ArchiveSnapshot")
      .def("__len__", &Snapshot::size)
      .def_property_readonly("places", &Snapshot::places)
      .def("all", [](const Snapshot& s) { return own(s.all()); })
      .def(
          "find_ids",
          [](const Snapshot& s, const std::shared_ptr<TextColumn>& names,
             const std::optional<Array<std::int64_t>>& numbers) {
            const auto [ids, kind] = read_ids(names, numbers);
            std::vector<std::int64_t> places;
            for (std::size_t i = 0; i < ids.size(); ++i) {
              const auto place = kind == s.manifest().id_kind ? s.find_id(ids[i]) : std::nullopt;
              places.push_back(place ? static_cast<std::int64_t>(*place) : -1);
            }
            return own(std::move(places));
          },
          py::kw_only(), py::arg("names"), py::arg("numbers"))
      .def(
          "texts_table",
          [](const Snapshot& s, const std::vector<std::uint64_t>& places) {
            require_places(s, places);
            const py::gil_scoped_release release;
            return give(wirecopy::texts_table(s, places));
          },
          py::arg("places"))
      .def("texts_of", &texts_of, py::arg("places"), py::arg("wanted") = py::none())
      .def(
          "text_sizes",
          [](const Snapshot& s, const std::vector<std::uint64_t>& places) {
            require_places(s, places);
            std::vector<std::uint64_t> sizes;
            sizes.reserve(places.size());
            for (const std::uint64_t place : places) sizes.push_back(text_size(s, place));
            return own(std::move(sizes));
          },
          py::arg("places"))
      .def("stats", &stats_of)
      .def("match", &match, py::arg("texts"), py::arg("compared"), py::kw_only(),
           py::arg("measure"), py::arg("threshold"), py::arg("min_shared"), py::arg("min_ratio"),
           py::arg("max_pairs"), py::arg("max_memory"), py::arg("look"), py::arg("rules"),
           py::arg("thorough"), py::arg("threads"), py::arg("progress"))
      .def("match_before", &match_before, py::arg("first"), py::kw_only(), py::arg("measure"),
           py::arg("threshold"), py::arg("min_shared"), py::arg("min_ratio"), py::arg("max_pairs"),
           py::arg("max_memory"), py::arg("look"), py::arg("rules"), py::arg("thorough"),
           py::arg("threads"), py::arg("progress"))
      .def("match_everything", &match_everything, py::kw_only(), py::arg("measure"),
           py::arg("threshold"), py::arg("min_shared"), py::arg("min_ratio"), py::arg("max_pairs"),
           py::arg("threads"), py::arg("progress"))
      .def(
          "verify",
          [](const Snapshot& s, const py::object& progress) {
            wirecopy::Table table;
            run_long_call(progress, 1, [&](const wirecopy::Run& run) {
              table = wirecopy::verify_table(s, run);
            });
            return give(std::move(table));
          },
          py::arg("progress"));

  py::class_<Archive, std::shared_ptr<Archive>>(module, "Archive")
      .def(py::init(&open_archive), py::arg("path"), py::kw_only(), py::arg("write"),
           py::arg("create"), py::arg("settings"))
      .def_property_readonly("settings", &settings_of)
      .def_property_readonly("writable", &Archive::writable)
      .def("snapshot",
           [](const Archive& a) { return std::const_pointer_cast<Snapshot>(a.snapshot()); })
      .def(
          "require_answerable",
          [](const Archive& a, const std::string& measure, double threshold,
             std::uint32_t min_shared, double min_ratio) {
            wirecopy::require_answerable(
                a.snapshot()->settings(),
                {measure_named(measure), threshold, min_shared, min_ratio});
          },
          py::kw_only(), py::arg("measure"), py::arg("threshold"), py::arg("min_shared"),
          py::arg("min_ratio"))
      .def("refresh", &Archive::refresh, py::call_guard<py::gil_scoped_release>())
      .def("add", &add_texts, py::arg("texts"), py::arg("compared"), py::kw_only(),
           py::arg("names"), py::arg("numbers"), py::arg("dates"), py::arg("sources"),
           py::arg("replace"), py::arg("max_memory"), py::arg("threads"), py::arg("progress"))
      .def("remove", &remove_texts, py::kw_only(), py::arg("names"), py::arg("numbers"),
           py::arg("missing_ok"))
      .def(
          "compact",
          [](Archive& archive, int threads, const py::object& progress) {
            run_long_call(progress, threads,
                          [&](const wirecopy::Run& run) { archive.compact(run); });
          },
          py::arg("threads"), py::arg("progress"));
}

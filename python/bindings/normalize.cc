#include <pybind11/functional.h>
#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "long_call.h"
#include "register.h"
#include "strings.h"
#include "table.h"
#include "views.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/clean.h"
#include "wirecopy/text/mojibake.h"
#include "wirecopy/text/normalize.h"
#include "wirecopy/text/offset_map.h"
#include "wirecopy/text/segment.h"

namespace py = pybind11;
using wirecopy::Edit;
using wirecopy::InputError;
using wirecopy::OffsetMaps;
using wirecopy::Range;
using wirecopy::SegmentKind;
using wirecopy::SequenceDetector;
using wirecopy::Step;
using wirecopy::StepSet;
using wirecopy::TextColumn;

namespace {

// Two texts by the edits between them, in code points.
struct OffsetMap {
  std::vector<Edit> edits;
  std::size_t original_length = 0;
  std::size_t normalized_length = 0;
};

std::vector<std::string> step_names() {
  std::vector<std::string> names;
  for (int i = 0; i < wirecopy::kStepCount; ++i) {
    names.emplace_back(wirecopy::step_name(static_cast<Step>(i)));
  }
  return names;
}

StepSet step_set(const std::vector<std::string>& names) {
  StepSet steps;
  for (const std::string& name : names) {
    int found = 0;
    while (found < wirecopy::kStepCount && wirecopy::step_name(static_cast<Step>(found)) != name) {
      ++found;
    }
    if (found == wirecopy::kStepCount) throw InputError("steps", "there is no step '" + name + "'");
    steps.add(static_cast<Step>(found));
  }
  return steps;
}

// Checked, and kept where the core can see it.
wirecopy::RepairedRows repaired_of(const py::array_t<std::int64_t>& rows, const TextColumn& texts) {
  if (static_cast<std::size_t>(rows.size()) != texts.size()) {
    throw InputError("repaired", "as many rows and texts are needed");
  }
  return {std::vector<std::int64_t>(rows.data(), rows.data() + rows.size()), &texts};
}

py::tuple normalize_texts(const std::shared_ptr<TextColumn>& texts,
                          const std::vector<std::string>& steps,
                          const py::array_t<std::int64_t>& repaired_rows,
                          const std::shared_ptr<TextColumn>& repaired, bool offsets, int threads,
                          const py::object& progress) {
  const StepSet set = step_set(steps);
  const wirecopy::RepairedRows rows = repaired_of(repaired_rows, *repaired);
  wirecopy::NormalizedTexts result;
  const auto maps = offsets ? std::make_shared<OffsetMaps>() : nullptr;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    result = wirecopy::normalize_texts(*texts, set, rows, run, maps.get());
  });
  std::vector<std::uint8_t> states(result.states.size());
  std::ranges::transform(result.states, states.begin(),
                         [](wirecopy::RowState state) { return static_cast<std::uint8_t>(state); });
  wirecopy::Table table;
  table.add("text", std::move(result.texts));
  return py::make_tuple(give(std::move(table)), own(std::move(states)), maps);
}

// A piece's rows as str in the list, by a thread that holds the GIL. Null rows stay None.
void put_strings(const wirecopy::NormalizedPiece& piece, const py::tuple& originals,
                 const py::list& strings) {
  for (std::size_t i = 0; i < piece.states.size(); ++i) {
    if (piece.states[i] == wirecopy::RowState::kNull) continue;
    const auto row = static_cast<Py_ssize_t>(piece.first_row + i);
    py::object text;
    if (piece.states[i] == wirecopy::RowState::kChanged) {
      text = to_str(piece.texts[i]);
    } else {
      // The str that was passed; of a subclass of str, a plain one.
      text = py::reinterpret_steal<py::object>(
          PyUnicode_FromObject(PyTuple_GET_ITEM(originals.ptr(), row)));
      if (!text) throw py::error_already_set();
    }
    if (PyList_SetItem(strings.ptr(), row, text.release().ptr()) != 0) {
      throw py::error_already_set();
    }
  }
}

// A list of str and None, each str made while the core's own copy is in the cache, and the maps.
py::tuple normalize_strings(const py::tuple& originals, const std::shared_ptr<TextColumn>& texts,
                            const std::vector<std::string>& steps,
                            const py::array_t<std::int64_t>& repaired_rows,
                            const std::shared_ptr<TextColumn>& repaired, bool offsets, int threads,
                            const py::object& progress) {
  const StepSet set = step_set(steps);
  const wirecopy::RepairedRows rows = repaired_of(repaired_rows, *repaired);
  if (texts->size() != originals.size()) {
    throw InputError("originals", "as many texts and originals are needed");
  }
  py::list strings(originals.size());
  for (std::size_t row = 0; row < originals.size(); ++row) strings[row] = py::none();
  const auto maps = offsets ? std::make_shared<OffsetMaps>() : nullptr;
  LongCallHere call(progress, threads);
  call([&](const wirecopy::Run& run) {
    wirecopy::normalize_pieces(*texts, set, rows, run, maps.get(),
                               [&](const wirecopy::NormalizedPiece& piece) {
                                 call.with_gil([&] { put_strings(piece, originals, strings); });
                               });
  });
  return py::make_tuple(strings, maps);
}

py::object repaired_text(const std::shared_ptr<TextColumn>& texts, std::size_t row) {
  if (row >= texts->size()) throw py::index_error("there is no such row");
  wirecopy::TextReader reader(*texts, wirecopy::Surrogates::kKeep);
  const std::string_view text = reader[row];
  wirecopy::ByteBuffer buffer;
  return to_str(wirecopy::repair_utf8(text, buffer, nullptr) ? buffer.view() : text);
}

// The text, a list of (step, before, after, edits) and the map. Edits are rows of six numbers:
// start and end in the original, in what the steps before left, and in what this one left.
py::tuple explain_normalize(const std::shared_ptr<TextColumn>& texts,
                            const std::vector<std::string>& steps,
                            const std::function<std::string(std::string_view)>& repair) {
  if (texts->size() != 1) throw InputError("texts", "one text is explained at a time");
  const StepSet set = step_set(steps);
  const auto kept =
      set.has(Step::kUtf8) ? wirecopy::Surrogates::kKeep : wirecopy::Surrogates::kRefuse;
  const std::string original((wirecopy::TextReader(*texts, kept)[0]));
  std::string now = original;
  std::vector<Edit> all;  // bytes, from the original to what is now
  py::list done;
  for (wirecopy::StepEdits& step : wirecopy::Normalizer(set).explain(original, repair)) {
    std::vector<Edit> in_original;
    in_original.reserve(step.edits.size());
    for (const Edit& e : step.edits) {
      const Range from = wirecopy::to_original(all, {e.begin, e.end});
      in_original.push_back({from.begin, from.end, 0, 0});
    }
    // Ranges may overlap, but their beginnings and their ends are each in order.
    std::vector<Edit> begins = in_original;
    std::vector<Edit> ends = in_original;
    for (Edit& e : begins) e.end = e.begin;
    for (Edit& e : ends) e.begin = e.end;
    begins = wirecopy::in_code_points(begins, original, {});
    ends = wirecopy::in_code_points(ends, original, {});
    const std::vector<Edit> edits = wirecopy::in_code_points(step.edits, step.before, step.after);
    py::array_t<std::int64_t> rows({static_cast<py::ssize_t>(edits.size()), py::ssize_t{6}});
    auto cell = rows.mutable_unchecked<2>();
    for (std::size_t i = 0; i < edits.size(); ++i) {
      const std::size_t values[6] = {begins[i].begin, ends[i].end,        edits[i].begin,
                                     edits[i].end,    edits[i].out_begin, edits[i].out_end};
      for (py::ssize_t k = 0; k < 6; ++k) {
        cell(static_cast<py::ssize_t>(i), k) = static_cast<std::int64_t>(values[k]);
      }
    }
    done.append(py::make_tuple(std::string(wirecopy::step_name(step.step)), to_str(step.before),
                               to_str(step.after), rows));
    all = wirecopy::compose_edits(all, step.edits);
    now = std::move(step.after);
  }
  auto map = std::make_shared<OffsetMap>();
  map->edits = wirecopy::in_code_points(all, original, now);
  map->original_length = wirecopy::utf8::count_code_points(original);
  map->normalized_length = wirecopy::utf8::count_code_points(now);
  return py::make_tuple(to_str(now), done, map);
}

Range checked(std::int64_t start, std::int64_t end, std::size_t length) {
  if (start < 0 || end < start || static_cast<std::size_t>(end) > length) {
    throw InputError("start, end", std::to_string(start) + ", " + std::to_string(end) +
                                       " is no span of a text of " + std::to_string(length) +
                                       " characters");
  }
  return {static_cast<std::size_t>(start), static_cast<std::size_t>(end)};
}

// Rows of start, end, start, end.
py::array_t<std::int64_t> edits_table(std::span<const Edit> edits) {
  py::array_t<std::int64_t> rows({static_cast<py::ssize_t>(edits.size()), py::ssize_t{4}});
  auto cell = rows.mutable_unchecked<2>();
  for (std::size_t i = 0; i < edits.size(); ++i) {
    const Edit& e = edits[i];
    const auto row = static_cast<py::ssize_t>(i);
    cell(row, 0) = static_cast<std::int64_t>(e.begin);
    cell(row, 1) = static_cast<std::int64_t>(e.end);
    cell(row, 2) = static_cast<std::int64_t>(e.out_begin);
    cell(row, 3) = static_cast<std::int64_t>(e.out_end);
  }
  return rows;
}

OffsetMap map_of_row(const OffsetMaps& maps, std::size_t row) {
  if (row >= maps.rows()) throw py::index_error("there is no such row");
  const std::span<const Edit> edits = maps.row(row);
  return {{edits.begin(), edits.end()}, maps.lengths[row].begin, maps.lengths[row].end};
}

using Offsets = py::array_t<std::int64_t, py::array::c_style>;

// Spans of many rows at once, from the normalized texts to the originals or the other way.
py::tuple map_spans(const OffsetMaps& maps, bool back, const Offsets& rows, const Offsets& starts,
                    const Offsets& ends) {
  const auto n = static_cast<std::size_t>(rows.size());
  if (static_cast<std::size_t>(starts.size()) != n || static_cast<std::size_t>(ends.size()) != n) {
    throw InputError("start, end", "as many as rows are needed");
  }
  std::vector<std::int64_t> begins(n), stops(n);
  for (std::size_t i = 0; i < n; ++i) {
    const std::int64_t row = rows.data()[i];
    const std::int64_t start = starts.data()[i];
    const std::int64_t end = ends.data()[i];
    const auto place = static_cast<std::int64_t>(i);
    if (row < 0 || std::cmp_greater_equal(row, maps.rows())) {
      throw InputError(
          "row", place,
          std::to_string(row) + "; there are " + std::to_string(maps.rows()) + " texts");
    }
    const auto text = static_cast<std::size_t>(row);
    const std::size_t length = back ? maps.lengths[text].end : maps.lengths[text].begin;
    if (start < 0 || end < start || std::cmp_greater(end, length)) {
      throw InputError("start, end", place,
                       std::to_string(start) + ", " + std::to_string(end) +
                           " is no span of a text of " + std::to_string(length) + " characters");
    }
    const Range from{static_cast<std::size_t>(start), static_cast<std::size_t>(end)};
    const Range to = back ? wirecopy::to_original(maps.row(text), from)
                          : wirecopy::to_result(maps.row(text), from);
    begins[i] = static_cast<std::int64_t>(to.begin);
    stops[i] = static_cast<std::int64_t>(to.end);
  }
  return py::make_tuple(own(std::move(begins)), own(std::move(stops)));
}

// How many edits each row has, and all edits.
py::tuple all_edits(const OffsetMaps& maps) {
  std::vector<std::int64_t> counts(maps.rows());
  for (std::size_t row = 0; row < counts.size(); ++row) {
    counts[row] = static_cast<std::int64_t>(maps.row(row).size());
  }
  return py::make_tuple(own(std::move(counts)), edits_table(maps.edits));
}

using Words64 = py::array_t<std::uint64_t, py::array::c_style | py::array::forcecast>;

SequenceDetector::Bits bits_of(const std::uint64_t* words) {
  SequenceDetector::Bits bits;
  std::copy_n(words, bits.size(), bits.begin());
  return bits;
}

std::shared_ptr<SequenceDetector> make_detector(
    const py::array_t<std::uint8_t, py::array::c_style>& class_of, const Words64& classes,
    const Words64& first, const Words64& anchored, const Words64& last) {
  constexpr auto kWords = static_cast<py::ssize_t>(SequenceDetector::kWords);
  if (classes.ndim() != 2 || classes.shape(1) != kWords || first.size() != kWords ||
      anchored.size() != kWords || last.size() != kWords) {
    throw InputError("classes", "sets of places are four 64-bit words each");
  }
  std::vector<SequenceDetector::Bits> sets;
  for (py::ssize_t i = 0; i < classes.shape(0); ++i) sets.push_back(bits_of(classes.data(i, 0)));
  return std::make_shared<SequenceDetector>(
      std::vector<std::uint8_t>(class_of.data(), class_of.data() + class_of.size()),
      std::move(sets), bits_of(first.data()), bits_of(anchored.data()), bits_of(last.data()));
}

py::array_t<std::int64_t> detect_rows(const SequenceDetector& detector,
                                      const std::shared_ptr<TextColumn>& texts, int threads,
                                      const py::object& progress) {
  std::vector<std::int64_t> rows;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    rows = wirecopy::detect_rows(*texts, detector, run);
  });
  return own(std::move(rows));
}

std::shared_ptr<wirecopy::Table> segment_texts(const std::shared_ptr<TextColumn>& texts,
                                               const std::string& kind, int threads,
                                               const py::object& progress) {
  const std::pair<std::string_view, SegmentKind> kinds[] = {
      {"graphemes", SegmentKind::kGraphemes},
      {"words", SegmentKind::kWords},
      {"all words", SegmentKind::kAllWords},
      {"sentences", SegmentKind::kSentences},
      {"all sentences", SegmentKind::kAllSentences}};
  const auto* const found = std::ranges::find(kinds, kind, [](const auto& k) { return k.first; });
  if (found == std::end(kinds)) throw InputError("kind", "'" + kind + "' is not a kind of segment");
  wirecopy::Table table;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    table = wirecopy::segment_texts(*texts, found->second, run);
  });
  return give(std::move(table));
}

}  // namespace

void register_normalize(py::module_& module) {
  py::class_<OffsetMap, std::shared_ptr<OffsetMap>>(module, "OffsetMap")
      .def_readonly("original_length", &OffsetMap::original_length)
      .def_readonly("normalized_length", &OffsetMap::normalized_length)
      .def_property_readonly("edits", [](const OffsetMap& map) { return edits_table(map.edits); })
      .def(
          "to_original",
          [](const OffsetMap& map, std::int64_t start, std::int64_t end) {
            const Range r =
                wirecopy::to_original(map.edits, checked(start, end, map.normalized_length));
            return py::make_tuple(r.begin, r.end);
          },
          py::arg("start"), py::arg("end"))
      .def(
          "to_normalized",
          [](const OffsetMap& map, std::int64_t start, std::int64_t end) {
            const Range r =
                wirecopy::to_result(map.edits, checked(start, end, map.original_length));
            return py::make_tuple(r.begin, r.end);
          },
          py::arg("start"), py::arg("end"));
  py::class_<OffsetMaps, std::shared_ptr<OffsetMaps>>(module, "OffsetMaps")
      .def("__len__", &OffsetMaps::rows)
      .def("__getitem__", &map_of_row, py::arg("row"))
      .def("edits", &all_edits)
      .def(
          "to_original",
          [](const OffsetMaps& maps, const Offsets& rows, const Offsets& starts,
             const Offsets& ends) { return map_spans(maps, true, rows, starts, ends); },
          py::arg("rows"), py::arg("starts"), py::arg("ends"))
      .def(
          "to_normalized",
          [](const OffsetMaps& maps, const Offsets& rows, const Offsets& starts,
             const Offsets& ends) { return map_spans(maps, false, rows, starts, ends); },
          py::arg("rows"), py::arg("starts"), py::arg("ends"));
  py::class_<SequenceDetector, std::shared_ptr<SequenceDetector>>(module, "SequenceDetector")
      .def(py::init(&make_detector), py::arg("class_of"), py::arg("classes"), py::arg("first"),
           py::arg("anchored"), py::arg("last"))
      .def("rows", &detect_rows, py::arg("texts"), py::arg("threads") = 1,
           py::arg("progress") = py::none());
  module.def("normalize_steps", &step_names);
  module.def("normalize_texts", &normalize_texts, py::arg("texts"), py::arg("steps"),
             py::arg("repaired_rows"), py::arg("repaired"), py::arg("offsets") = false,
             py::arg("threads") = 1, py::arg("progress") = py::none());
  module.def("normalize_strings", &normalize_strings, py::arg("originals"), py::arg("texts"),
             py::arg("steps"), py::arg("repaired_rows"), py::arg("repaired"),
             py::arg("offsets") = false, py::arg("threads") = 1, py::arg("progress") = py::none());
  module.def("repaired_text", &repaired_text, py::arg("texts"), py::arg("row"));
  module.def("explain_normalize", &explain_normalize, py::arg("texts"), py::arg("steps"),
             py::arg("repair"));
  module.def("segment_texts", &segment_texts, py::arg("texts"), py::arg("kind"),
             py::arg("threads") = 1, py::arg("progress") = py::none());
}

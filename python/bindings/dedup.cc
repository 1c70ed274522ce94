#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "long_call.h"
#include "measures.h"
#include "register.h"
#include "table.h"
#include "views.h"
#include "wirecopy/base/error.h"
#include "wirecopy/match/across.h"
#include "wirecopy/match/dedup.h"
#include "wirecopy/match/equal.h"
#include "wirecopy/match/groups.h"
#include "wirecopy/match/stars.h"
#include "wirecopy/match/tables.h"

namespace py = pybind11;
using wirecopy::Groups;
using wirecopy::Matches;

namespace {

std::shared_ptr<Matches> find_matches(const std::shared_ptr<wirecopy::TextColumn>& texts,
                                      const std::string& measure, bool minhash, double threshold,
                                      std::uint32_t min_shared, double min_ratio, int shingle_size,
                                      std::uint32_t max_df, std::size_t split,
                                      std::uint64_t max_memory, std::uint64_t max_pairs,
                                      int num_perm, double recall, std::uint64_t seed,
                                      bool may_fall_back, int threads, const py::object& progress) {
  const wirecopy::DedupOptions options{
      .rule = {measure_named(measure), threshold, min_shared, min_ratio},
      .method = minhash ? wirecopy::Method::kMinHash : wirecopy::Method::kExact,
      .shingle_size = shingle_size,
      .max_df = max_df,
      .split = split,
      .max_memory = max_memory,
      .max_pairs = max_pairs,
      .permutations = num_perm,
      .recall = recall,
      .seed = seed,
      .may_fall_back = may_fall_back};
  auto matches = std::make_shared<Matches>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *matches = wirecopy::find_matches(*texts, options, run);
  });
  return matches;
}

std::shared_ptr<Matches> find_equal(const std::shared_ptr<wirecopy::TextColumn>& texts,
                                    const std::string& form, std::size_t split, int threads,
                                    const py::object& progress) {
  const auto copy_form = form == "words" ? wirecopy::CopyForm::kWords : wirecopy::CopyForm::kBytes;
  auto matches = std::make_shared<Matches>();
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    *matches = wirecopy::find_equal(*texts, copy_form, split, run);
  });
  return matches;
}

void require_whole_copies(const std::shared_ptr<Matches>& matches,
                          const std::shared_ptr<wirecopy::TextColumn>& whole, int threads,
                          const py::object& progress) {
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    wirecopy::require_whole_copies(*whole, *matches, run);
  });
}

// A Cut with the arrays that it looks at.
struct OwnedCut {
  double threshold;
  std::vector<std::int64_t> dates;
  std::int64_t window;
  std::vector<std::int32_t> sources;
  std::vector<wirecopy::Verdict> verdicts;
  bool follow_templates;

  // Checks that it fits the matches: the arrays are read by row and pair number.
  wirecopy::Cut on(const Matches& matches) const {
    const auto fits = [](const auto& values, std::size_t n) {
      return values.empty() || values.size() == n;
    };
    const std::size_t n = matches.twin.size();
    if (!fits(dates, n)) throw wirecopy::InputError("dates", "must have one value per text");
    if (!fits(sources, n)) throw wirecopy::InputError("sources", "must have one value per text");
    if (!fits(verdicts, matches.pairs.size())) {
      throw wirecopy::InputError("verdicts", "must have one value per pair");
    }
    const bool is_share = matches.rule.measure != wirecopy::Measure::kOverlap;
    if (!(threshold >= matches.rule.threshold && (threshold <= 1 || !is_share))) {
      throw wirecopy::InputError("threshold", "must be from " +
                                                  std::to_string(matches.rule.threshold) +
                                                  ", which the texts were matched at, to 1");
    }
    return {threshold, {dates, window, sources}, verdicts, follow_templates};
  }
};

template <typename T>
std::vector<T> to_vector(const std::optional<Array<T>>& array) {
  if (!array) return {};
  return {array->data(), array->data() + array->size()};
}

std::vector<wirecopy::Verdict> to_verdicts(const std::optional<Array<std::uint8_t>>& array) {
  std::vector<wirecopy::Verdict> verdicts;
  if (!array) return verdicts;
  verdicts.reserve(static_cast<std::size_t>(array->size()));
  for (py::ssize_t i = 0; i < array->size(); ++i) {
    const std::uint8_t value = array->data()[i];
    if (value >= wirecopy::kVerdicts) {
      throw wirecopy::InputError("verdicts", static_cast<std::int64_t>(i),
                                 "is " + std::to_string(value) + "; must be from 0 to " +
                                     std::to_string(wirecopy::kVerdicts - 1));
    }
    verdicts.push_back(static_cast<wirecopy::Verdict>(value));
  }
  return verdicts;
}

OwnedCut make_cut(double threshold, const std::optional<Array<std::int64_t>>& dates,
                  std::int64_t window, const std::optional<Array<std::int32_t>>& sources,
                  const std::optional<Array<std::uint8_t>>& verdicts, bool follow_templates) {
  if (window < 0) throw wirecopy::InputError("window", "must not be negative");
  return {threshold,          to_vector(dates),      window,
          to_vector(sources), to_verdicts(verdicts), follow_templates};
}

// Checks that `rank` is a permutation of the rows.
std::span<const std::uint32_t> ranks_of(const Array<std::uint32_t>& rank, std::size_t n) {
  if (rank.ndim() != 1 || static_cast<std::size_t>(rank.size()) != n) {
    throw wirecopy::InputError("rank", "must have one value per text");
  }
  const std::span<const std::uint32_t> ranks(rank.data(), n);
  std::vector<bool> seen(n);
  for (std::size_t i = 0; i < n; ++i) {
    if (ranks[i] >= n || seen[ranks[i]]) {
      throw wirecopy::InputError("rank", static_cast<std::int64_t>(i),
                                 "is not part of a permutation of the rows");
    }
    seen[ranks[i]] = true;
  }
  return ranks;
}

void list_stars(const std::shared_ptr<wirecopy::TextColumn>& texts,
                const std::shared_ptr<Matches>& matches, const OwnedCut& cut,
                const Array<std::uint32_t>& rank, int threads, const py::object& progress) {
  if (texts->size() != matches->twin.size()) {
    throw wirecopy::InputError("texts", "must be the texts that were matched");
  }
  const std::span<const std::uint32_t> ranks = ranks_of(rank, matches->twin.size());
  const wirecopy::Cut at = cut.on(*matches);
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    wirecopy::list_stars(*texts, at, ranks, *matches, run);
  });
}

wirecopy::PairRows rows_named(const std::string& name) {
  if (name == "all") return wirecopy::PairRows::kAll;
  if (name == "bridges") return wirecopy::PairRows::kBridges;
  if (name == "keepers") return wirecopy::PairRows::kKeepers;
  throw wirecopy::InputError("rows", "'" + name + "' is not known");
}

// Checks that the arrays fit the matches.
wirecopy::PairDetails details_of(const Matches& matches, const wirecopy::Judged* judged,
                                 const std::optional<Array<std::int64_t>>& dates,
                                 const std::optional<Array<std::int32_t>>& sources) {
  wirecopy::PairDetails details;
  if (judged != nullptr) {
    if (judged->evidence.size() != matches.pairs.size()) {
      throw wirecopy::InputError("judged", "must be of these matches");
    }
    details.evidence = judged->evidence;
  }
  const std::size_t texts = matches.twin.size();
  if (dates) details.dates = per_text(dates, "dates", texts);
  if (sources) details.sources = per_text(sources, "sources", texts);
  return details;
}

std::shared_ptr<Groups> make_groups(const Matches& matches, const OwnedCut& cut,
                                    const Array<std::uint32_t>& rank) {
  const std::span<const std::uint32_t> ranks = ranks_of(rank, matches.twin.size());
  const wirecopy::Cut at = cut.on(matches);
  auto groups = std::make_shared<Groups>();
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) {
    *groups = wirecopy::make_groups(matches, at, ranks, run);
  });
  return groups;
}

}  // namespace

void register_dedup(py::module_& module) {
  py::class_<Matches, std::shared_ptr<Matches>>(module, "Matches")
      .def_property_readonly(
          "words", [](const py::object& self) { return view(self.cast<Matches&>().words, self); })
      .def_property_readonly(
          "twin", [](const py::object& self) { return view(self.cast<Matches&>().twin, self); })
      .def_property_readonly("paired",
                             [](const Matches& m) {
                               std::vector<std::uint8_t> paired(m.twin.size());
                               for (const wirecopy::Pair& pair : m.pairs) {
                                 paired[pair.a] = paired[pair.b] = 1;
                               }
                               return own(std::move(paired));
                             })
      .def_property_readonly("threshold", [](const Matches& m) { return m.rule.threshold; })
      .def_readonly("candidate_recall", &Matches::candidate_recall)
      .def_readonly("candidates", &Matches::candidates)
      .def_property_readonly(
          "minhash", [](const Matches& m) { return m.method == wirecopy::Method::kMinHash; })
      .def_readonly("fell_back", &Matches::fell_back)
      .def_readonly("pieces", &Matches::pieces)
      .def_readonly("capped", &Matches::capped)
      .def_property_readonly("bands", [](const Matches& m) { return m.banding.bands; })
      .def_property_readonly("rows", [](const Matches& m) { return m.banding.rows; })
      .def(
          "candidate_probability",
          [](const Matches& m, double jaccard) {
            const bool all = m.method == wirecopy::Method::kExact;
            return all ? 1.0 : m.banding.candidate_probability(jaccard);
          },
          py::arg("jaccard"))
      .def(
          "count_pairs",
          [](const Matches& m, const OwnedCut& cut) { return wirecopy::count_pairs(m, cut.on(m)); },
          py::arg("cut"));

  py::class_<OwnedCut>(module, "Cut")
      .def(py::init(&make_cut), py::arg("threshold"), py::kw_only(), py::arg("dates") = py::none(),
           py::arg("window") = 0, py::arg("sources") = py::none(), py::arg("verdicts") = py::none(),
           py::arg("follow_templates") = true);

  py::class_<Groups, std::shared_ptr<Groups>>(module, "Groups")
      .def_readonly("count", &Groups::count)
      .def_property_readonly(
          "group", [](const py::object& self) { return view(self.cast<Groups&>().group, self); })
      .def_property_readonly(
          "keeper", [](const py::object& self) { return view(self.cast<Groups&>().keeper, self); })
      .def_property_readonly("jaccard", [](const py::object& self) {
        return view(self.cast<Groups&>().jaccard, self);
      });

  module.def("find_matches", &find_matches, py::arg("texts"), py::kw_only(), py::arg("measure"),
             py::arg("minhash"), py::arg("threshold"), py::arg("min_shared"), py::arg("min_ratio"),
             py::arg("shingle_size"), py::arg("max_df"), py::arg("split"), py::arg("max_memory"),
             py::arg("max_pairs") = 0, py::arg("num_perm"), py::arg("recall"), py::arg("seed"),
             py::arg("may_fall_back") = true, py::arg("threads"), py::arg("progress"));
  module.def("find_equal", &find_equal, py::arg("texts"), py::kw_only(), py::arg("form"),
             py::arg("split"), py::arg("threads"), py::arg("progress"));
  module.def("require_whole_copies", &require_whole_copies, py::arg("matches"), py::arg("whole"),
             py::arg("threads"), py::arg("progress"));
  module.def("list_stars", &list_stars, py::arg("texts"), py::arg("matches"), py::arg("cut"),
             py::arg("rank"), py::arg("threads"), py::arg("progress"));
  module.def("make_groups", &make_groups, py::arg("matches"), py::arg("cut"), py::arg("rank"));
  module.def(
      "fullness",
      [](const Matches& matches, const OwnedCut& cut) {
        return own(wirecopy::fullness(matches, cut.on(matches)));
      },
      py::arg("matches"), py::arg("cut"));
  module.def(
      "pairs_table",
      [](const Matches& matches, const Groups& groups, const OwnedCut& cut, const std::string& rows,
         const wirecopy::Judged* judged, const std::optional<Array<std::int64_t>>& dates,
         const std::optional<Array<std::int32_t>>& sources) {
        const wirecopy::Cut at = cut.on(matches);
        const wirecopy::PairDetails details = details_of(matches, judged, dates, sources);
        const wirecopy::PairRows wanted = rows_named(rows);
        const py::gil_scoped_release release;
        return give(wirecopy::pairs_table(matches, groups, at, wanted, details));
      },
      py::arg("matches"), py::arg("groups"), py::arg("cut"), py::arg("rows") = "all", py::kw_only(),
      py::arg("judged") = py::none(), py::arg("dates") = py::none(),
      py::arg("sources") = py::none());
  module.def("count_across", &wirecopy::count_across, py::arg("matches"));
  module.def(
      "across_table",
      [](const Matches& matches, std::size_t split, bool best_only,
         const std::optional<Array<std::uint8_t>>& verdicts) {
        const auto judged = to_verdicts(verdicts);
        if (verdicts && judged.size() != matches.pairs.size()) {
          throw wirecopy::InputError("verdicts", "must have one value per pair");
        }
        const py::gil_scoped_release release;
        return give(wirecopy::across_table(matches, split, best_only, judged));
      },
      py::arg("matches"), py::arg("split"), py::arg("best_only"), py::kw_only(),
      py::arg("verdicts") = py::none());
  module.def(
      "groups_table",
      [](const Matches& matches, const Groups& groups) {
        const py::gil_scoped_release release;
        return give(wirecopy::groups_table(matches, groups));
      },
      py::arg("matches"), py::arg("groups"));
}

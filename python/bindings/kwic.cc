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
#include "wirecopy/keywords/kwic.h"

namespace py = pybind11;
using wirecopy::InputError;
using wirecopy::KwicHit;
using wirecopy::KwicSortKey;
using wirecopy::TextColumn;

namespace {

// Hits, and the texts that they stand in.
class KwicHits {
 public:
  KwicHits(std::shared_ptr<TextColumn> in, std::vector<KwicHit> found)
      : texts(std::move(in)), hits(std::move(found)) {}

  std::shared_ptr<TextColumn> texts;
  std::vector<KwicHit> hits;

  std::span<const KwicHit> part(std::size_t begin, std::size_t end) const {
    if (begin > end || end > hits.size()) throw py::index_error("there are no such hits");
    return std::span(hits).subspan(begin, end - begin);
  }

  py::array_t<std::int64_t> column(std::uint32_t KwicHit::* member) const {
    std::vector<std::int64_t> values(hits.size());
    std::ranges::transform(hits, values.begin(), [member](const KwicHit& hit) {
      return static_cast<std::int64_t>(hit.*member);
    });
    return own(std::move(values));
  }
};

using SharedHits = std::shared_ptr<KwicHits>;

wirecopy::Within read_within(const std::string& within) {
  if (within == "text") return wirecopy::Within::kText;
  if (within == "sentence") return wirecopy::Within::kSentence;
  if (within == "paragraph") return wirecopy::Within::kParagraph;
  throw InputError("within", "'" + within + "'; must be one of text, sentence, paragraph");
}

SharedHits find_in_context(const std::shared_ptr<TextColumn>& texts,
                           const std::vector<std::string>& patterns,
                           const std::vector<std::uint32_t>& numbers, bool case_matters,
                           bool accents_matter, std::size_t left, std::size_t right,
                           const std::string& within, std::size_t limit,
                           const std::optional<Array<std::uint8_t>>& skip, int threads,
                           const py::object& progress) {
  const wirecopy::KwicOptions options{
      .patterns = patterns,
      .numbers = numbers,
      .spelling = {.case_matters = case_matters, .accents_matter = accents_matter},
      .left = left,
      .right = right,
      .within = read_within(within),
      .limit = limit,
      .skip = per_text(skip, "skip", texts->size())};
  std::vector<KwicHit> hits;
  run_long_call(progress, threads, [&](const wirecopy::Run& run) {
    hits = wirecopy::find_in_context(*texts, options, run);
  });
  return std::make_shared<KwicHits>(texts, std::move(hits));
}

SharedHits sorted_hits(const KwicHits& self,
                       const std::vector<std::pair<std::string, std::size_t>>& by,
                       const py::object& progress) {
  std::vector<KwicSortKey> keys;
  for (const auto& [side, word] : by) {
    using enum KwicSortKey::Side;
    keys.push_back({side == "left" ? kLeft : side == "match" ? kMatch : kRight, word});
  }
  std::vector<KwicHit> hits(self.hits.size());
  run_long_call(progress, 1, [&](const wirecopy::Run& run) {
    const std::vector<std::int64_t> order = wirecopy::kwic_order(*self.texts, self.hits, keys, run);
    for (std::size_t i = 0; i < order.size(); ++i) {
      hits[i] = self.hits[static_cast<std::size_t>(order[i])];
    }
  });
  return std::make_shared<KwicHits>(self.texts, std::move(hits));
}

}  // namespace

void register_kwic(py::module_& module) {
  py::class_<KwicHits, SharedHits>(module, "KwicHits", "Places of words in texts.")
      .def("__len__", [](const KwicHits& self) { return self.hits.size(); })
      .def_property_readonly("row", [](const KwicHits& self) { return self.column(&KwicHit::row); })
      .def_property_readonly("pattern",
                             [](const KwicHits& self) { return self.column(&KwicHit::pattern); })
      .def(
          "to_table",
          [](const KwicHits& self, std::size_t begin, std::size_t end, const py::object& progress) {
            const std::span<const KwicHit> hits = self.part(begin, end);
            wirecopy::Table table;
            run_long_call(progress, 1, [&](const wirecopy::Run& run) {
              table = wirecopy::kwic_table(*self.texts, hits, run);
            });
            return give(std::move(table));
          },
          py::arg("begin"), py::arg("end"), py::arg("progress"))
      .def("sort", &sorted_hits, py::arg("by"), py::arg("progress"));

  module.def("find_in_context", &find_in_context, py::arg("texts"), py::arg("patterns"),
             py::kw_only(), py::arg("numbers"), py::arg("case_matters"), py::arg("accents_matter"),
             py::arg("left"), py::arg("right"), py::arg("within"), py::arg("limit"),
             py::arg("skip"), py::arg("threads"), py::arg("progress"));
}

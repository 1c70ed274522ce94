#include "wirecopy/match/parts.h"

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "long_call.h"
#include "measures.h"
#include "register.h"
#include "views.h"
#include "wirecopy/base/error.h"

namespace py = pybind11;
namespace parts = wirecopy::parts;
using Bytes = Array<std::uint8_t>;

namespace {

std::string_view bytes_of(const Bytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(bytes.size())};
}

// Copied: what Arrow gives is not aligned for them.
template <typename Record>
std::vector<Record> records_of(const Bytes& bytes, const char* name) {
  const auto size = static_cast<std::size_t>(bytes.size());
  if (size % sizeof(Record) != 0) throw wirecopy::InputError(name, "end within a record");
  std::vector<Record> records(size / sizeof(Record));
  if (size > 0) std::memcpy(records.data(), bytes.data(), size);
  return records;
}

template <typename Record>
Bytes to_bytes(const std::vector<Record>& records) {
  Bytes bytes(static_cast<py::ssize_t>(records.size() * sizeof(Record)));
  if (!records.empty()) {
    std::memcpy(bytes.mutable_data(), records.data(), records.size() * sizeof(Record));
  }
  return bytes;
}

// Numbers of 64 bits as Spark has them.
std::vector<std::int64_t> as_signed(const std::vector<std::uint64_t>& values) {
  return {values.begin(), values.end()};
}

// target, starts, bytes
py::tuple give(parts::Blobs blobs) {
  return py::make_tuple(own(as_signed(blobs.target)), own(std::move(blobs.starts)),
                        own(std::vector<std::uint8_t>(blobs.bytes.begin(), blobs.bytes.end())));
}

// a, b
py::tuple give(const std::vector<parts::PairRecord>& pairs) {
  std::vector<std::int64_t> a;
  std::vector<std::int64_t> b;
  for (const parts::PairRecord& pair : pairs) {
    a.push_back(static_cast<std::int64_t>(pair.a));
    b.push_back(static_cast<std::int64_t>(pair.b));
  }
  return py::make_tuple(own(std::move(a)), own(std::move(b)));
}

// Sets as the columns that pack_sets() gave: nodes, and bytes of shingles with where each set
// begins.
class GivenSets {
 public:
  GivenSets(const Array<std::int64_t>& nodes, const Array<std::int64_t>& starts,
            const Bytes& shingles)
      : shingles_(records_of<std::uint64_t>(shingles, "shingles")) {
    const auto count = static_cast<std::size_t>(nodes.size());
    if (static_cast<std::size_t>(starts.size()) != count + 1) {
      throw wirecopy::InputError("starts", "must have one value per set, and one more");
    }
    node_.assign(nodes.data(), nodes.data() + count);
    constexpr std::int64_t kWidth = sizeof(std::uint64_t);
    const std::int64_t base = starts.data()[0];
    for (std::size_t i = 0; i <= count; ++i) {
      const std::int64_t at = starts.data()[i] - base;
      if (at % kWidth != 0 || at > shingles.size() ||
          (i > 0 && starts.data()[i] < starts.data()[i - 1])) {
        throw wirecopy::InputError("starts", static_cast<std::int64_t>(i),
                                   "is not where a set begins");
      }
      starts_.push_back(static_cast<std::size_t>(at / kWidth));
    }
  }

  parts::NodeSetsView view() const { return {node_, starts_, shingles_}; }

 private:
  std::vector<parts::Node> node_;
  std::vector<std::size_t> starts_;
  std::vector<std::uint64_t> shingles_;
};

wirecopy::Similarity rule_of(const std::string& measure, double threshold, std::uint32_t min_shared,
                             double min_ratio) {
  return {measure_named(measure), threshold, min_shared, min_ratio};
}

// On one thread, without the GIL: a cluster runs as many tasks as it has processors.
template <typename Work>
auto run_alone(Work work) {
  decltype(work(std::declval<const wirecopy::Run&>())) result;
  run_long_call(py::none(), 1, [&](const wirecopy::Run& run) { result = work(run); });
  return result;
}

py::tuple pack_sets(const std::shared_ptr<wirecopy::TextColumn>& texts, int shingle_size) {
  parts::Packed packed = run_alone(
      [&](const wirecopy::Run& run) { return parts::pack_sets(*texts, shingle_size, run); });
  std::vector<std::int64_t> starts;
  for (const std::size_t start : packed.sets.starts) {
    starts.push_back(static_cast<std::int64_t>(start * sizeof(std::uint64_t)));
  }
  return py::make_tuple(own(as_signed(packed.sets.node)), own(std::move(starts)),
                        to_bytes(packed.sets.shingles), own(as_signed(packed.content)));
}

py::dict meet(const Bytes& keys, std::uint32_t part, std::uint32_t count,
              const std::string& measure, double threshold, std::uint32_t min_shared,
              double min_ratio, std::uint32_t block, std::uint32_t max_bucket) {
  parts::MeetOptions options;
  options.rule = rule_of(measure, threshold, min_shared, min_ratio);
  options.part = part;
  options.parts = count;
  options.block = block;
  options.max_bucket = max_bucket;
  if (block < 2) throw wirecopy::InputError("block", "must be at least 2");
  auto records = records_of<parts::KeyRecord>(keys, "keys");
  parts::Met met = run_alone(
      [&](const wirecopy::Run& run) { return parts::meet(std::move(records), options, run); });
  std::vector<std::int64_t> targets;
  for (const parts::HeapRecord& heap : met.heaps) {
    targets.push_back(static_cast<std::int64_t>(heap.target));
  }
  std::vector<std::int64_t> starts;
  for (std::size_t i = 0; i <= met.heaps.size(); ++i) {
    starts.push_back(static_cast<std::int64_t>(i * sizeof(parts::HeapRecord)));
  }
  py::dict found;
  found["pairs"] = give(std::move(met.pairs));
  found["requests"] = give(std::move(met.requests));
  found["heaps"] =
      py::make_tuple(own(std::move(targets)), own(std::move(starts)), to_bytes(met.heaps));
  found["buckets"] = met.buckets;
  found["largest"] = met.largest;
  found["together"] = met.together;
  found["capped"] = met.capped;
  found["not_compared"] = met.not_compared;
  return found;
}

}  // namespace

void register_parts(py::module_& module) {
  py::module_ part = module.def_submodule("parts", "The search for matches in parts: parts.h.");
  part.def("pack_sets", &pack_sets, py::arg("texts"), py::arg("shingle_size"));
  part.def(
      "spread_sets",
      [](const Array<std::int64_t>& nodes, const Array<std::int64_t>& starts, const Bytes& shingles,
         std::uint32_t count) {
        return give(parts::spread_sets(GivenSets(nodes, starts, shingles).view(), count));
      },
      py::arg("nodes"), py::arg("starts"), py::arg("shingles"), py::arg("parts"));
  part.def(
      "band_keys",
      [](const Array<std::int64_t>& nodes, const Array<std::int64_t>& starts, const Bytes& shingles,
         std::uint32_t count, int bands, int rows, std::uint64_t seed) {
        return give(parts::band_keys(GivenSets(nodes, starts, shingles).view(), count,
                                     wirecopy::Banding{bands, rows}, seed));
      },
      py::arg("nodes"), py::arg("starts"), py::arg("shingles"), py::arg("parts"), py::kw_only(),
      py::arg("bands"), py::arg("rows"), py::arg("seed"));
  part.def(
      "frequent_shingles",
      [](const Array<std::int64_t>& nodes, const Array<std::int64_t>& starts, const Bytes& shingles,
         std::uint64_t least, std::size_t most) {
        parts::Frequent found =
            parts::frequent_shingles(GivenSets(nodes, starts, shingles).view(), least, most);
        return py::make_tuple(own(std::move(found.shingle)), own(as_signed(found.count)));
      },
      py::arg("nodes"), py::arg("starts"), py::arg("shingles"), py::arg("least"), py::arg("most"));
  part.def(
      "prefix_keys",
      [](const Array<std::int64_t>& nodes, const Array<std::int64_t>& starts, const Bytes& shingles,
         std::uint32_t count, const Array<std::uint64_t>& frequent, const std::string& measure,
         double threshold, std::uint32_t min_shared, double min_ratio) {
        const std::span<const std::uint64_t> last(frequent.data(),
                                                  static_cast<std::size_t>(frequent.size()));
        return give(parts::prefix_keys(GivenSets(nodes, starts, shingles).view(), count,
                                       rule_of(measure, threshold, min_shared, min_ratio), last));
      },
      py::arg("nodes"), py::arg("starts"), py::arg("shingles"), py::arg("parts"),
      py::arg("frequent"), py::kw_only(), py::arg("measure"), py::arg("threshold"),
      py::arg("min_shared"), py::arg("min_ratio"));
  part.def("meet", &meet, py::arg("keys"), py::arg("part"), py::arg("parts"), py::kw_only(),
           py::arg("measure"), py::arg("threshold"), py::arg("min_shared"), py::arg("min_ratio"),
           py::arg("block"), py::arg("max_bucket"));
  part.def(
      "serve",
      [](const Bytes& sets, const Bytes& requests) {
        return give(
            parts::serve(bytes_of(sets), records_of<parts::RequestRecord>(requests, "requests")));
      },
      py::arg("sets"), py::arg("requests"));
  part.def(
      "verify",
      [](const Bytes& sets, const Bytes& pairs, const Bytes& heaps, const std::string& measure,
         double threshold, std::uint32_t min_shared, double min_ratio) {
        const wirecopy::Similarity rule = rule_of(measure, threshold, min_shared, min_ratio);
        auto listed = records_of<parts::PairRecord>(pairs, "pairs");
        const auto tasks = records_of<parts::HeapRecord>(heaps, "heaps");
        const std::string_view given = bytes_of(sets);
        const parts::Joined joined = run_alone([&](const wirecopy::Run& run) {
          return parts::verify(given, std::move(listed), tasks, rule, run);
        });
        const py::tuple edges = give(joined.edges);
        return py::make_tuple(edges[0], edges[1], joined.candidates, joined.compared);
      },
      py::arg("sets"), py::arg("pairs"), py::arg("heaps"), py::kw_only(), py::arg("measure"),
      py::arg("threshold"), py::arg("min_shared"), py::arg("min_ratio"));
  part.def(
      "components",
      [](const Array<std::int64_t>& a, const Array<std::int64_t>& b) {
        if (a.size() != b.size()) throw wirecopy::InputError("b", "must be as long as a");
        std::vector<parts::PairRecord> edges;
        for (py::ssize_t i = 0; i < a.size(); ++i) {
          edges.push_back(
              {static_cast<parts::Node>(a.data()[i]), static_cast<parts::Node>(b.data()[i])});
        }
        return give(parts::components(edges));
      },
      py::arg("a"), py::arg("b"));
  part.def(
      "choose_banding",
      [](double threshold, double recall, int num_perm) {
        const wirecopy::Banding banding = wirecopy::choose_banding(threshold, recall, num_perm);
        return py::make_tuple(banding.bands, banding.rows,
                              banding.candidate_probability(threshold));
      },
      py::arg("threshold"), py::arg("recall"), py::arg("num_perm"));
}

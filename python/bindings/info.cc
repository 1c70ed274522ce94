#include <absl/base/config.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include <string>
#include <vector>

#include "register.h"
#include "wirecopy/archive/compression.h"
#include "wirecopy/base/cpu.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/sketch/minhash.h"
#include "wirecopy/sketch/shingles.h"
#include "wirecopy/text/fold.h"
#include "wirecopy/text/unicode_tables.h"
#include "wirecopy/text/words.h"

namespace py = pybind11;

namespace {

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

std::string abseil_version() {
#if defined(ABSL_LTS_RELEASE_VERSION) && defined(ABSL_LTS_RELEASE_PATCH_LEVEL)
  return std::to_string(ABSL_LTS_RELEASE_VERSION) + "." +
         std::to_string(ABSL_LTS_RELEASE_PATCH_LEVEL);
#else
  return "unknown";
#endif
}

std::string xxhash_version() {
  const unsigned v = wirecopy::xxhash_version();
  return std::to_string(v / 10000) + "." + std::to_string(v / 100 % 100) + "." +
         std::to_string(v % 100);
}

std::vector<std::string> cpu_paths() {
  std::vector<std::string> names;
  for (const auto path : wirecopy::available_cpu_paths()) {
    names.emplace_back(wirecopy::cpu_path_name(path));
  }
  return names;
}

py::dict build_info() {
  py::dict info;
  info["version"] = std::string(WIRECOPY_VERSION);
  info["compiler"] = compiler();
  info["build_type"] = std::string(WIRECOPY_BUILD_TYPE);
  info["sanitizers"] = std::string(WIRECOPY_SANITIZE);
  info["cpu_path"] = std::string(wirecopy::cpu_path_name(wirecopy::cpu_path()));
  info["cpu_paths"] = cpu_paths();
  info["abseil"] = abseil_version() + " (" WIRECOPY_ABSEIL_FROM ")";
  info["xxhash"] = xxhash_version() + " (" WIRECOPY_XXHASH_FROM ")";
  info["zstd"] = wirecopy::zstd_version() + " (" WIRECOPY_ZSTD_FROM ")";
  info["unicode"] = std::string(wirecopy::unicode::tables::version);
  info["signature_version"] = wirecopy::kSignatureVersion;
  return info;
}

// The steps of the core one by one, for the tests that hold them equal to their Python twins.
py::list words_of(const std::string& text, bool for_counting) {
  wirecopy::WordScanner scanner(for_counting ? wirecopy::WordRule::kCount
                                             : wirecopy::WordRule::kMatch);
  scanner.scan(text);
  py::list words;
  for (std::size_t i = 0; i < scanner.size(); ++i) {
    const wirecopy::Span32 source = scanner.source(i);
    words.append(
        py::make_tuple(py::str(scanner[i].data(), scanner[i].size()), source.begin, source.end));
  }
  return words;
}

wirecopy::ShingleUnit shingle_unit(const std::string& name) {
  if (name == "words") return wirecopy::ShingleUnit::kWords;
  if (name == "characters") return wirecopy::ShingleUnit::kCharacters;
  throw wirecopy::InputError("unit", "'" + name + "' is not one of words, characters");
}

std::vector<std::uint64_t> shingles_of(const std::string& text, int size, const std::string& unit) {
  wirecopy::Shingler shingler(size, shingle_unit(unit));
  const auto set = shingler.set(text);
  return {set.begin(), set.end()};
}

std::vector<std::uint32_t> signature_of(const std::string& text, int size, int num_perm,
                                        std::uint64_t seed) {
  wirecopy::Shingler shingler(size);
  const wirecopy::MinHasher hasher(num_perm, seed);
  std::vector<std::uint32_t> signature(hasher.size());
  hasher.sign(shingler.sequence(text), signature);
  return signature;
}

// None for null. A reader is used for the whole column, as in the core.
py::list utf8_of(const wirecopy::TextColumn& texts) {
  wirecopy::TextReader reader(texts);
  py::list rows;
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const std::string_view text = reader[row];
    if (texts.is_null(row)) {
      rows.append(py::none());
    } else {
      rows.append(py::bytes(text.data(), text.size()));
    }
  }
  return rows;
}

void force_cpu(const std::string& name) {
  for (const auto path : {wirecopy::CpuPath::kScalar, wirecopy::CpuPath::kAvx2,
                          wirecopy::CpuPath::kAvx512, wirecopy::CpuPath::kNeon}) {
    if (wirecopy::cpu_path_name(path) == name) return wirecopy::force_cpu_path(path);
  }
  throw wirecopy::InputError("cpu", "'" + name + "' is not one of scalar, avx2, avx512, neon");
}

}  // namespace

void register_info(py::module_& module) {
  module.def("build_info", &build_info);
  py::module_ steps = module.def_submodule("steps");
  steps.def(
      "fold", [](const std::string& text) { return wirecopy::nfkc_casefold(text); },
      py::arg("text"));
  steps.def("utf8", &utf8_of, py::arg("texts"));
  steps.def("words", &words_of, py::arg("text"), py::arg("for_counting") = false);
  steps.def("shingles", &shingles_of, py::arg("text"), py::arg("size") = 5,
            py::arg("unit") = "words");
  steps.def("signature", &signature_of, py::arg("text"), py::arg("size") = 5,
            py::arg("num_perm") = 128, py::arg("seed") = 1);
  steps.def("force_cpu", &force_cpu, py::arg("path"));
}

#include "wirecopy/keywords/counts_file.h"

#include <bit>
#include <cstring>
#include <string_view>
#include <type_traits>
#include <vector>

#include "wirecopy/base/error.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {
namespace {

static_assert(std::endian::native == std::endian::little, "values are written as they are");

constexpr std::string_view kMagic = "wirecopy counts\n";
constexpr std::uint32_t kWeighted = 1;
constexpr std::uint32_t kUndercounts = 2;
constexpr std::size_t kChecksumBytes = 16;

[[noreturn]] void fail(const std::string& problem) { throw InputError("file", problem); }

class Writer {
 public:
  template <typename T>
  void value(T value) {
    static_assert(std::is_arithmetic_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }
  void value(WeightSum sum) {
    value(absl::Uint128Low64(sum));
    value(absl::Uint128High64(sum));
  }
  template <typename T>
  void values(const std::vector<T>& all) {
    for (const T& each : all) value(each);
  }
  void text(std::string_view text) { bytes_.append(text); }

  std::string finish() {
    const Fingerprint checksum = fingerprint(bytes_.data(), bytes_.size());
    value(checksum.low);
    value(checksum.high);
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}

  template <typename T>
  T value() {
    T value;
    const std::string_view bytes = take(sizeof value);
    std::memcpy(&value, bytes.data(), bytes.size());
    return value;
  }
  WeightSum sum() {
    const auto low = value<std::uint64_t>();
    return absl::MakeUint128(value<std::uint64_t>(), low);
  }
  template <typename T>
  std::vector<T> values(std::size_t count) {
    require(count, sizeof(T));
    std::vector<T> all(count);
    const std::string_view bytes = take(count * sizeof(T));
    if (!bytes.empty()) std::memcpy(all.data(), bytes.data(), bytes.size());
    return all;
  }
  std::vector<WeightSum> sums(std::size_t count) {
    require(count, 16);
    std::vector<WeightSum> all;
    all.reserve(count);
    for (std::size_t i = 0; i < count; ++i) all.push_back(sum());
    return all;
  }
  std::string_view take(std::size_t bytes) {
    if (bytes > left_.size()) fail("cut off");
    const std::string_view taken = left_.substr(0, bytes);
    left_.remove_prefix(bytes);
    return taken;
  }
  bool at_end() const { return left_.empty(); }

 private:
  void require(std::size_t count, std::size_t size) const {
    if (count > left_.size() / size) fail("cut off");
  }

  std::string_view left_;
};

std::size_t size_of(std::int64_t value) {
  if (value < 0) fail("damaged: a size below 0");
  return static_cast<std::size_t>(value);
}

void require_consistent(const Counts& counts) {
  if (counts.min_n < 1 || counts.max_n < counts.min_n || counts.max_n > kMaxNgram) {
    fail("damaged: lengths of n-grams out of range");
  }
  const auto end = static_cast<std::int64_t>(counts.terms.bytes.size());
  std::int64_t last = 0;
  for (const std::int64_t offset : counts.terms.offsets) {
    if (offset < last || offset > end) fail("damaged: terms out of order");
    last = offset;
  }
  for (const std::int64_t n : counts.n) {
    if (n < counts.min_n || n > counts.max_n) fail("damaged: a length of n-grams out of range");
  }
}

}  // namespace

std::string write_counts(const Counts& counts, const std::string& notes) {
  Writer out;
  out.text(kMagic);
  out.value(kCountsFileVersion);
  out.value((counts.weighted() ? kWeighted : 0u) |
            (counts.undercounts.empty() ? 0u : kUndercounts));
  for (const std::int64_t value :
       {static_cast<std::int64_t>(counts.min_n), static_cast<std::int64_t>(counts.max_n),
        static_cast<std::int64_t>(counts.skip), counts.texts, counts.left_out,
        static_cast<std::int64_t>(counts.size()),
        static_cast<std::int64_t>(counts.terms.bytes.size()),
        static_cast<std::int64_t>(notes.size())}) {
    out.value(value);
  }
  out.value(counts.document_total);
  out.value(counts.undercount);
  out.values(counts.totals);
  out.values(counts.terms.offsets);
  out.text(counts.terms.bytes);
  out.values(counts.n);
  out.values(counts.frequency);
  out.values(counts.documents);
  if (counts.weighted()) {
    out.value(counts.document_total_units);
    out.values(counts.total_units);
    out.values(counts.frequency_units);
    out.values(counts.document_units);
  }
  out.values(counts.undercounts);
  out.text(notes);
  return out.finish();
}

Counts read_counts(const std::string& bytes, std::string& notes) {
  if (!std::string_view(bytes).starts_with(kMagic)) fail("not counts saved by wirecopy");
  if (bytes.size() < kMagic.size() + 8 + kChecksumBytes) fail("cut off");
  const std::string_view body = std::string_view(bytes).substr(0, bytes.size() - kChecksumBytes);
  Reader in(body);
  in.take(kMagic.size());
  const auto version = in.value<std::uint32_t>();
  if (version != kCountsFileVersion) {
    fail("of version " + std::to_string(version) + "; this wirecopy reads version " +
         std::to_string(kCountsFileVersion));
  }
  Fingerprint checksum{};
  std::memcpy(&checksum, bytes.data() + body.size(), kChecksumBytes);
  if (checksum != fingerprint(body.data(), body.size())) fail("damaged or cut off");

  const auto flags = in.value<std::uint32_t>();
  Counts counts;
  counts.min_n = static_cast<int>(in.value<std::int64_t>());
  counts.max_n = static_cast<int>(in.value<std::int64_t>());
  counts.skip = static_cast<int>(in.value<std::int64_t>());
  counts.texts = in.value<std::int64_t>();
  counts.left_out = in.value<std::int64_t>();
  const std::size_t rows = size_of(in.value<std::int64_t>());
  const std::size_t term_bytes = size_of(in.value<std::int64_t>());
  const std::size_t note_bytes = size_of(in.value<std::int64_t>());
  counts.document_total = in.value<double>();
  counts.undercount = in.value<double>();
  const std::size_t lengths = size_of(std::int64_t{counts.max_n} - counts.min_n + 1);
  counts.totals = in.values<double>(lengths);
  counts.terms.offsets = in.values<std::int64_t>(rows + 1);
  counts.terms.bytes = in.take(term_bytes);
  counts.n = in.values<std::int64_t>(rows);
  counts.frequency = in.values<double>(rows);
  counts.documents = in.values<double>(rows);
  if ((flags & kWeighted) != 0) {
    counts.document_total_units = in.sum();
    counts.total_units = in.sums(lengths);
    counts.frequency_units = in.sums(rows);
    counts.document_units = in.sums(rows);
  }
  if ((flags & kUndercounts) != 0) counts.undercounts = in.values<double>(rows);
  notes = in.take(note_bytes);
  if (!in.at_end()) fail("damaged: bytes too many");
  require_consistent(counts);
  return counts;
}

}  // namespace wirecopy

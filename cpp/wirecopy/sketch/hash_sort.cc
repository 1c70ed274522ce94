#include "wirecopy/sketch/hash_sort.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>
#include <limits>

#include "wirecopy/base/cpu.h"
#include "wirecopy/sketch/neighbor_sort_kernel.h"

namespace wirecopy {
namespace {

// False where that would take many steps a value; then they are in whatever order.
bool insertion_sort(std::span<std::uint64_t> values) {
  constexpr std::size_t kMostSteps = 8;
  const std::size_t most = kMostSteps * values.size();
  std::size_t steps = 0;
  for (std::size_t i = 1; i < values.size() && steps <= most; ++i) {
    const std::uint64_t v = values[i];
    std::size_t j = i;
    for (; j > 0 && values[j - 1] > v; --j) values[j] = values[j - 1];
    values[j] = v;
    steps += i - j;
  }
  return steps <= most;
}

// Where each bucket begins, from how many values are in it.
void begins_from_counts(std::span<std::uint32_t> counts) {
  std::uint32_t sum = 0;
  for (std::uint32_t& one : counts) {
    const std::uint32_t count = one;
    one = sum;
    sum += count;
  }
}

// The same of counts whose sum has 16 bits, four at a time: times a number of four ones, each of
// four 16-bit values becomes the sum of itself and those below it.
void begins_from_counts(std::span<std::uint16_t> counts) {
  static_assert(std::endian::native == std::endian::little, "the first count is the lowest");
  constexpr std::uint64_t kOnes = 0x0001'0001'0001'0001;
  constexpr std::size_t kLanes = 4;
  constexpr int kTop = 48;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < counts.size(); i += kLanes) {
    std::uint64_t four = 0;
    std::memcpy(&four, &counts[i], sizeof four);
    const std::uint64_t sums = four * kOnes;
    const std::uint64_t begins = sums - four + sum * kOnes;
    sum += sums >> kTop;
    std::memcpy(&counts[i], &begins, sizeof begins);
  }
}

// Puts values in order, but for those that agree in so many of their first bits (two or more).
template <typename Count>
void sort_by_first_bits(std::span<const std::uint64_t> values, std::span<std::uint64_t> out,
                        int bits, std::vector<Count>& scratch) {
  const int shift = 64 - bits;
  scratch.assign(std::size_t{1} << bits, Count{0});
  Count* const begins = scratch.data();
  for (const std::uint64_t v : values) ++begins[v >> shift];
  begins_from_counts(std::span(scratch));
  for (const std::uint64_t v : values) out[begins[v >> shift]++] = v;
}

// The size of what is left of ascending values without repeats.
std::size_t drop_repeats(std::span<std::uint64_t> values) {
  if (values.empty()) return 0;
  std::size_t kept = 0;
  for (const std::uint64_t v : values) {
    // Without a branch: the next value overwrites what was equal.
    kept += v != values[kept];
    values[kept] = v;
  }
  return kept + 1;
}

// Null where there is none.
kernel::SortNeighbors neighbor_sort() {
  switch (cpu_path()) {
#if defined(__x86_64__)
    case CpuPath::kAvx2: return kernel::sort_neighbors_avx2;
    case CpuPath::kAvx512: return kernel::sort_neighbors_avx512;
#endif
    default: return nullptr;
  }
}

}  // namespace

// One counting pass on their top bits, with as many buckets as values or more, leaves uniform
// values in place or near it. Kernels bring them there whatever they are, without a branch. An
// insertion sort over everything does so too, with a branch that is hard to predict for each value
// that has company: for it there are twice as many buckets. Equal values, of which there may be
// many, stay where they are.
void sort_hashes(std::span<const std::uint64_t> values, std::span<std::uint64_t> out,
                 SortScratch& scratch) {
  constexpr std::size_t kSmall = 16;
  constexpr std::size_t kWorthKernel = 64;
  constexpr int kMinBits = 5;
  constexpr int kMaxBits = 15;
  const std::size_t n = values.size();
  if (n <= kSmall) {
    std::copy(values.begin(), values.end(), out.begin());
  } else {
    const kernel::SortNeighbors sort_neighbors = n >= kWorthKernel ? neighbor_sort() : nullptr;
    const std::size_t buckets = sort_neighbors != nullptr ? n + n / 4 : 2 * n;
    const int bits = std::clamp(static_cast<int>(std::bit_width(buckets - 1)), kMinBits, kMaxBits);
    if (n <= std::numeric_limits<std::uint16_t>::max()) {
      sort_by_first_bits(values, out, bits, scratch);
    } else {
      std::vector<std::uint32_t> counts;
      sort_by_first_bits(values, out, bits, counts);
    }
    // Now and then one has more company.
    if (sort_neighbors != nullptr &&
        (sort_neighbors(out.data(), n) || sort_neighbors(out.data(), n))) {
      return;
    }
  }
  if (!insertion_sort(out)) std::ranges::sort(out);
}

std::span<std::uint64_t> sort_as_set(std::span<const std::uint64_t> values,
                                     std::span<std::uint64_t> out, SortScratch& scratch) {
  sort_hashes(values, out, scratch);
  return out.first(drop_repeats(out));
}

}  // namespace wirecopy

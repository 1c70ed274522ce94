#include "wirecopy/sketch/neighbor_sort_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {
namespace {

struct Avx512 {
  using Lanes = __m512i;
  static constexpr size_t kLanes = 8;

  static Lanes all(uint64_t value) { return _mm512_set1_epi64(static_cast<long long>(value)); }
  static Neighbors<Avx512> split(const uint64_t* from) {
    const Lanes even = _mm512_setr_epi64(0, 2, 4, 6, 8, 10, 12, 14);
    const Lanes odd = _mm512_setr_epi64(1, 3, 5, 7, 9, 11, 13, 15);
    const Lanes low = _mm512_loadu_si512(from);
    const Lanes high = _mm512_loadu_si512(from + kLanes);
    return {_mm512_permutex2var_epi64(low, even, high), _mm512_permutex2var_epi64(low, odd, high)};
  }
  static void join(uint64_t* at, const Neighbors<Avx512>& both) {
    const Lanes low = _mm512_setr_epi64(0, 8, 1, 9, 2, 10, 3, 11);
    const Lanes high = _mm512_setr_epi64(4, 12, 5, 13, 6, 14, 7, 15);
    _mm512_storeu_si512(at, _mm512_permutex2var_epi64(both.left, low, both.right));
    _mm512_storeu_si512(at + kLanes, _mm512_permutex2var_epi64(both.left, high, both.right));
  }
  static void order(Neighbors<Avx512>& both) {
    const Lanes left = _mm512_min_epu64(both.left, both.right);
    both.right = _mm512_max_epu64(both.left, both.right);
    both.left = left;
  }
  static Lanes shifted(Lanes a, Lanes b) { return _mm512_alignr_epi64(b, a, 1); }
  static bool any_greater(Lanes a, Lanes b) { return _mm512_cmpgt_epu64_mask(a, b) != 0; }
};

}  // namespace

bool sort_neighbors_avx512(uint64_t* values, size_t count) {
  return sort_neighbors<Avx512>(values, count);
}

}  // namespace wirecopy::kernel
#endif

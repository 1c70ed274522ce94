#include "wirecopy/sketch/neighbor_sort_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {
namespace {

// There are comparisons of signed numbers only: in registers, the highest bit is the other one.
struct Avx2 {
  using Lanes = __m256i;
  static constexpr size_t kLanes = 4;
  static constexpr int kOuterFirst = 0xD8;  // lanes 0, 2, 1, 3

  static Lanes flipped(Lanes a) { return _mm256_xor_si256(a, _mm256_set1_epi64x(INT64_MIN)); }
  static Lanes all(uint64_t value) {
    return flipped(_mm256_set1_epi64x(static_cast<long long>(value)));
  }
  static Neighbors<Avx2> split(const uint64_t* from) {
    const Lanes low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    const Lanes high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from + kLanes));
    return {
        flipped(_mm256_permute4x64_epi64(_mm256_unpacklo_epi64(low, high), kOuterFirst)),
        flipped(_mm256_permute4x64_epi64(_mm256_unpackhi_epi64(low, high), kOuterFirst)),
    };
  }
  static void join(uint64_t* at, const Neighbors<Avx2>& both) {
    const Lanes left = _mm256_permute4x64_epi64(flipped(both.left), kOuterFirst);
    const Lanes right = _mm256_permute4x64_epi64(flipped(both.right), kOuterFirst);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at), _mm256_unpacklo_epi64(left, right));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(at + kLanes),
                        _mm256_unpackhi_epi64(left, right));
  }
  static void order(Neighbors<Avx2>& both) {
    const Lanes swap = _mm256_cmpgt_epi64(both.left, both.right);
    const Lanes left = _mm256_blendv_epi8(both.left, both.right, swap);
    both.right = _mm256_blendv_epi8(both.right, both.left, swap);
    both.left = left;
  }
  static Lanes shifted(Lanes a, Lanes b) {
    constexpr int kUpperThenLower = 0x21;
    return _mm256_alignr_epi8(_mm256_permute2x128_si256(a, b, kUpperThenLower), a,
                              sizeof(uint64_t));
  }
  static bool any_greater(Lanes a, Lanes b) {
    return _mm256_movemask_epi8(_mm256_cmpgt_epi64(a, b)) != 0;
  }
};

}  // namespace

bool sort_neighbors_avx2(uint64_t* values, size_t count) {
  return sort_neighbors<Avx2>(values, count);
}

}  // namespace wirecopy::kernel
#endif

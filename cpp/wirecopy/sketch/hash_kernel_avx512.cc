#include "wirecopy/sketch/hash_kernel_portable.h"

#if defined(__x86_64__)
#include <immintrin.h>

namespace wirecopy::kernel {
namespace {

inline __m512i all(uint64_t x) { return _mm512_set1_epi64(static_cast<long long>(x)); }

// Lower half xor upper half of the 128-bit product of each pair of 64-bit lanes. The upper halves
// of the factors' lanes are given apart, in the lower 32 bits (what is above them is not read).
inline __m512i multiply_fold(__m512i a, __m512i b, __m512i a_high, __m512i b_high) {
  const __m512i low = _mm512_mul_epu32(a, b);
  const __m512i cross_a = _mm512_mul_epu32(a_high, b);
  const __m512i cross_b = _mm512_mul_epu32(a, b_high);
  const __m512i high = _mm512_mul_epu32(a_high, b_high);
  // Neither sum overflows: (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1.
  const __m512i middle = _mm512_add_epi64(_mm512_add_epi64(_mm512_srli_epi64(low, 32), cross_b),
                                          _mm512_and_si512(cross_a, all(0xFFFFFFFF)));
  const __m512i upper = _mm512_add_epi64(_mm512_add_epi64(high, _mm512_srli_epi64(cross_a, 32)),
                                         _mm512_srli_epi64(middle, 32));
  const __m512i lower = _mm512_mask_shuffle_epi32(low, 0xAAAA, middle, _MM_PERM_CCAA);
  return _mm512_xor_si512(lower, upper);
}

// h ^ (h >> by)
template <int kBy>
inline __m512i xor_shift(__m512i h) {
  return _mm512_xor_si512(h, _mm512_srli_epi64(h, kBy));
}

inline __m512i avalanche(__m512i h) {
  return xor_shift<32>(_mm512_mullo_epi64(xor_shift<37>(h), all(kAvalanche)));
}

// Both formulas side by side; `start` holds the first eight bytes of each word.
inline __m512i hash_1_to_8(__m512i start, __m512i length) {
  const __mmask8 tiny = _mm512_cmple_epu64_mask(length, all(3));
  const __m512i bits = _mm512_slli_epi64(length, 3);
  // 4-8 bytes: the first four above the last four.
  const __m512i last_four = _mm512_srlv_epi64(start, _mm512_sub_epi64(bits, all(32)));
  const __m512i input = _mm512_mask_shuffle_epi32(last_four, 0xAAAA, start, _MM_PERM_CCAA);
  const __m512i keyed = _mm512_xor_si512(input, all(kFlip4To8));
  __m512i h = _mm512_ternarylogic_epi64(keyed, _mm512_rol_epi64(keyed, 49),
                                        _mm512_rol_epi64(keyed, 24), 0x96);
  // 1-3 bytes: the last, the length, the first, the middle.
  const __m512i byte = all(0xFF);
  const __m512i last = _mm512_srlv_epi64(start, _mm512_sub_epi64(bits, all(8)));
  const __m512i middle =
      _mm512_srlv_epi64(start, _mm512_andnot_si512(all(7), _mm512_slli_epi64(length, 2)));
  const __m512i lower = _mm512_or_si512(_mm512_and_si512(last, byte), _mm512_slli_epi64(length, 8));
  const __m512i upper = _mm512_or_si512(_mm512_slli_epi64(_mm512_and_si512(start, byte), 16),
                                        _mm512_slli_epi64(_mm512_and_si512(middle, byte), 24));
  h = _mm512_mask_mov_epi64(h, tiny, _mm512_ternarylogic_epi64(lower, upper, all(kFlip1To3), 0x56));
  h = _mm512_mullo_epi64(h, _mm512_mask_mov_epi64(all(kMix4To8), tiny, all(kPrime2)));
  const __m512i shifted = _mm512_srlv_epi64(h, _mm512_mask_mov_epi64(all(35), tiny, all(29)));
  const auto small = static_cast<__mmask8>(~tiny);
  h = _mm512_xor_si512(h, _mm512_mask_add_epi64(shifted, small, shifted, length));
  h = _mm512_mullo_epi64(h, _mm512_mask_mov_epi64(all(kMix4To8), tiny, all(kPrime3)));
  return _mm512_xor_si512(h, _mm512_srlv_epi64(h, _mm512_mask_mov_epi64(all(28), tiny, all(32))));
}

}  // namespace

size_t hash_words_avx512(const char* bytes, const WordSpan* words, size_t count, uint64_t* hashes,
                         uint32_t* longer) {
  // All words as if of 1-8 bytes, while the indices of the others are listed; then those. One word
  // in six is longer than eight bytes: side by side with the rest they would cost as much again.
  constexpr size_t kMaxWords = 1024;
  alignas(64) uint32_t rest[kMaxWords + 16];
  const __m512i reverse =
      _mm512_broadcast_i32x4(_mm_set_epi8(8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3, 4, 5, 6, 7));
  const __m256i numbers = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  const auto first = [](size_t left) {
    return static_cast<__mmask8>(left >= 8 ? 0xFFu : (1u << left) - 1);
  };
  size_t longer_count = 0;
  for (size_t batch = 0; batch < count; batch += kMaxWords) {
    const size_t batch_end = count - batch < kMaxWords ? count : batch + kMaxWords;
    size_t rest_count = 0;
    for (size_t i = batch; i < batch_end; i += 8) {
      const __mmask8 valid = first(batch_end - i);
      const __m512i span = _mm512_maskz_loadu_epi64(valid, words + i);
      const __m512i begin = _mm512_and_si512(span, all(0xFFFFFFFF));
      const __m512i length = _mm512_sub_epi64(_mm512_srli_epi64(span, 32), begin);
      const __m512i start =
          _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), valid, begin, bytes, 1);
      _mm512_mask_storeu_epi64(hashes + i, valid, hash_1_to_8(start, length));
      const __mmask8 over_8 = _mm512_cmpgt_epu64_mask(length, all(8));
      const __m256i index = _mm256_add_epi32(numbers, _mm256_set1_epi32(static_cast<int>(i)));
      _mm256_storeu_si256(reinterpret_cast<__m256i*>(rest + rest_count),
                          _mm256_maskz_compress_epi32(over_8, index));
      rest_count += static_cast<size_t>(__builtin_popcount(over_8));
    }
    for (size_t k = 0; k < rest_count; k += 8) {
      const __mmask8 valid = first(rest_count - k);
      const __m256i index = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(rest + k));
      const __m512i span =
          _mm512_mask_i32gather_epi64(_mm512_setzero_si512(), valid, index, words, 8);
      const __m512i begin = _mm512_and_si512(span, all(0xFFFFFFFF));
      const __m512i end = _mm512_srli_epi64(span, 32);
      const __m512i length = _mm512_sub_epi64(end, begin);
      const __m512i start =
          _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), valid, begin, bytes, 1);
      const __m512i finish = _mm512_mask_i64gather_epi64(_mm512_setzero_si512(), valid,
                                                         _mm512_sub_epi64(end, all(8)), bytes, 1);
      const __m512i low = _mm512_xor_si512(start, all(kFlip9To16Low));
      const __m512i high = _mm512_xor_si512(finish, all(kFlip9To16High));
      const __m512i product =
          multiply_fold(low, high, _mm512_srli_epi64(low, 32), _mm512_srli_epi64(high, 32));
      const __m512i sum =
          _mm512_add_epi64(_mm512_add_epi64(length, _mm512_shuffle_epi8(low, reverse)),
                           _mm512_add_epi64(high, product));
      _mm512_mask_i32scatter_epi64(hashes, valid, index, avalanche(sum), 8);
      unsigned over_16 = _mm512_mask_cmpgt_epu64_mask(valid, length, all(kLongestShortWord));
      for (; over_16 != 0; over_16 &= over_16 - 1) {
        longer[longer_count++] = rest[k + static_cast<size_t>(__builtin_ctz(over_16))];
      }
    }
  }
  return longer_count;
}

void hash_windows_avx512(const uint64_t* values, size_t count, uint64_t* out) {
  // The words' upper halves are loaded as such, four bytes further on: fewer shifts.
  const auto mix = [](const uint64_t* v, uint64_t secret_a, uint64_t secret_b) {
    const char* at = reinterpret_cast<const char*>(v);
    return multiply_fold(_mm512_xor_si512(_mm512_loadu_si512(at), all(secret_a)),
                         _mm512_xor_si512(_mm512_loadu_si512(at + 8), all(secret_b)),
                         _mm512_xor_si512(_mm512_loadu_si512(at + 4), all(secret_a >> 32)),
                         _mm512_xor_si512(_mm512_loadu_si512(at + 12), all(secret_b >> 32)));
  };
  size_t i = 0;
  // The last load reads four bytes more than the last window has.
  for (; i + 8 < count; i += 8) {
    const uint64_t* v = values + i;
    const __m512i first =
        _mm512_add_epi64(mix(v, kSecret[0], kSecret[1]), mix(v + 3, kSecret[2], kSecret[3]));
    const __m512i second =
        _mm512_add_epi64(mix(v + 2, kSecret[4], kSecret[5]), mix(v + 1, kSecret[6], kSecret[7]));
    const __m512i sum =
        _mm512_add_epi64(_mm512_add_epi64(first, second), all(8 * kWindow * kPrime1));
    _mm512_storeu_si512(out + i, avalanche(sum));
  }
  hash_windows(values + i, count - i, out + i);
}

}  // namespace wirecopy::kernel
#endif

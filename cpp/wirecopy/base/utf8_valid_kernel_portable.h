// Whether bytes are UTF-8, a vector at a time: the lookup algorithm of J. Keiser and D. Lemire,
// "Validating UTF-8 in less than one instruction per byte", Software: Practice and Experience 51
// (2021). Internal linkage: each kernel file has a copy of its own, for its own instruction set.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {
namespace {

// What can be wrong with two bytes side by side, one bit each. A bit is an error where it stands in
// the entries of the first byte's high half, its low half, and the second byte's high half.
struct Utf8Tables {
  static constexpr uint8_t kTooShort = 1, kTooLong = 2, kOverlong3 = 4, kTooLarge = 8,
                           kSurrogate = 16, kOverlong2 = 32, kTooLarge1000 = 64, kOverlong4 = 64,
                           kTwoContinuations = 128;
  static constexpr uint8_t kCarry = kTooShort | kTooLong | kTwoContinuations;
  static constexpr uint8_t kLarge = kCarry | kTooLarge | kTooLarge1000;
  static constexpr uint8_t kSecond = kTooLong | kOverlong2 | kTwoContinuations;

  uint8_t first_high[16] = {kTooLong,
                            kTooLong,
                            kTooLong,
                            kTooLong,
                            kTooLong,
                            kTooLong,
                            kTooLong,
                            kTooLong,
                            kTwoContinuations,
                            kTwoContinuations,
                            kTwoContinuations,
                            kTwoContinuations,
                            kTooShort | kOverlong2,
                            kTooShort,
                            kTooShort | kOverlong3 | kSurrogate,
                            kTooShort | kTooLarge | kTooLarge1000 | kOverlong4};
  uint8_t first_low[16] = {kCarry | kOverlong3 | kOverlong2 | kOverlong4,
                           kCarry | kOverlong2,
                           kCarry,
                           kCarry,
                           kCarry | kTooLarge,
                           kLarge,
                           kLarge,
                           kLarge,
                           kLarge,
                           kLarge,
                           kLarge,
                           kLarge,
                           kLarge,
                           kLarge | kSurrogate,
                           kLarge,
                           kLarge};
  uint8_t second_high[16] = {kTooShort,
                             kTooShort,
                             kTooShort,
                             kTooShort,
                             kTooShort,
                             kTooShort,
                             kTooShort,
                             kTooShort,
                             kSecond | kOverlong3 | kTooLarge1000 | kOverlong4,
                             kSecond | kOverlong3 | kTooLarge,
                             kSecond | kSurrogate | kTooLarge,
                             kSecond | kSurrogate | kTooLarge,
                             kTooShort,
                             kTooShort,
                             kTooShort,
                             kTooShort};
};
[[maybe_unused]] constexpr Utf8Tables kUtf8Tables;

// `Vector` is a type in the unnamed namespace of a kernel file:
//   Vector::kSize, Vector::Register   its bytes
//   load, fill, either (or), both (and), differ (xor), minus (saturating), high_half
//   look_up(table, index)             entry of a table of 16 for each byte < 16
//   shifted<n>(now, last)             each byte's n-th before it
//   any(v), any_high(v)               whether any bit, or any top bit, is set
template <typename Vector>
bool valid_blocks(const unsigned char* text, size_t n) {
  using Register = Vector::Register;
  Register error = Vector::fill(0);
  Register last = Vector::fill(0);
  bool last_is_ascii = true;
  // The last block is filled up with zeros, at least one, which no character may go on with.
  for (size_t at = 0; at <= n; at += Vector::kSize) {
    Register now;
    if (n - at < Vector::kSize) {
      unsigned char block[Vector::kSize] = {};
      for (size_t i = 0; i < n - at; ++i) block[i] = text[at + i];
      now = Vector::load(block);
    } else {
      now = Vector::load(text + at);
    }
    const bool ascii = !Vector::any_high(now);
    if (!ascii || !last_is_ascii) {
      const Register first = Vector::template shifted<1>(now, last);
      const Register special = Vector::both(
          Vector::both(
              Vector::look_up(kUtf8Tables.first_high, Vector::high_half(first)),
              Vector::look_up(kUtf8Tables.first_low, Vector::both(first, Vector::fill(15)))),
          Vector::look_up(kUtf8Tables.second_high, Vector::high_half(now)));
      // Third and fourth bytes: only there may two continuations stand side by side.
      const Register third =
          Vector::minus(Vector::template shifted<2>(now, last), Vector::fill(0xE0 - 0x80));
      const Register fourth =
          Vector::minus(Vector::template shifted<3>(now, last), Vector::fill(0xF0 - 0x80));
      const Register must = Vector::both(Vector::either(third, fourth), Vector::fill(0x80));
      error = Vector::either(error, Vector::differ(must, special));
    }
    last = now;
    last_is_ascii = ascii;
  }
  return !Vector::any(error);
}

}  // namespace
}  // namespace wirecopy::kernel

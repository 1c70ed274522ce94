// From the characters of a str, as CPython stores them, to UTF-8. News is ASCII with a typographic
// quote or an accent here and there, so ASCII is packed a block at a time and the rest written one
// by one.
//
// Kernel files include nothing but this, intrinsics and plain types: see cmake/WirecopyRoom.cmake.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace wirecopy::kernel {

// Bytes that may be written beyond the UTF-8 itself.
inline constexpr size_t kUtf8Slack = 64;

// Writes the n characters of `text`, each `width` (1, 2 or 4) bytes wide, and returns the end.
// `out` has room for the longest that they could be (2, 3 or 4 bytes each) and the slack. Sets
// *surrogate where there was one (what was written is then not UTF-8), else leaves it.
using EncodeUtf8 = unsigned char* (*)(const void* text, size_t n, unsigned width,
                                      unsigned char* out, bool* surrogate);

unsigned char* encode_utf8_scalar(const void* text, size_t n, unsigned width, unsigned char* out,
                                  bool* surrogate);
unsigned char* encode_utf8_avx2(const void* text, size_t n, unsigned width, unsigned char* out,
                                bool* surrogate);
unsigned char* encode_utf8_avx512(const void* text, size_t n, unsigned width, unsigned char* out,
                                  bool* surrogate);
// For CPUs that have VBMI2 too.
unsigned char* encode_utf8_vbmi2(const void* text, size_t n, unsigned width, unsigned char* out,
                                 bool* surrogate);
unsigned char* encode_utf8_neon(const void* text, size_t n, unsigned width, unsigned char* out,
                                bool* surrogate);

// Writes the characters of n bytes of UTF-8 without any from U+10000 on.
using DecodeUtf8 = void (*)(const unsigned char* text, size_t n, uint16_t* out);

void decode_utf8_scalar(const unsigned char* text, size_t n, uint16_t* out);
void decode_utf8_avx2(const unsigned char* text, size_t n, uint16_t* out);
void decode_utf8_avx512(const unsigned char* text, size_t n, uint16_t* out);
void decode_utf8_vbmi2(const unsigned char* text, size_t n, uint16_t* out);
void decode_utf8_neon(const unsigned char* text, size_t n, uint16_t* out);

// Whether n bytes are UTF-8.
using ValidUtf8 = bool (*)(const unsigned char* text, size_t n);

bool valid_utf8_scalar(const unsigned char* text, size_t n);
bool valid_utf8_avx2(const unsigned char* text, size_t n);
bool valid_utf8_avx512(const unsigned char* text, size_t n);
bool valid_utf8_neon(const unsigned char* text, size_t n);

// The loop that all kernels share. `Block` is a type in the unnamed namespace of a kernel file, so
// that every file has a copy of its own, compiled for its own instruction set:
//   Block::kSize                   characters in a block, at most kUtf8Slack
//   Block::pack(text, out)         writes kSize bytes, and returns how many of the characters stand
//                                  before the first that is not ASCII; only those bytes count
//   Block::encode_short(text, end, out)   if there is one: encode_short() of utf8_bits_kernel.h
template <typename Block, typename Character>
unsigned char* encode_blocks(const Character* text, size_t n, unsigned char* out, bool* surrogate) {
  const auto put = [&out](uint32_t byte) { *out++ = static_cast<unsigned char>(byte); };
  const Character* end = text + n;
  Character last[2 * Block::kSize];  // a block may be read at each of its first kSize places
  bool in_last = false;
  while (text < end) {
    if (!in_last && static_cast<size_t>(end - text) < Block::kSize) {
      const auto left = static_cast<size_t>(end - text);
      for (size_t i = 0; i < 2 * Block::kSize; ++i) last[i] = i < left ? text[i] : Character{0};
      text = last;
      end = last + left;
      in_last = true;
    }
    size_t ascii = Block::pack(text, out);
    const auto left = static_cast<size_t>(end - text);
    if (ascii > left) ascii = left;
    text += ascii;
    out += ascii;
    if (ascii == Block::kSize) continue;
    // A single ASCII character, as the spaces of Greek or Arabic, is not worth a block.
    while (text < end && (text[0] >= 0x80 || (text + 1 < end && text[1] >= 0x80))) {
      if constexpr (requires { Block::encode_short(text, end, out); }) {
        const Character* const before = text;
        text = Block::encode_short(text, end, out);
        if (text != before) continue;
      }
      const uint32_t c = *text++;
      if (c < 0x80) {
        put(c);
      } else if (c < 0x800) {
        put(0xC0u | c >> 6);
        put(0x80u | (c & 0x3Fu));
      } else if (c < 0x10000) {
        *surrogate |= c - 0xD800 < 0x800;
        put(0xE0u | c >> 12);
        put(0x80u | (c >> 6 & 0x3Fu));
        put(0x80u | (c & 0x3Fu));
      } else {
        put(0xF0u | c >> 18);
        put(0x80u | (c >> 12 & 0x3Fu));
        put(0x80u | (c >> 6 & 0x3Fu));
        put(0x80u | (c & 0x3Fu));
      }
    }
  }
  return out;
}

// The loop that all kernels share. `Steps` is a type in the unnamed namespace of a kernel file:
//   Steps::widen(text, n, out)          writes characters for ASCII bytes, whole blocks of them,
//   and
//                                       returns how many
//   Steps::decode_short(text, n, out)   if there is one: decode_short() of utf8_bits_kernel.h
template <typename Steps>
void decode_blocks(const unsigned char* text, size_t n, uint16_t* out) {
  const auto byte = [text](size_t i) { return static_cast<uint32_t>(text[i]); };
  for (size_t at = 0; at < n;) {
    if (text[at] < 0x80) {
      const size_t ascii = Steps::widen(text + at, n - at, out);
      at += ascii;
      out += ascii;
      if (at == n) return;
    }
    if constexpr (requires { Steps::decode_short(text, n, out); }) {
      at += Steps::decode_short(text + at, n - at, out);
      if (at == n) return;
    }
    const uint32_t lead = byte(at);
    if (lead < 0x80) {
      *out++ = static_cast<uint16_t>(lead);
      at += 1;
    } else if (lead < 0xE0) {
      *out++ = static_cast<uint16_t>((lead & 0x1Fu) << 6 | (byte(at + 1) & 0x3Fu));
      at += 2;
    } else {
      *out++ = static_cast<uint16_t>((lead & 0x0Fu) << 12 | (byte(at + 1) & 0x3Fu) << 6 |
                                     (byte(at + 2) & 0x3Fu));
      at += 3;
    }
  }
}

// For kernels without wide steps of their own.
namespace {
struct PortableSteps {
  static size_t widen(const unsigned char* text, size_t n, uint16_t* out) {
    size_t at = 0;
    while (n - at >= 16) {
      unsigned all = 0;
      for (size_t i = 0; i < 16; ++i) all |= text[at + i];
      if (all >= 0x80) break;
      for (size_t i = 0; i < 16; ++i) out[at + i] = text[at + i];
      at += 16;
    }
    return at;
  }
};
}  // namespace

// What a kernel file does for the three widths.
template <typename Block1, typename Block2, typename Block4>
unsigned char* encode_width(const void* text, size_t n, unsigned width, unsigned char* out,
                            bool* surrogate) {
  switch (width) {
    case 1: return encode_blocks<Block1>(static_cast<const uint8_t*>(text), n, out, surrogate);
    case 2: return encode_blocks<Block2>(static_cast<const uint16_t*>(text), n, out, surrogate);
    default: return encode_blocks<Block4>(static_cast<const uint32_t*>(text), n, out, surrogate);
  }
}

}  // namespace wirecopy::kernel

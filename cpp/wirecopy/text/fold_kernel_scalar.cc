#include "wirecopy/text/edge_kernel_portable.h"
#include "wirecopy/text/fold_kernel.h"

namespace wirecopy::kernel {

bool fold_ascii_scalar(const unsigned char* text, size_t n, unsigned char* folded,
                       uint64_t* word_bits, uint64_t* other_bits) {
  uint64_t any = 0;
  for (size_t at = 0; at < n; at += 64) {
    uint64_t word = 0;
    uint64_t other = 0;
    const size_t left = n - at;
    for (unsigned i = 0; i < 64; ++i) {
      unsigned char c = i < left ? text[at + i] : 0;
      const bool upper = static_cast<unsigned char>(c - 'A') < 26;
      c = static_cast<unsigned char>(c + (upper ? 32 : 0));
      const bool in_word =
          static_cast<unsigned char>(c - 'a') < 26 || static_cast<unsigned char>(c - '0') < 10;
      folded[at + i] = c;
      word |= static_cast<uint64_t>(in_word) << i;
      other |= static_cast<uint64_t>(c >> 7) << i;
    }
    word_bits[at / 64] = word;
    other_bits[at / 64] = other;
    any |= other;
  }
  return any != 0;
}

size_t count_edges_scalar(const uint64_t* bits, size_t blocks) { return count_edges(bits, blocks); }

void list_edges_scalar(const uint64_t* bits, size_t blocks, uint32_t* edges) {
  list_edges(bits, blocks, edges);
}

}  // namespace wirecopy::kernel

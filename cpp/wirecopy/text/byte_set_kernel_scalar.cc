#include "wirecopy/text/byte_set_kernel.h"
#include "wirecopy/text/byte_set_kernel_portable.h"

namespace wirecopy::kernel {

size_t find_byte_scalar(const unsigned char* text, size_t at, size_t n, const ByteRows* set) {
  return find_byte_plain(text, at, n, set);
}

size_t lower_simple_scalar(const unsigned char* text, size_t n, unsigned char* out) {
  return lower_simple_plain(text, 0, n, out);
}

}  // namespace wirecopy::kernel

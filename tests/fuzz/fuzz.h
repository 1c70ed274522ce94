// What the fuzz targets share. A target reads bytes, takes them for input, and aborts where what
// came out breaks a promise; the sanitizers see the rest.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wirecopy/text/clean.h"

// Of libFuzzer; replay.cc calls it where there is none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace wirecopy::fuzz {

inline void require(bool promise, const char* what) {
  if (promise) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// The input, byte after byte; zeros after its end.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size)
      : rest_(reinterpret_cast<const char*>(data), size) {}

  std::uint8_t byte() {
    if (rest_.empty()) return 0;
    const auto first = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return first;
  }
  std::uint64_t word() {
    std::uint64_t all = 0;
    for (int i = 0; i < 8; ++i) all = all << 8 | byte();
    return all;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

// Of its own length in memory, so that a read beyond the end is seen.
inline std::string well_formed(std::string_view bytes) {
  ByteBuffer buffer;
  return std::string(repair_utf8(bytes, buffer, nullptr) ? buffer.view() : bytes);
}

}  // namespace wirecopy::fuzz

#include "wirecopy/base/hash.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "wirecopy/base/cpu.h"

namespace wirecopy {
namespace {

std::string bytes(std::size_t size) {
  std::string made(size, '\0');
  std::uint64_t state = 1;
  for (char& c : made) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    c = static_cast<char>(state >> 56);
  }
  return made;
}

TEST(Hash, FingerprintIsXxh3OnEveryPath) {
  const CpuPath before = cpu_path();
  // Around every size at which XXH3 takes another way, and at each place a load may begin.
  const std::string all = bytes(5000);
  for (const CpuPath path : available_cpu_paths()) {
    force_cpu_path(path);
    for (std::size_t size = 0; size < 1400; ++size) {
      const char* const data = all.data() + size % 65;
      const XXH128_hash_t wanted = XXH3_128bits(data, size);
      EXPECT_EQ(fingerprint(data, size), (Fingerprint{wanted.low64, wanted.high64}))
          << cpu_path_name(path) << ", " << size;
    }
    const XXH128_hash_t wanted = XXH3_128bits(all.data(), all.size());
    EXPECT_EQ(fingerprint(all.data(), all.size()), (Fingerprint{wanted.low64, wanted.high64}));
  }
  force_cpu_path(before);
}

TEST(Hash, PublishedValues) {
  // xxHash's own: XXH3_128bits of nothing, seed 0.
  EXPECT_EQ(fingerprint("", 0), (Fingerprint{0x6001C324468D497Fu, 0x99AA06D3014798D8u}));
}

}  // namespace
}  // namespace wirecopy

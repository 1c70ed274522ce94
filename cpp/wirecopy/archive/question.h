// What a text asks of an archive.
#pragma once

#include <cstdint>
#include <limits>
#include <span>

#include "wirecopy/sketch/shingle_set.h"

namespace wirecopy {

struct Question {
  std::uint32_t row = 0;
  std::uint32_t words = 0;
  ShingleSet* shingles = nullptr;  // put in order as far as that is needed
  std::span<const std::uint32_t> signature = {};
  std::uint64_t before = std::numeric_limits<std::uint64_t>::max();  // places asked for
};

}  // namespace wirecopy

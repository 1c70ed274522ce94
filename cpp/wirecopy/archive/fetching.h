// Whether what will be read should be asked of the disk first: one place after the other, and
// nothing between them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "wirecopy/archive/format.h"
#include "wirecopy/archive/segment.h"

namespace wirecopy {

// How much of all questions are at hand.
struct AtHand {
  std::size_t now;
  std::size_t all;

  // Whether so many places, among so many bytes of a file, should be read one by one: where all
  // questions together ask for much of that, it is faster to let the system read ahead.
  bool far_apart(std::size_t places, std::uint64_t bytes) const {
    constexpr std::uint64_t kPages = 2;  // of the system, that a place lies in
    return std::uint64_t{places} * all / now * kPages * format::kPageBytes < bytes / 2;
  }
};

// Whether some of the places, taken evenly, are not held by the system: then asking for all of them
// before they are read is worth a system call for each.
template <typename Places, typename Address>
bool any_cold(const Segment& segment, const Places& places, Address address) {
  constexpr std::size_t kSample = 2;
  const std::size_t step = std::max<std::size_t>(places.size() / kSample, 1);
  for (std::size_t i = 0; i < places.size(); i += step) {
    if (!segment.in_memory(address(places[i]))) return true;
  }
  return false;
}

}  // namespace wirecopy

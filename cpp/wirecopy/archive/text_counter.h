// How often each text was met: of one question after the other.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace wirecopy {

// Most questions meet some hundred of a million texts: a small table with open addressing (Knuth,
// TAOCP 3, 6.4) stays in the nearest cache, where a counter for each text would not, and would have
// to be made anew for each call.
class TextCounter {
 public:
  void add(std::uint32_t text) {
    const std::size_t at = find(text);
    if (slots_[at].count++ > 0) return;
    slots_[at].text = text;
    met_.push_back(static_cast<std::uint32_t>(at));
    if (met_.size() * 2 > slots_.size()) grow();
  }

  // Calls use(text, count) for each, in the order in which they were met first, and begins anew.
  template <typename Use>
  void take(Use use) {
    for (const std::uint32_t at : met_) {
      use(slots_[at].text, slots_[at].count);
      slots_[at].count = 0;
    }
    met_.clear();
    if (slots_.size() > kKept) slots_ = std::vector<Slot>(kFirst);
  }

 private:
  struct Slot {
    std::uint32_t text = 0;
    std::uint32_t count = 0;  // 0: free
  };
  static constexpr std::size_t kFirst = 1024;
  static constexpr std::size_t kKept = std::size_t{1} << 16;

  // Where it is, or will be. Sizes are powers of two.
  std::size_t find(std::uint32_t text) const {
    constexpr std::uint64_t kGolden = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
    const std::size_t last = slots_.size() - 1;
    std::size_t at = static_cast<std::size_t>(text * kGolden >> 32) & last;
    while (slots_[at].count > 0 && slots_[at].text != text) at = (at + 1) & last;
    return at;
  }
  void grow() {
    const std::vector<Slot> before = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
    for (std::uint32_t& at : met_) {
      const Slot& slot = before[at];
      at = static_cast<std::uint32_t>(find(slot.text));
      slots_[at] = slot;
    }
  }

  std::vector<Slot> slots_ = std::vector<Slot>(kFirst);
  std::vector<std::uint32_t> met_;  // places, in the order of texts met
};

}  // namespace wirecopy

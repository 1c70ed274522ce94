#include "wirecopy/keywords/word_table.h"

#include <algorithm>
#include <limits>

#include "wirecopy/base/error.h"

namespace wirecopy {

std::string_view WordTable::long_word(const Slot& slot) const {
  const auto found = std::ranges::lower_bound(places_, slot.number, {}, &Place::number);
  return std::string_view(arena_).substr(found->begin, found->size);
}

std::uint32_t WordTable::insert(const Key& key, std::string_view word, std::uint32_t text,
                                const Tally& tally) {
  if (size_ == std::numeric_limits<std::uint32_t>::max() ||
      word.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw InputError("texts", "four billion different words; count in parts");
  }
  if (5 * (size_ + 1) > 3 * slots_.size()) grow();
  const auto number = static_cast<std::uint32_t>(size_++);
  if (key.is_long()) {
    places_.push_back({number, static_cast<std::uint32_t>(word.size()), arena_.size()});
    arena_.append(word);
  }
  find(key, word) = {key.low, key.high, number, text, tally};
  return number;
}

void WordTable::grow() {
  std::vector<Slot> old(2 * slots_.size());
  old.swap(slots_);
  mask_ = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.key_high == 0) continue;
    std::size_t at = slot_hash(slot) & mask_;
    while (slots_[at].key_high != 0) at = (at + 1) & mask_;
    slots_[at] = slot;
  }
}

}  // namespace wirecopy

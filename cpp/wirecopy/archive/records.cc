#include "wirecopy/archive/records.h"

#include <algorithm>

namespace wirecopy {

std::span<const std::uint64_t> band_keys(std::span<const std::uint32_t> signature,
                                         const Banding& banding, KeyScratch& scratch) {
  const auto rows = static_cast<std::size_t>(banding.rows);
  std::vector<std::uint32_t>& band = scratch.band;  // its number, then its values
  band.resize(rows + 1);
  scratch.keys.clear();
  for (int i = 0; i < banding.bands; ++i) {
    band[0] = static_cast<std::uint32_t>(i);
    std::ranges::copy(signature.subspan(static_cast<std::size_t>(i) * rows, rows),
                      band.begin() + 1);
    scratch.keys.push_back(hash_bytes(
        {reinterpret_cast<const char*>(band.data()), band.size() * sizeof(std::uint32_t)}));
  }
  return scratch.keys;
}

std::span<const std::uint64_t> keys_of(const Records& records, std::size_t text,
                                       const ArchiveSettings& settings, KeyScratch& scratch) {
  if (records.words(text) == 0) return {};
  if (settings.keys == format::Keys::kShingles) return records.set(text);
  return band_keys(records.signature(text), settings.banding, scratch);
}

}  // namespace wirecopy

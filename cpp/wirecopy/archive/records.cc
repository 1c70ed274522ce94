#include "wirecopy/archive/records.h"

#include <algorithm>

namespace wirecopy {

std::span<const std::uint64_t> band_keys(std::span<const std::uint32_t> signature,
                                         const Banding& banding,
                                         std::vector<std::uint64_t>& scratch) {
  const auto rows = static_cast<std::size_t>(banding.rows);
  std::vector<std::uint32_t> band(rows + 1);  // its number, then its values
  scratch.clear();
  for (int i = 0; i < banding.bands; ++i) {
    band[0] = static_cast<std::uint32_t>(i);
    std::ranges::copy(signature.subspan(static_cast<std::size_t>(i) * rows, rows),
                      band.begin() + 1);
    scratch.push_back(hash_bytes(
        {reinterpret_cast<const char*>(band.data()), band.size() * sizeof(std::uint32_t)}));
  }
  std::ranges::sort(scratch);
  return scratch;
}

std::span<const std::uint64_t> keys_of(const Records& records, std::size_t text,
                                       const ArchiveSettings& settings,
                                       std::vector<std::uint64_t>& scratch) {
  if (records.words(text) == 0) return {};
  if (settings.keys == format::Keys::kShingles) return records.set(text);
  return band_keys(records.signature(text), settings.banding, scratch);
}

}  // namespace wirecopy

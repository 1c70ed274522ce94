// Texts as a segment keeps them: what the writer of one asks for, and its reader gives.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "wirecopy/archive/compression.h"
#include "wirecopy/archive/manifest.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {

// Of a null text.
inline constexpr Fingerprint kNullPrint{0, 0};

class Records {
 public:
  Records() = default;
  Records(const Records&) = delete;
  Records& operator=(const Records&) = delete;
  virtual ~Records() = default;

  virtual std::size_t size() const = 0;
  virtual std::string_view id(std::size_t text) const = 0;  // as its bytes
  virtual std::int64_t date(std::size_t text) const = 0;    // Times::kUnknown for none
  virtual std::optional<std::string_view> source(std::size_t text) const = 0;
  virtual std::uint32_t words(std::size_t text) const = 0;  // of what is compared
  virtual Fingerprint print(std::size_t text) const = 0;    // of the whole text
  virtual std::uint32_t set_size(std::size_t text) const = 0;
  // Where the settings keep them.
  virtual std::span<const std::uint64_t> set(std::size_t text) const = 0;
  virtual std::span<const std::uint32_t> signature(std::size_t text) const = 0;
  virtual std::uint64_t text_bytes(std::size_t text) const = 0;  // of its UTF-8
  // Valid until another one is read with `unpacker`.
  virtual std::string_view text(std::size_t text, Unpacker& unpacker) const = 0;

  // Lets the system take back the memory of what was read, where that lies in files. Who goes
  // through all of them says so now and then.
  virtual void forget() const {}
  static constexpr std::size_t kForgetAfter = std::size_t{1} << 16;  // texts
};

// Keeps its memory from one text to the next.
struct KeyScratch {
  std::vector<std::uint32_t> band;
  std::vector<std::uint64_t> keys;
};

// The keys by which a text is found: its shingles, ascending; or a hash of each band of its
// signature, in the order of the bands. Valid as long as the records and `scratch`.
std::span<const std::uint64_t> keys_of(const Records& records, std::size_t text,
                                       const ArchiveSettings& settings, KeyScratch& scratch);
// The keys of a signature.
std::span<const std::uint64_t> band_keys(std::span<const std::uint32_t> signature,
                                         const Banding& banding, KeyScratch& scratch);

}  // namespace wirecopy

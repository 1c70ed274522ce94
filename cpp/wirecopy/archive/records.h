// Texts as a segment keeps them: what the writer of one asks for, and its reader gives.
#pragma once

#include <algorithm>
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

  // Lets the system take back the memory of what was read, where that lies in files.
  virtual void forget() const {}
};

// For who goes through all of some records: lets go of them whenever so many bytes were read.
class Forgetting {
 public:
  // So many at most, of the memory there is, shared by those that read.
  Forgetting(const Records& records, std::uint64_t memory, int readers)
      : records_(&records),
        after_(std::clamp(memory / 2 / static_cast<std::uint64_t>(readers), kLeast, kMost)) {}

  void read(std::uint64_t bytes) {
    read_ += bytes;
    if (read_ < after_) return;
    records_->forget();
    read_ = 0;
  }

 private:
  static constexpr std::uint64_t kLeast = std::uint64_t{1} << 20;
  static constexpr std::uint64_t kMost = std::uint64_t{64} << 20;

  const Records* records_;
  std::uint64_t after_;
  std::uint64_t read_ = 0;
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

#include "wirecopy/archive/reading.h"

#include "wirecopy/archive/records.h"

namespace wirecopy {

TextMeter::TextMeter(const TextColumn& compared, const TextColumn& whole,
                     const ArchiveSettings& settings)
    : columns_(whole),
      same_(&compared == &whole),
      compared_(compared),
      whole_(whole),
      shingler_(settings.shingle_size) {
  if (settings.keys == format::Keys::kBands) {
    hasher_.emplace_back(settings.permutations, settings.seed);
    signature_.resize(hasher_[0].size());
  }
}

Measured TextMeter::measure(std::size_t row, bool as_set) {
  Measured measured;
  const std::string_view text = whole_[row];
  measured.text_bytes = text.size();
  measured.print = columns_.is_null(row) ? kNullPrint : fingerprint(text.data(), text.size());
  const std::string_view compared = same_ ? text : compared_[row];
  measured.shingles = as_set ? shingler_.set(compared) : shingler_.sequence(compared);
  measured.words = static_cast<std::uint32_t>(shingler_.units());
  if (!hasher_.empty()) {
    hasher_[0].sign(measured.shingles, signature_);
    measured.signature = signature_;
  }
  return measured;
}

}  // namespace wirecopy

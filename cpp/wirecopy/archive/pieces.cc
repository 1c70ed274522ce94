#include "wirecopy/archive/pieces.h"

#include <algorithm>

#include "wirecopy/archive/reading.h"

namespace wirecopy {

Piece::Piece(const NewTexts& texts, const Strings& ids, std::size_t begin, std::size_t end,
             const ArchiveSettings& settings, const std::shared_ptr<BufferPool>& pool,
             const Run& run)
    : texts_(texts),
      ids_(ids),
      begin_(begin),
      permutations_(static_cast<std::size_t>(settings.permutations)),
      words_(end - begin),
      sizes_(end - begin),
      text_bytes_(settings.texts ? end - begin : 0),
      prints_(end - begin),
      sets_(settings.sets ? end - begin : 0),
      signatures_((end - begin) * permutations_),
      reader_(*texts.whole) {
  std::vector<TextMeter> meters;
  for (int i = 0; i < run.threads; ++i) {
    memory_.emplace_back(pool);
    meters.emplace_back(*texts.compared, *texts.whole, settings);
  }
  run.begin("reading", end - begin);
  parallel_for(run, end - begin, 64, [&](int w, std::size_t first, std::size_t last) {
    const auto worker = static_cast<std::size_t>(w);
    for (std::size_t i = first; i < last; ++i) {
      run.check();
      const Measured measured = meters[worker].measure(begin_ + i);
      words_[i] = measured.words;
      sizes_[i] = static_cast<std::uint32_t>(measured.shingles.size());
      prints_[i] = measured.print;
      if (!text_bytes_.empty()) text_bytes_[i] = static_cast<std::uint32_t>(measured.text_bytes);
      std::ranges::copy(measured.signature,
                        signatures_.begin() + static_cast<std::ptrdiff_t>(i * permutations_));
      if (sets_.empty()) continue;
      std::ranges::copy(measured.shingles, memory_[worker].make(measured.shingles.size()).begin());
      sets_[i] = memory_[worker].take(measured.shingles.size());
    }
    run.advance(last - first);
  });
}

std::int64_t Piece::date(std::size_t text) const {
  return texts_.dates.empty() ? Times::kUnknown : texts_.dates[begin_ + text];
}

std::optional<std::string_view> Piece::source(std::size_t text) const {
  if (texts_.has_source.empty() || !texts_.has_source[begin_ + text]) return std::nullopt;
  return texts_.sources[begin_ + text];
}

std::span<const std::uint32_t> Piece::signature(std::size_t text) const {
  return std::span(signatures_).subspan(text * permutations_, permutations_);
}

std::string_view Piece::text(std::size_t text, Unpacker&) const { return reader_[begin_ + text]; }

std::size_t end_of_piece(const TextColumn& texts, std::size_t begin, std::uint64_t bytes) {
  // Of a text: eight bytes for every shingle, of which there is one in five or six characters of
  // Latin script, and one in each of Chinese.
  constexpr std::uint64_t kPerByte = 4;
  constexpr std::uint64_t kPerText = 256;
  std::uint64_t used = 0;
  std::size_t end = begin;
  while (end < texts.size()) {
    used += kPerByte * texts.stored_bytes(end) + kPerText;
    if (used > bytes && end > begin) break;
    ++end;
  }
  return end;
}

void Gathered::push_back(std::shared_ptr<const Segment> segment,
                         std::span<const std::uint32_t> texts) {
  const auto number = static_cast<std::uint32_t>(segments_.size());
  segments_.push_back(std::move(segment));
  for (const std::uint32_t text : texts) at_.emplace_back(number, text);
}

}  // namespace wirecopy

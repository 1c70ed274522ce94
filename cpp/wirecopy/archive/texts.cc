#include "wirecopy/archive/texts.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/archive/records.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/match/chunks.h"

namespace wirecopy {

TextColumn read_texts(const std::shared_ptr<const Snapshot>& snapshot,
                      std::span<const std::uint64_t> places, const Run& run,
                      std::span<const std::uint8_t> wanted, Held* held) {
  TextColumn column;
  column.reserve(places.size());
  if (!snapshot->settings().texts) {
    for (std::size_t row = 0; row < places.size(); ++row) column.push_null();
    return column;
  }
  // In the order of the archive, in which each block is read once.
  std::vector<std::size_t> order(places.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t row) { return places[row]; });
  const auto memory = std::make_shared<Chunks<char>>(std::make_shared<BufferPool>());
  std::vector<StoredText> rows(places.size());
  Unpacker unpacker;
  for (const std::size_t row : order) {
    if (!wanted.empty() && wanted[row] == 0) continue;
    run.check();
    const auto [part, text] = snapshot->at(places[row]);
    const Segment& segment = *part->segment;
    if (segment.print(text) == kNullPrint) continue;
    if (held != nullptr) {
      const std::string_view stored = segment.stored_text(text);
      held->note(stored.data(), stored.size());
    }
    std::string_view found = segment.text(text, unpacker);
    if (!utf8::is_valid(found)) {
      throw ArchiveError(segment.name(),
                         "block '" + std::string(segment.texts_block()) + "': a text is not UTF-8");
    }
    if (segment.compresses_texts()) {
      std::ranges::copy(found, memory->make(found.size()).begin());
      const std::span<char> kept = memory->take(found.size());
      found = {kept.data(), kept.size()};
    }
    // An empty text is none that is missing.
    rows[row] =
        StoredText(found.data() == nullptr ? "" : found.data(), found.size(), Storage::kUtf8);
  }
  for (const StoredText& row : rows) {
    if (row.data == nullptr) {
      column.push_null();
    } else {
      column.push_back(row);
    }
  }
  column.keep_alive(memory);
  column.keep_alive(snapshot);
  return column;
}

}  // namespace wirecopy

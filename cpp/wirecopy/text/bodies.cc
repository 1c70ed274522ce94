#include "wirecopy/text/bodies.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace wirecopy {
namespace {

constexpr std::size_t kTextsAtATime = 256;
constexpr std::size_t kAlignment = 4;  // of copied characters

// Characters of a text, in bytes as they are stored.
struct Range {
  std::size_t begin;
  std::size_t end;
};

// The bodies of a stretch of rows. Those in several parts are copied to `memory`, one after the
// other, and known by their place in it until it has grown for the last time.
struct Piece {
  struct Copied {
    std::size_t row;
    std::size_t begin;
  };
  std::vector<StoredText> bodies;
  std::vector<Copied> copied;
  std::vector<char> memory;
  std::size_t shortened = 0;
};

bool is_blank(std::string_view bytes) {
  return std::ranges::all_of(bytes, [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); });
}

// What is left of a text between its cuts; `ranges` in bytes of its UTF-8. False where nothing is.
bool find_kept(std::string_view text, const FoundFurniture& found, std::vector<Range>& ranges) {
  ranges.clear();
  std::size_t done = 0;
  bool blank = true;
  const auto keep = [&](std::size_t end) {
    if (end == done) return;
    blank = blank && is_blank(text.substr(done, end - done));
    if (!ranges.empty() && ranges.back().end == done) {
      ranges.back().end = end;
    } else {
      ranges.push_back({done, end});
    }
  };
  for (const FurnitureSpan& span : found.spans) {
    if (!span.removed || span.cut_begin == span.cut_end) continue;
    keep(span.cut_begin);
    done = span.cut_end;
  }
  keep(text.size());
  return !blank;
}

// From bytes of UTF-8 to bytes of the wide form: there a code point is an element.
void as_stored(std::string_view text, Storage storage, std::vector<Range>& ranges) {
  if (storage == Storage::kUtf8) return;
  std::size_t at = 0;
  std::size_t elements = 0;
  const auto element_at = [&](std::size_t byte) {
    for (; at < byte; ++at) elements += (static_cast<std::uint8_t>(text[at]) & 0xC0u) != 0x80u;
    return elements * width(storage);
  };
  for (Range& range : ranges) {
    range.begin = element_at(range.begin);
    range.end = element_at(range.end);
  }
}

void append_body(const StoredText& text, std::span<const Range> kept, std::size_t row,
                 Piece& piece) {
  const char* const data = static_cast<const char*>(text.data);
  const unsigned element = width(text.storage);
  if (kept.size() == 1) {
    const std::size_t bytes = kept.front().end - kept.front().begin;
    piece.bodies.emplace_back(data + kept.front().begin, bytes / element, text.storage);
    return;
  }
  piece.memory.resize((piece.memory.size() + kAlignment - 1) / kAlignment * kAlignment);
  const std::size_t begin = piece.memory.size();
  for (const Range& range : kept) {
    piece.memory.insert(piece.memory.end(), data + range.begin, data + range.end);
  }
  piece.copied.push_back({row, begin});
  piece.bodies.emplace_back(nullptr, (piece.memory.size() - begin) / element, text.storage);
}

}  // namespace

Bodies find_bodies(const TextColumn& texts, const FurnitureRules& rules,
                   const FurnitureOptions& options, std::span<const std::int32_t> sources,
                   const Run& run) {
  std::vector<Piece> pieces((texts.size() + kTextsAtATime - 1) / kTextsAtATime);
  run.begin("finding furniture", texts.total_bytes());
  parallel_for(run, texts.size(), kTextsAtATime, [&](int, std::size_t begin, std::size_t end) {
    TextReader reader(texts);
    FurnitureFinder finder(rules, options);
    FoundFurniture found;
    std::vector<Range> kept;
    Piece& piece = pieces[begin / kTextsAtATime];
    for (std::size_t row = begin; row < end; ++row) {
      run.check();
      const std::string_view text = reader[row];
      finder.find(text, sources.empty() ? -1 : sources[row], found);
      const StoredText& stored = texts.stored(row);
      if (texts.is_null(row) || !find_kept(text, found, kept) ||
          (kept.size() == 1 && kept.front().end - kept.front().begin == text.size())) {
        piece.bodies.push_back(stored);
      } else {
        as_stored(text, stored.storage, kept);
        append_body(stored, kept, row - begin, piece);
        ++piece.shortened;
      }
      run.advance(texts.stored_bytes(row));
    }
    for (const Piece::Copied& copied : piece.copied) {
      piece.bodies[copied.row].data = piece.memory.data() + copied.begin;
    }
  });

  Bodies result;
  for (const Piece& piece : pieces) result.shortened += piece.shortened;
  if (result.shortened == 0) {
    result.texts = texts;
    return result;
  }
  // Part of a wide text may be ASCII only, so this column is not declared canonical.
  result.texts = TextColumn(texts.name());
  result.texts.keep_alive_with(texts);
  result.texts.reserve(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) {
    if (texts.is_null(row)) {
      result.texts.push_null();
    } else {
      result.texts.push_back(pieces[row / kTextsAtATime].bodies[row % kTextsAtATime]);
    }
  }
  const auto memory = std::make_shared<std::vector<std::vector<char>>>();
  for (Piece& piece : pieces) {
    if (!piece.memory.empty()) memory->push_back(std::move(piece.memory));
  }
  result.texts.keep_alive(memory);
  return result;
}

}  // namespace wirecopy

#include "wirecopy/keywords/tokens.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <utility>

#include "wirecopy/base/buffer.h"
#include "wirecopy/base/error.h"
#include "wirecopy/text/segment.h"

namespace wirecopy {
namespace {

// Texts that a worker takes at a time, by bytes as stored and by number.
constexpr std::size_t kPieceBytes = std::size_t{1} << 20;
constexpr std::size_t kPieceTexts = std::size_t{1} << 14;
constexpr std::uint64_t kMostTokens = std::numeric_limits<std::uint32_t>::max();

[[noreturn]] void fail_too_many() {
  throw InputError("texts", "more than four billion words; count in parts and merge them");
}

// Row numbers at which pieces begin, and the end.
std::vector<std::size_t> piece_bounds(const TextColumn& texts) {
  std::vector<std::size_t> bounds{0};
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    bytes += texts.stored_bytes(i);
    if (bytes >= kPieceBytes || i + 1 - bounds.back() >= kPieceTexts) {
      bounds.push_back(i + 1);
      bytes = 0;
    }
  }
  if (bounds.back() != texts.size()) bounds.push_back(texts.size());
  return bounds;
}

// What a worker found in one piece, with the word numbers of its own table.
struct Piece {
  int worker = 0;
  std::vector<std::uint32_t> ids;
  std::vector<std::uint64_t> sentences;  // counted from the piece's first token
  std::vector<Span32> sources;
};

// One worker's tools, and its vocabulary, used for one piece after another.
class Worker {
 public:
  Worker(const TextColumn& texts, const TokenizeOptions& options)
      : texts_(&texts), options_(options), reader_(texts) {}

  const WordTable& table() const { return table_; }

  // Sets starts[text + 1] to the text's number of tokens.
  Piece read(std::size_t begin, std::size_t end, std::vector<std::uint64_t>& starts) {
    ids_.clear();
    tokens_ = 0;
    Piece piece;
    for (std::size_t row = begin; row < end; ++row) {
      if (texts_->is_null(row)) continue;
      const std::string_view text = reader_[row];
      scanner_.scan(text);
      starts[row + 1] = scanner_.size();
      if (options_.sentences) mark_sentences(text, piece);
      if (options_.sources) place(text, piece);
      number(static_cast<std::uint32_t>(row));
      tokens_ += scanner_.size();
    }
    if (options_.ids) piece.ids = ids_;
    return piece;
  }

 private:
  // The words of the text just scanned, by their numbers.
  void number(std::uint32_t row) {
    const std::size_t count = scanner_.size();
    const std::size_t first = ids_.size();
    ids_.resize(first + count);
    keys_.resize(std::max(keys_.size(), count));
    const char* const bytes = scanner_.bytes();
    const Span32* const spans = scanner_.spans();
    // The slots of words to come are on their way while those of the first are read.
    constexpr std::size_t kAhead = 16;
    const auto make_key = [&](std::size_t i) {
      keys_[i] = WordTable::padded_key(bytes + spans[i].begin, spans[i].size());
      table_.prefetch(keys_[i]);
    };
    const auto add = [&](std::size_t i) {
      ids_[first + i] = table_.add(keys_[i], scanner_[i], row);
    };
    const std::size_t ahead = std::min(kAhead, count);
    for (std::size_t i = 0; i < ahead; ++i) make_key(i);
    for (std::size_t i = ahead; i < count; ++i) {
      make_key(i);
      add(i - ahead);
    }
    for (std::size_t i = count - ahead; i < count; ++i) add(i);
    if (!options_.ids) ids_.clear();
  }

  void mark_sentences(std::string_view text, Piece& piece) {
    sentence_ends(text, sentence_ends_);
    std::size_t next = 0;  // the sentence after that of the last word
    for (std::size_t i = 0; i < scanner_.size(); ++i) {
      const std::uint32_t at = scanner_.source(i).begin;
      if (i > 0 && at < sentence_ends_[next - 1]) continue;
      while (sentence_ends_[next] <= at) ++next;
      ++next;
      piece.sentences.push_back(tokens_ + i);
    }
  }

  void place(std::string_view text, Piece& piece) {
    std::size_t byte = 0;
    std::uint32_t code_point = 0;
    const auto count_to = [&](std::size_t to) {
      for (; byte < to; ++byte) {
        code_point += (static_cast<std::uint8_t>(text[byte]) & 0xC0u) != 0x80u ? 1 : 0;
      }
      return code_point;
    };
    for (std::size_t i = 0; i < scanner_.size(); ++i) {
      const Span32 source = scanner_.source(i);
      const std::uint32_t begin = count_to(source.begin);
      piece.sources.push_back({begin, count_to(source.end)});
    }
  }

  const TextColumn* texts_;
  TokenizeOptions options_;
  TextReader reader_;
  WordScanner scanner_{WordRule::kCount};
  WordTable table_;
  std::vector<WordTable::Key> keys_;
  std::vector<std::uint32_t> ids_;
  std::uint64_t tokens_ = 0;  // of the piece being read
  std::vector<std::size_t> sentence_ends_;
};

// The order of the vocabulary: by frequency, then bytes. Words are compared by their first eight
// bytes as a number before they are looked at.
struct Rank {
  std::uint32_t frequency;
  std::uint32_t number;
  std::uint64_t prefix;
};

std::uint64_t prefix_of(std::string_view word) {
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, word.data(), std::min<std::size_t>(8, word.size()));
  if constexpr (std::endian::native == std::endian::little) prefix = __builtin_bswap64(prefix);
  return prefix;
}

// Fills the vocabulary of `tokens`; returns the id of each number of `table`.
std::vector<std::uint32_t> write_vocabulary(const WordTable& table, Tokens& tokens) {
  const std::size_t size = table.size();
  Strings words;  // by number
  std::vector<WordTable::Tally> tallies(size);
  {
    std::vector<std::uint32_t> lengths(size);
    std::size_t bytes = 0;
    table.for_each([&](std::uint32_t number, std::string_view word, const WordTable::Key&,
                       const WordTable::Tally& tally) {
      lengths[number] = static_cast<std::uint32_t>(word.size());
      tallies[number] = tally;
      bytes += word.size();
    });
    words.offsets.resize(size + 1);
    for (std::size_t i = 0; i < size; ++i) words.offsets[i + 1] = words.offsets[i] + lengths[i];
    words.bytes.resize(bytes);
    table.for_each([&](std::uint32_t number, std::string_view word, const WordTable::Key&,
                       const WordTable::Tally&) {
      std::memcpy(words.bytes.data() + words.offsets[number], word.data(), word.size());
    });
  }
  std::vector<Rank> ranks(size);
  for (std::uint32_t i = 0; i < size; ++i) {
    ranks[i] = {tallies[i].frequency, i, prefix_of(words[i])};
  }
  std::sort(ranks.begin(), ranks.end(), [&](const Rank& a, const Rank& b) {
    if (a.frequency != b.frequency) return a.frequency > b.frequency;
    if (a.prefix != b.prefix) return a.prefix < b.prefix;
    return words[a.number] < words[b.number];
  });
  std::vector<std::uint32_t> id_of(size);
  tokens.vocabulary.bytes.reserve(words.bytes.size());
  tokens.vocabulary.offsets.reserve(size + 1);
  tokens.frequency.reserve(size);
  tokens.documents.reserve(size);
  for (const Rank& rank : ranks) {
    id_of[rank.number] = static_cast<std::uint32_t>(tokens.frequency.size());
    tokens.vocabulary.push_back(words[rank.number]);
    tokens.frequency.push_back(rank.frequency);
    tokens.documents.push_back(tallies[rank.number].documents);
  }
  return id_of;
}

// The workers' vocabularies as one: ids[worker][number] is the id of a worker's word.
std::vector<std::vector<std::uint32_t>> merge_vocabularies(const std::vector<Worker>& workers,
                                                           Tokens& tokens) {
  std::vector<std::vector<std::uint32_t>> ids(workers.size());
  if (workers.size() == 1) {
    ids[0] = write_vocabulary(workers[0].table(), tokens);
    return ids;
  }
  WordTable all;
  for (std::size_t w = 0; w < workers.size(); ++w) {
    ids[w].resize(workers[w].table().size());
    workers[w].table().for_each(
        [&](std::uint32_t number, std::string_view word, const WordTable::Key& key,
            const WordTable::Tally& tally) { ids[w][number] = all.add(key, word, tally); });
  }
  const std::vector<std::uint32_t> id_of = write_vocabulary(all, tokens);
  for (std::vector<std::uint32_t>& of_worker : ids) {
    for (std::uint32_t& id : of_worker) id = id_of[id];
  }
  return ids;
}

void mark_nulls(const TextColumn& texts, Tokens& tokens) {
  tokens.nulls.resize(texts.size());
  for (std::size_t row = 0; row < texts.size(); ++row) tokens.nulls[row] = texts.is_null(row);
}

}  // namespace

Tokens tokenize(const TextColumn& texts, const TokenizeOptions& options, const Run& run) {
  Tokens tokens;
  tokens.has_sentences = options.sentences;
  tokens.has_sources = options.sources;
  mark_nulls(texts, tokens);
  tokens.starts.resize(texts.size() + 1);

  const std::vector<std::size_t> bounds = piece_bounds(texts);
  std::vector<Piece> pieces(bounds.size() - 1);
  std::vector<Worker> workers;
  const std::size_t count =
      std::clamp<std::size_t>(pieces.size(), 1, static_cast<std::size_t>(std::max(run.threads, 1)));
  workers.reserve(count);
  for (std::size_t i = 0; i < count; ++i) workers.emplace_back(texts, options);
  run.begin("tokenizing", texts.total_bytes());
  parallel_for(run, pieces.size(), 1, [&](int worker, std::size_t i, std::size_t) {
    pieces[i] =
        workers[static_cast<std::size_t>(worker)].read(bounds[i], bounds[i + 1], tokens.starts);
    pieces[i].worker = worker;
    std::uint64_t bytes = 0;
    for (std::size_t row = bounds[i]; row < bounds[i + 1]; ++row) bytes += texts.stored_bytes(row);
    run.advance(bytes);
  });
  std::inclusive_scan(tokens.starts.begin(), tokens.starts.end(), tokens.starts.begin());
  if (tokens.size() > kMostTokens) fail_too_many();

  const std::vector<std::vector<std::uint32_t>> id_of = merge_vocabularies(workers, tokens);
  run.check();
  if (options.ids) {
    const auto size = static_cast<std::size_t>(tokens.size());
    reserve_huge(tokens.ids, size);
    tokens.ids.resize(size);
  }
  if (options.sources) tokens.sources.reserve(static_cast<std::size_t>(tokens.size()));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    for (const std::uint64_t at : pieces[i].sentences) {
      tokens.sentences.push_back(tokens.starts[bounds[i]] + at);
    }
    tokens.sources.insert(tokens.sources.end(), pieces[i].sources.begin(), pieces[i].sources.end());
    pieces[i].sources = {};
  }
  parallel_for(run, options.ids ? pieces.size() : 0, 1, [&](int, std::size_t i, std::size_t) {
    const std::vector<std::uint32_t>& ids = id_of[static_cast<std::size_t>(pieces[i].worker)];
    std::uint32_t* to = tokens.ids.data() + tokens.starts[bounds[i]];
    for (const std::uint32_t number : pieces[i].ids) *to++ = ids[number];
    pieces[i].ids = {};
  });
  return tokens;
}

std::vector<std::uint32_t> words_in_order(const Strings& words) {
  std::vector<std::uint32_t> order(words.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t a, std::uint32_t b) { return words[a] < words[b]; });
  return order;
}

TokensBuilder::TokensBuilder(const TokenizeOptions& options) {
  tokens_.has_sentences = options.sentences;
  tokens_.has_sources = options.sources;
}

void TokensBuilder::begin_text(bool null) {
  tokens_.starts.push_back(tokens_.ids.size());
  tokens_.nulls.push_back(null ? 1 : 0);
  sentence_begins_ = true;
}

void TokensBuilder::add(std::string_view word, Span32 source) {
  if (tokens_.ids.size() >= kMostTokens) fail_too_many();
  if (tokens_.has_sentences && sentence_begins_) tokens_.sentences.push_back(tokens_.ids.size());
  sentence_begins_ = false;
  if (tokens_.has_sources) tokens_.sources.push_back(source);
  const auto text = static_cast<std::uint32_t>(tokens_.texts() - 1);
  tokens_.ids.push_back(table_.add(WordTable::key(word), word, text));
  tokens_.starts.back() = tokens_.ids.size();
}

Tokens TokensBuilder::finish(const Run& run) {
  const std::vector<std::uint32_t> id_of = write_vocabulary(table_, tokens_);
  run.check();
  for (std::uint32_t& id : tokens_.ids) id = id_of[id];
  return std::move(tokens_);
}

}  // namespace wirecopy

#include "wirecopy/match/text_words.h"

#include <algorithm>
#include <cstring>

#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

constexpr std::uint32_t kBlock = 8;

bool same_block(const std::uint32_t* a, const std::uint32_t* b) {
  std::uint32_t differ = 0;
  for (std::uint32_t k = 0; k < kBlock; ++k) differ |= a[k] ^ b[k];
  return differ == 0;
}

// Whether `count` words are equal, for words whose hashes are. They stand end to end, so that their
// bytes are compared in one go.
bool same_words(const TextWords& a, std::uint32_t i, const TextWords& b, std::uint32_t j,
                std::uint32_t count) {
  if (count == 0) return true;
  const std::uint32_t shift = a.begin(i) - b.begin(j);
  std::uint32_t differ = 0;
  for (std::uint32_t k = 0; k < count; ++k) differ |= a.ends[i + k] - b.ends[j + k] - shift;
  return differ == 0 &&
         std::memcmp(a.bytes + a.begin(i), b.bytes + b.begin(j),
                     a.ends[i + count - 1] - a.begin(i)) == 0;
}

}  // namespace

std::uint32_t equal_words_from(const TextWords& a, std::uint32_t i, const TextWords& b,
                               std::uint32_t j) {
  const std::uint32_t most = std::min(a.size() - i, b.size() - j);
  const std::uint32_t* const x = a.hashes.data() + i;
  const std::uint32_t* const y = b.hashes.data() + j;
  std::uint32_t count = 0;
  while (count + kBlock <= most && same_block(x + count, y + count)) count += kBlock;
  while (count < most && x[count] == y[count]) ++count;
  if (same_words(a, i, b, j, count)) return count;
  // Different words with one hash.
  count = 0;
  while (same_word(a, i + count, b, j + count)) ++count;
  return count;
}

std::uint32_t equal_words_before(const TextWords& a, std::uint32_t i, const TextWords& b,
                                 std::uint32_t j) {
  const std::uint32_t most = std::min(i, j);
  const std::uint32_t* const x = a.hashes.data() + i;
  const std::uint32_t* const y = b.hashes.data() + j;
  std::uint32_t count = 0;
  while (count + kBlock <= most && same_block(x - count - kBlock, y - count - kBlock)) {
    count += kBlock;
  }
  while (count < most && x[-1 - std::int64_t{count}] == y[-1 - std::int64_t{count}]) ++count;
  if (same_words(a, i - count, b, j - count, count)) return count;
  count = 0;
  while (same_word(a, i - 1 - count, b, j - 1 - count)) ++count;
  return count;
}

WordStore::WordStore(const TextColumn& texts, std::span<const DocId> wanted, const Run& run)
    : words_(texts.size()) {
  const auto threads = static_cast<std::size_t>(run.threads);
  for (std::size_t i = 0; i < threads; ++i) {
    bytes_.emplace_back(pool_);
    numbers_.emplace_back(pool_);
  }
  std::vector<TextReader> readers(threads, TextReader(texts));
  std::vector<WordScanner> scanners(threads);
  std::vector<WordHasher> hashers(threads);
  run.begin("keeping words", wanted.size());
  parallel_for(run, wanted.size(), 64, [&](int w, std::size_t begin, std::size_t end) {
    const auto worker = static_cast<std::size_t>(w);
    WordScanner& scanner = scanners[worker];
    for (std::size_t i = begin; i < end; ++i) {
      run.check();
      scanner.scan(readers[worker][wanted[i]]);
      const std::size_t count = scanner.size();
      std::size_t size = 0;
      for (std::size_t j = 0; j < count; ++j) size += scanner[j].size();
      const std::uint64_t* const hashes = hashers[worker].hash(scanner);
      char* const bytes = bytes_[worker].make(size).data();
      bytes_[worker].take(size);
      const auto numbers = numbers_[worker].make(2 * count);
      numbers_[worker].take(2 * count);
      std::uint32_t used = 0;
      for (std::size_t j = 0; j < count; ++j) {
        std::ranges::copy(scanner[j], bytes + used);
        used += static_cast<std::uint32_t>(scanner[j].size());
        numbers[j] = used;
        numbers[count + j] = static_cast<std::uint32_t>(hashes[j] >> 32);
      }
      words_[wanted[i]] = {bytes, numbers.first(count), numbers.last(count)};
    }
    run.advance(end - begin);
  });
}

}  // namespace wirecopy

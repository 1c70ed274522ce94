#include "wirecopy/match/text_words.h"

#include <algorithm>
#include <cstring>

#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace wirecopy {
namespace {

constexpr std::uint32_t kBlock = 8;
constexpr std::size_t kShort = 16;  // bytes of a word

// Whether words have the same hashes and lengths: then all their marks differ by `shift`.
bool same_block(const std::uint64_t* a, const std::uint64_t* b, std::uint64_t shift) {
  std::uint64_t differ = 0;
  for (std::uint32_t k = 0; k < kBlock; ++k) differ |= (a[k] - b[k]) ^ shift;
  return differ == 0;
}

bool same_bytes(const TextWords& a, std::uint32_t i, const TextWords& b, std::uint32_t j,
                std::uint32_t count) {
  return count == 0 || std::memcmp(a.bytes + a.begin(i), b.bytes + b.begin(j),
                                   a.end(i + count - 1) - a.begin(i)) == 0;
}

}  // namespace

std::uint32_t equal_words_from(const TextWords& a, std::uint32_t i, const TextWords& b,
                               std::uint32_t j) {
  const std::uint32_t most = std::min(a.size() - i, b.size() - j);
  const std::uint64_t* const x = a.marks.data() + i;
  const std::uint64_t* const y = b.marks.data() + j;
  const std::uint64_t shift = std::uint64_t{a.begin(i)} - b.begin(j);
  std::uint32_t count = 0;
  while (count + kBlock <= most && same_block(x + count, y + count, shift)) count += kBlock;
  while (count < most && x[count] - y[count] == shift) ++count;
  if (same_bytes(a, i, b, j, count)) return count;
  // Different words with one hash.
  count = 0;
  while (same_word(a, i + count, b, j + count)) ++count;
  return count;
}

std::uint32_t equal_words_before(const TextWords& a, std::uint32_t i, const TextWords& b,
                                 std::uint32_t j) {
  std::uint32_t most = std::min(i, j);
  if (most == 0 || a.hash(i - 1) != b.hash(j - 1)) return 0;
  const std::uint64_t* const x = a.marks.data() + i;
  const std::uint64_t* const y = b.marks.data() + j;
  const std::uint64_t shift = x[-1] - y[-1];
  // The mark before a word says where it begins: it too must differ by the shift, or be the first.
  const auto same = [&](std::uint32_t count) {
    const std::uint32_t length_a = a.end(i - 1 - count) - a.begin(i - 1 - count);
    const std::uint32_t length_b = b.end(j - 1 - count) - b.begin(j - 1 - count);
    return length_a == length_b && a.hash(i - 1 - count) == b.hash(j - 1 - count);
  };
  std::uint32_t count = 0;
  while (count + kBlock < most &&
         same_block(x - count - kBlock - 1, y - count - kBlock - 1, shift)) {
    count += kBlock;
  }
  while (count < most && same(count)) ++count;
  if (same_bytes(a, i - count, b, j - count, count)) return count;
  count = 0;
  while (count < most && same_word(a, i - 1 - count, b, j - 1 - count)) ++count;
  return count;
}

WordStore::WordStore(const TextColumn& texts, std::span<const DocId> wanted, const Run& run)
    : words_(texts.size()) {
  const auto threads = static_cast<std::size_t>(run.threads);
  for (std::size_t i = 0; i < threads; ++i) {
    bytes_.emplace_back(pool_);
    marks_.emplace_back(pool_);
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
      const Span32* const spans = scanner.spans();
      std::size_t size = 0;
      for (std::size_t j = 0; j < count; ++j) size += spans[j].size();
      const std::uint64_t* const hashes = hashers[worker].hash(scanner);
      char* const bytes = bytes_[worker].make(size + kShort).data();
      bytes_[worker].take(size);
      marks_[worker].make(count);
      const std::span<std::uint64_t> marks = marks_[worker].take(count);
      std::uint32_t used = 0;
      for (std::size_t j = 0; j < count; ++j) {
        const std::uint32_t length = spans[j].size();
        const char* const word = scanner.bytes() + spans[j].begin;
        // A copy of known size is one instruction; what it writes too much, the next word replaces.
        if (length <= kShort) {
          std::memcpy(bytes + used, word, kShort);
        } else {
          std::memcpy(bytes + used, word, length);
        }
        used += length;
        marks[j] = (hashes[j] & ~std::uint64_t{0xFFFFFFFF}) | used;
      }
      words_[wanted[i]] = {bytes, marks};
    }
    run.advance(end - begin);
  });
}

}  // namespace wirecopy

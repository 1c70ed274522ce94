#include "wirecopy/match/text_words.h"

#include <algorithm>

#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace wirecopy {

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

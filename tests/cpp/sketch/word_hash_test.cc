#include "wirecopy/sketch/word_hash.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "every_cpu.h"
#include "wirecopy/base/hash.h"

namespace wirecopy {
namespace {

class WordHash : public OnEveryCpu {};

INSTANTIATE_TEST_SUITE_P(Paths, WordHash, testing::ValuesIn(available_cpu_paths()), cpu_name);

// A word of `length` bytes: letters of one to four bytes that are their own folded form.
std::string make_word(std::size_t length, std::mt19937& random) {
  static const std::array<std::vector<std::string>, 4> kLetters{{
      {"a", "b", "m", "y", "z", "0", "7", "9"},
      {"ж", "я", "ø", "ع", "é"},
      {"한", "글", "क", "ფ"},
      {"𐌰", "𐍈", "𐐨"},
  }};
  std::string word;
  while (word.size() < length) {
    const std::size_t left = std::min<std::size_t>(4, length - word.size());
    const std::size_t bytes = random() % 2 == 0 ? 1 : 1 + random() % left;
    const auto& letters = kLetters[bytes - 1];
    word += letters[random() % letters.size()];
  }
  return word;
}

TEST_P(WordHash, IsXxh3ForEveryLength) {
  std::mt19937 random(11);
  WordScanner scanner;
  WordHasher hasher;
  for (int round = 0; round < 20; ++round) {
    std::vector<std::size_t> lengths;
    for (std::size_t length = 1; length <= 300; ++length) lengths.push_back(length);
    for (std::size_t i = 0; i < 1500; ++i) lengths.push_back(1 + random() % 17);
    std::shuffle(lengths.begin(), lengths.end(), random);
    std::string text;
    for (const std::size_t length : lengths) text += make_word(length, random) + " ";
    scanner.scan(text);
    ASSERT_EQ(scanner.size(), lengths.size());
    const std::uint64_t* hashes = hasher.hash(scanner);
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      ASSERT_EQ(scanner[i].size(), lengths[i]);
      // xxHash itself.
      ASSERT_EQ(hashes[i], hash_bytes(scanner[i])) << scanner[i];
    }
  }
}

TEST_P(WordHash, AnyNumberOfWords) {
  std::mt19937 random(12);
  WordScanner scanner;
  WordHasher hasher;
  for (std::size_t count = 0; count < 600; count += 1 + count / 20) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += make_word(1 + random() % 20, random) + ".";
    scanner.scan(text);
    ASSERT_EQ(scanner.size(), count);
    const std::uint64_t* hashes = hasher.hash(scanner);
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(hashes[i], hash_bytes(scanner[i]));
  }
}

TEST_P(WordHash, WindowsAreXxh3ForEverySizeAndCount) {
  std::mt19937_64 random(13);
  for (std::size_t size = 1; size <= 32; ++size) {
    for (std::size_t count = 0; count < 40; ++count) {
      // Just as many values as are to be read: a sanitizer sees what goes too far.
      std::vector<std::uint64_t> values(count == 0 ? 0 : count + size - 1);
      for (auto& v : values) v = random() % 8 == 0 ? ~0ull << random() % 64 : random();
      std::vector<std::uint64_t> out(count);
      hash_windows(values.data(), size, count, out.data());
      for (std::size_t i = 0; i < count; ++i) {
        ASSERT_EQ(out[i], hash_words(&values[i], size)) << size << " " << i;
      }
    }
  }
}

}  // namespace
}  // namespace wirecopy

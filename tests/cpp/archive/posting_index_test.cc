// Postings of every shape are read as one number at a time reads them.
#include "wirecopy/archive/posting_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

namespace wirecopy {
namespace {

struct Written {
  std::vector<std::uint64_t> numbers;
  std::string bytes;  // and eight that are none of theirs
};

Written write(std::vector<std::uint64_t> numbers, const format::PostingShape& shape) {
  Written written{std::move(numbers), {}};
  for (const std::uint64_t number : written.numbers) {
    for (int i = 0; i < shape.bytes; ++i) {
      written.bytes += static_cast<char>(number / (std::uint64_t{1} << 8 * i) % 256);
    }
  }
  written.bytes += "\xff\xff\xff\xff\xff\xff\xff\xff";
  return written;
}

std::vector<std::uint64_t> numbers_of(const Postings& postings) {
  std::vector<std::uint64_t> numbers;
  for (std::size_t i = 0; i < postings.size(); ++i) numbers.push_back(postings[i]);
  return numbers;
}

TEST(PostingShape, LeavesSixteenBitsToTheKey) {
  for (const std::uint64_t texts :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{2}, std::uint64_t{3},
        std::uint64_t{65'535}, std::uint64_t{65'536}, std::uint64_t{65'537},
        std::uint64_t{16'777'216}, std::uint64_t{16'777'217}, format::kMostTexts}) {
    SCOPED_TRACE(texts);
    const format::PostingShape shape = format::posting_shape(format::kVersion, texts);
    EXPECT_GE(std::uint64_t{1} << shape.text_bits, texts);
    EXPECT_TRUE(shape.text_bits == 0 || std::uint64_t{1} << (shape.text_bits - 1) < texts);
    EXPECT_GE(shape.key_bits(), 16);
    EXPECT_LE(shape.key_bits(), 32);
    EXPECT_TRUE(shape.bytes == 4 || shape.key_bits() < 24) << "a byte less would do";
  }
  const format::PostingShape old = format::posting_shape(3, 7);
  EXPECT_EQ(old.bytes, 8);
  EXPECT_EQ(old.text_bits, 32);
}

TEST(Postings, BetweenTwoNumbers) {
  std::mt19937_64 random(8);
  for (const std::uint64_t texts : {std::uint64_t{1}, std::uint64_t{5}, std::uint64_t{65'536},
                                    std::uint64_t{100'000}, format::kMostTexts}) {
    for (const std::uint32_t version : {3u, format::kVersion}) {
      const format::PostingShape shape = format::posting_shape(version, texts);
      for (const std::size_t count : {0, 1, 2, 16, 64, 65, 3000}) {
        SCOPED_TRACE(std::to_string(texts) + " texts, version " + std::to_string(version) + ", " +
                     std::to_string(count) + " postings");
        // Few keys, the largest among them.
        const std::uint64_t most = ~std::uint64_t{0} >> (64 - shape.key_bits());
        const auto key = [&] { return random() % 2 == 0 ? random() % 4 : most - random() % 4; };
        std::vector<std::uint64_t> numbers(count);
        for (std::uint64_t& number : numbers) number = key() << shape.text_bits | random() % texts;
        std::ranges::sort(numbers);
        const Written written = write(numbers, shape);
        const Postings all(written.bytes.data(), count, shape);
        EXPECT_EQ(all.size(), count);
        EXPECT_EQ(all.size_bytes(), written.bytes.size() - 8);
        EXPECT_EQ(numbers_of(all), numbers);
        for (std::size_t i = 0; i < count; ++i) {
          EXPECT_EQ(all.text(i), numbers[i] % (std::uint64_t{1} << shape.text_bits));
        }
        for (int asked = 0; asked < 20; ++asked) {
          const std::uint64_t first = key() << shape.text_bits;
          const std::uint64_t last = first | ((std::uint64_t{1} << shape.text_bits) - 1);
          std::vector<std::uint64_t> expected;
          for (const std::uint64_t number : numbers) {
            if (number >= first && number <= last) expected.push_back(number);
          }
          EXPECT_EQ(numbers_of(all.between(first, last)), expected);
        }
      }
    }
  }
}

// As a damaged file may have them: whatever is told lies within them.
TEST(Postings, OutOfOrder) {
  std::mt19937_64 random(9);
  const format::PostingShape shape = format::posting_shape(format::kVersion, 1000);
  for (int i = 0; i < 200; ++i) {
    std::vector<std::uint64_t> numbers(random() % 200);
    for (std::uint64_t& number : numbers) number = random() & 0xFFFF'FFFF;
    const Written written = write(numbers, shape);
    const Postings all(written.bytes.data(), numbers.size(), shape);
    const Postings some = all.between(random() & 0xFFFF'FFFF, random() & 0xFFFF'FFFF);
    EXPECT_LE(some.size(), numbers.size());
    for (std::size_t k = 0; k < some.size(); ++k) {
      EXPECT_TRUE(std::ranges::find(numbers, some[k]) != numbers.end());
    }
  }
}

}  // namespace
}  // namespace wirecopy

// Postings are those that sorting all of them gives, in however many slices and parts.
#include "wirecopy/archive/posting_writer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "wirecopy/archive/folder.h"

namespace wirecopy {
namespace {

// Texts that are nothing but sets.
class SetsOnly : public Records {
 public:
  explicit SetsOnly(std::vector<std::vector<std::uint64_t>> sets) : sets_(std::move(sets)) {}

  std::size_t size() const override { return sets_.size(); }
  std::string_view id(std::size_t) const override { return {}; }
  std::int64_t date(std::size_t) const override { return 0; }
  std::optional<std::string_view> source(std::size_t) const override { return std::nullopt; }
  std::uint32_t words(std::size_t text) const override { return set_size(text); }
  Fingerprint print(std::size_t) const override { return kNullPrint; }
  std::uint32_t set_size(std::size_t text) const override {
    return static_cast<std::uint32_t>(sets_[text].size());
  }
  std::span<const std::uint64_t> set(std::size_t text) const override { return sets_[text]; }
  std::span<const std::uint32_t> signature(std::size_t) const override { return {}; }
  std::uint64_t text_bytes(std::size_t) const override { return 0; }
  std::string_view text(std::size_t, Unpacker&) const override { return {}; }

 private:
  std::vector<std::vector<std::uint64_t>> sets_;
};

// Some members are in many texts, and some begin with the same bits.
std::vector<std::vector<std::uint64_t>> make_sets(std::size_t texts, std::size_t most) {
  std::mt19937_64 random(texts);
  std::vector<std::uint64_t> frequent(20);
  for (std::uint64_t& key : frequent) key = random();
  std::vector<std::vector<std::uint64_t>> sets(texts);
  for (auto& set : sets) {
    for (std::size_t i = random() % (most + 1); i > 0; --i) {
      switch (random() % 16) {
        case 0: set.push_back(frequent[random() % frequent.size()]); break;
        case 1: set.push_back((std::uint64_t{0xABCD} << 48) + random() % 100'000); break;
        default: set.push_back(random());
      }
    }
    std::ranges::sort(set);
    const auto twice = std::ranges::unique(set);
    set.erase(twice.begin(), twice.end());
  }
  return sets;
}

using Plain = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t>;  // bucket, key, text

// Bits of a number below `count`, at least.
int bits_below(std::size_t count) {
  int bits = 0;
  while (std::size_t{1} << bits < count) ++bits;
  return bits;
}

int posting_bytes(std::size_t texts) { return (std::max(bits_below(texts), 16) + 23) / 8; }

std::vector<Plain> by_sorting(const std::vector<std::vector<std::uint64_t>>& sets, int bits) {
  const int key_bits = 8 * posting_bytes(sets.size()) - bits_below(sets.size());
  std::vector<Plain> all;
  for (std::size_t text = 0; text < sets.size(); ++text) {
    for (const std::uint64_t key : sets[text]) {
      all.emplace_back(bits == 0 ? 0 : key >> (64 - bits), (key << bits) >> (64 - key_bits), text);
    }
  }
  std::ranges::sort(all);
  return all;
}

constexpr std::uint64_t kPlenty = std::uint64_t{1} << 30;

TEST(PostingWriter, AsSorted) {
  const ArchiveSettings settings;
  for (const auto& [texts, most, parts_expected] : {std::tuple{0, 0, 1},
                                                    {1, 3, 1},
                                                    {1, 3000, 1},
                                                    {300, 5, 1},
                                                    {60, 2000, 1},
                                                    {5000, 900, 2},
                                                    {65'536, 5, 1},
                                                    {65'537, 40, 1}}) {
    const auto sets = make_sets(static_cast<std::size_t>(texts), static_cast<std::size_t>(most));
    const SetsOnly records(sets);
    for (const auto& [threads, memory] :
         {std::pair{1, kPlenty}, {3, kPlenty}, {1, std::uint64_t{8} << 20}, {2, 1}, {4, 1}}) {
      SCOPED_TRACE(std::to_string(texts) + " texts, " + std::to_string(threads) + " threads, " +
                   std::to_string(memory) + " bytes");
      const wirecopy::Run run{.threads = threads};
      PostingWriter writer(records, settings, memory, run);
      std::vector<Plain> found;
      std::size_t bucket = 0;
      int parts = 0;
      std::size_t largest = 0;
      const auto bytes = static_cast<std::size_t>(posting_bytes(sets.size()));
      const int text_bits = bits_below(sets.size());
      writer.each_part([&](std::string_view postings, std::span<const std::uint32_t> ends,
                           std::span<const std::uint64_t> filters) {
        ++parts;
        ASSERT_EQ(filters.size(), ends.size());
        largest = std::max(largest, postings.size() / bytes);
        std::uint32_t at = 0;
        for (std::size_t i = 0; i < ends.size(); ++i) {
          ASSERT_LE(at, ends[i]);
          std::uint64_t filter = 0;
          for (; at < ends[i]; ++at) {
            std::uint64_t posting = 0;
            for (std::size_t k = bytes; k-- > 0;) {
              posting = posting << 8 | static_cast<unsigned char>(postings[at * bytes + k]);
            }
            const std::uint64_t text = posting % (std::uint64_t{1} << text_bits);
            const std::uint64_t first_12 = posting >> (8 * bytes - 12);
            found.emplace_back(bucket, posting >> text_bits, text);
            filter |= std::uint64_t{1} << first_12 / 64;
            filter |= std::uint64_t{1} << first_12 % 64;
          }
          ASSERT_EQ(filters[i], filter);
          ++bucket;
        }
        ASSERT_EQ(at * bytes, postings.size());
      });
      EXPECT_EQ(bucket, std::size_t{1} << writer.directory_bits());
      EXPECT_GE(parts, parts_expected);
      if (memory < kPlenty) {  // half of that for eight bytes each, or a little more than nothing
        EXPECT_LE(largest, std::max<std::uint64_t>(memory / 16, 1 << 16) + 100'000);
      }
      EXPECT_TRUE(found == by_sorting(sets, writer.directory_bits()));
    }
  }
}

TEST(PostingWriter, RefusesSetsOutOfOrder) {
  auto sets = make_sets(100, 300);
  std::swap(sets[70].front(), sets[70].back());
  const SetsOnly records(sets);
  EXPECT_THROW(PostingWriter(records, ArchiveSettings(), kPlenty, wirecopy::Run()), ArchiveError);
}

}  // namespace
}  // namespace wirecopy

#include "wirecopy/base/utf8.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/base/utf8_kernel.h"

namespace wirecopy::utf8 {
namespace {

std::string encode(char32_t c) {
  std::string out;
  append(out, c);
  return out;
}

TEST(Utf8, EveryScalarValueRoundTrips) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string bytes = encode(c);
    const Decoded decoded = decode(bytes, 0);
    ASSERT_EQ(decoded.code_point, c);
    ASSERT_EQ(decoded.length, bytes.size());
    ASSERT_EQ(valid_prefix(bytes), bytes.size());
  }
}

TEST(Utf8, SurrogatesAreMalformed) {
  for (unsigned c = 0xD800; c <= 0xDFFF; ++c) {
    const std::string bytes{static_cast<char>(0xE0u | c >> 12),
                            static_cast<char>(0x80u | (c >> 6 & 0x3Fu)),
                            static_cast<char>(0x80u | (c & 0x3Fu))};
    ASSERT_EQ(valid_prefix(bytes), 0u);
    ASSERT_EQ(decode(bytes, 0).code_point, kReplacement);
    ASSERT_EQ(decode(bytes, 0).length, 1u);
  }
}

TEST(Utf8, MalformedSequencesAreOneByteEach) {
  for (const std::string_view bytes :
       {std::string_view("\x80"), std::string_view("\xBF"), std::string_view("\xC0\x80"),
        std::string_view("\xC1\xBF"), std::string_view("\xE0\x9F\xBF"),
        std::string_view("\xF0\x8F\xBF\xBF"), std::string_view("\xF4\x90\x80\x80"),
        std::string_view("\xF5\x80\x80\x80"), std::string_view("\xFE"), std::string_view("\xFF"),
        std::string_view("\xC3"), std::string_view("\xE2\x82"), std::string_view("\xF0\x9F\x98"),
        std::string_view("\xC3("), std::string_view("\xE2\x82("), std::string_view("\xE2(\xAC")}) {
    EXPECT_EQ(valid_prefix(bytes), 0u) << ::testing::PrintToString(bytes);
    EXPECT_EQ(decode(bytes, 0).code_point, kReplacement) << ::testing::PrintToString(bytes);
    EXPECT_EQ(decode(bytes, 0).length, 1u) << ::testing::PrintToString(bytes);
  }
}

TEST(Utf8, ReplacementCharacterItselfIsValid) {
  const std::string bytes = encode(kReplacement);
  EXPECT_EQ(bytes.size(), 3u);
  EXPECT_EQ(valid_prefix(bytes), 3u);
}

// The fast path reads 32 bytes at a time: a bad byte is found wherever it stands.
TEST(Utf8, ValidPrefixFindsABadByteAtEveryPosition) {
  for (std::size_t length = 1; length <= 100; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string text(length, 'a');
      text[at] = '\xFF';
      ASSERT_EQ(valid_prefix(text), at) << length;
    }
    ASSERT_EQ(valid_prefix(std::string(length, 'a')), length);
  }
}

TEST(Utf8, ValidPrefixAcrossBlocks) {
  const std::string character = encode(0x1F4F0);
  for (std::size_t before = 0; before <= 70; ++before) {
    const std::string text = std::string(before, 'a') + character + std::string(40, 'b');
    ASSERT_EQ(valid_prefix(text), text.size()) << before;
    const std::string cut = std::string(before, 'a') + character.substr(0, 3);
    ASSERT_EQ(valid_prefix(cut), before);
  }
}

template <typename Character>
void expect_size(const std::vector<char32_t>& code_points) {
  const std::vector<Character> text(code_points.begin(), code_points.end());
  std::string expected;
  for (const char32_t c : code_points) append(expected, c);
  ASSERT_EQ(encoded_size(std::span<const Character>(text)), expected.size());
}

TEST(Utf8, EncodedSizeOfEveryWidth) {
  for (const std::size_t length : {0, 1, 15, 16, 17, 40, 5000}) {
    for (std::size_t place = 0; place < std::min<std::size_t>(length, 40); ++place) {
      std::vector<char32_t> text(length, U'a');
      for (const char32_t c : {0x62, 0x7F, 0x80, 0xFF}) {
        text[place] = c;
        expect_size<std::uint8_t>(text);
      }
      for (const char32_t c : {0x100, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF}) {
        text[place] = c;
        expect_size<std::uint16_t>(text);
      }
      for (const char32_t c : {0x10000, 0x10FFFF}) {
        text[place] = c;
        expect_size<std::uint32_t>(text);
      }
    }
  }
  // More than fits one part of the counting loop.
  expect_size<std::uint8_t>(std::vector<char32_t>(1000, 0xE9));
  expect_size<std::uint16_t>(std::vector<char32_t>(30000, 0x4E2D));
  expect_size<std::uint32_t>(std::vector<char32_t>(70000, 0x1F4F0));
}

TEST(Utf8, Empty) { EXPECT_EQ(valid_prefix(""), 0u); }

// Texts of the alphabets that news is in, in runs of all lengths, so that every way to go on from
// any other is met.
std::u16string mixed(std::uint64_t seed, std::size_t size) {
  constexpr std::array<std::array<char16_t, 2>, 7> kRanges = {{{0, 0x7F},
                                                               {0x20, 0x20},
                                                               {0x80, 0xFF},
                                                               {0x400, 0x4FF},
                                                               {0x7FE, 0x801},
                                                               {0x2010, 0x2026},
                                                               {0x4E00, 0xD7FF}}};
  std::mt19937_64 random(seed);
  std::u16string made;
  while (made.size() < size) {
    const auto [low, high] = kRanges[random() % kRanges.size()];
    for (std::uint64_t run = 1 + random() % (random() % 4 == 0 ? 90 : 9); run > 0; --run) {
      made.push_back(static_cast<char16_t>(low + random() % (high - low + 1u)));
    }
  }
  made.resize(size);
  return made;
}

TEST(Utf8, NarrowTextsGoThereAndBackOnEveryPath) {
  const CpuPath before = cpu_path();
  for (const CpuPath path : available_cpu_paths()) {
    force_cpu_path(path);
    for (std::size_t size = 0; size < 1500; ++size) {
      const std::u16string text = mixed(size + 1, size % 300);
      std::string wanted;
      for (const char16_t c : text) append(wanted, c);

      // Exactly as much memory as there are characters, for AddressSanitizer.
      const std::vector<char16_t> read(text.begin(), text.end());
      TextColumn column;
      column.push_back(StoredText(read.data(), read.size(), Storage::kUcs2));
      TextReader reader(column);
      ASSERT_EQ(reader[0], wanted) << cpu_path_name(path) << ", " << size;

      ASSERT_EQ(count_code_points(wanted), text.size());
      std::vector<char16_t> written(text.size());
      const std::vector<char> bytes(wanted.begin(), wanted.end());
      decode_narrow({bytes.data(), bytes.size()}, written.data());
      ASSERT_EQ(written, read) << cpu_path_name(path) << ", " << size;
    }
  }
  force_cpu_path(before);
}

#if defined(__x86_64__)
// What a path of AVX-512 does depends on the CPU: both ways, where it has both.
TEST(Utf8, Avx512WithAndWithoutVbmi2) {
  const auto paths = available_cpu_paths();
  if (std::ranges::find(paths, CpuPath::kAvx512) == paths.end()) GTEST_SKIP() << "no AVX-512";
  std::vector<std::pair<kernel::EncodeUtf8, kernel::DecodeUtf8>> kernels = {
      {kernel::encode_utf8_avx512, kernel::decode_utf8_avx512}};
  if (cpu_has_vbmi2()) kernels.emplace_back(kernel::encode_utf8_vbmi2, kernel::decode_utf8_vbmi2);
  for (const auto& [encode_kernel, decode_kernel] : kernels) {
    for (std::size_t size = 0; size < 3000; ++size) {
      const std::u16string text = mixed(size + 7, size % 700);
      std::string wanted;
      for (const char16_t c : text) append(wanted, c);
      const std::vector<std::uint16_t> read(text.begin(), text.end());
      std::vector<unsigned char> bytes(3 * text.size() + kernel::kUtf8Slack);
      bool surrogate = false;
      unsigned char* end = encode_kernel(read.data(), read.size(), 2, bytes.data(), &surrogate);
      ASSERT_EQ(std::string(bytes.data(), end), wanted) << size;
      ASSERT_FALSE(surrogate);
      const std::vector<unsigned char> exact(wanted.begin(), wanted.end());
      std::vector<std::uint16_t> written(text.size());
      decode_kernel(exact.data(), exact.size(), written.data());
      ASSERT_EQ(written, read) << size;

      // Of one byte a character.
      std::vector<std::uint8_t> narrow(text.size());
      std::string narrow_wanted;
      for (std::size_t i = 0; i < text.size(); ++i) {
        narrow[i] = static_cast<std::uint8_t>(text[i]);
        append(narrow_wanted, narrow[i]);
      }
      end = encode_kernel(narrow.data(), narrow.size(), 1, bytes.data(), &surrogate);
      ASSERT_EQ(std::string(bytes.data(), end), narrow_wanted) << size;
      ASSERT_FALSE(surrogate);
    }
    for (const std::size_t size : {1, 15, 16, 17, 31, 32, 33, 64, 100}) {
      for (std::size_t place = 0; place < size; ++place) {
        for (const int unit : {0xD800, 0xDBFF, 0xDC00, 0xDFFF, 0xD7FF, 0xE000}) {
          std::vector<std::uint16_t> text(size, 'a');
          text[place] = static_cast<std::uint16_t>(unit);
          std::vector<unsigned char> bytes(3 * size + kernel::kUtf8Slack);
          bool surrogate = false;
          encode_kernel(text.data(), size, 2, bytes.data(), &surrogate);
          ASSERT_EQ(surrogate, unit >= 0xD800 && unit < 0xE000) << size << ' ' << place;
        }
      }
    }
  }
}
#endif

}  // namespace
}  // namespace wirecopy::utf8

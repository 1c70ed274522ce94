#include "wirecopy/text/normalize.h"

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "every_cpu.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/utf8.h"
#include "wirecopy/text/byte_set.h"
#include "wirecopy/text/mojibake.h"
#include "wirecopy/text/offset_map.h"

namespace wirecopy {
namespace {

std::string normalized(std::string_view text, const StepSet& steps) {
  Normalizer::Scratch scratch;
  return std::string(Normalizer(steps)(text, scratch));
}

// Does the edits of every step again, and those of all steps at once.
void expect_edits_tell_all(std::string_view text, const StepSet& steps) {
  std::string now(text);
  std::vector<Edit> all;
  const auto replayed = [](std::string_view from, std::string_view to, const auto& edits) {
    std::string out;
    std::size_t at = 0;
    for (const Edit& e : edits) {
      EXPECT_LE(at, e.begin);
      out += from.substr(at, e.begin - at);
      EXPECT_EQ(out.size(), e.out_begin);
      out += to.substr(e.out_begin, e.out_end - e.out_begin);
      at = e.end;
    }
    return out += from.substr(at);
  };
  for (const StepEdits& step :
       Normalizer(steps).explain(text, [](std::string_view t) { return std::string(t); })) {
    EXPECT_EQ(step.before, now);
    EXPECT_EQ(replayed(step.before, step.after, step.edits), step.after) << step_name(step.step);
    all = compose_edits(all, step.edits);
    now = step.after;
  }
  EXPECT_EQ(now, normalized(text, steps));
  EXPECT_EQ(replayed(text, now, all), now);
}

TEST(Normalize, StepsAreDoneInTheirOwnOrder) {
  const std::string text = " The \xEF\xAC\x81nal &amp;rsquo; \xC3\x89\xE2\x80\xA6\r\n";
  EXPECT_EQ(normalized(text, {Step::kOneLine, Step::kCasefold, Step::kNfkc}),
            "the final &amp;rsquo; \xC3\xA9...");
  EXPECT_EQ(normalized(text, {Step::kApostrophes, Step::kDoubleEntities, Step::kHtmlEntities}),
            " The \xEF\xAC\x81nal ' \xC3\x89\xE2\x80\xA6\r\n");
  EXPECT_EQ(normalized(text, {}), text);
}

TEST(Normalize, StepsThatExcludeEachOtherAreRefused) {
  EXPECT_THROW(Normalizer({Step::kNfc, Step::kNfkd}), InputError);
  EXPECT_THROW(Normalizer({Step::kDropUrls, Step::kMarkUrls}), InputError);
  EXPECT_NO_THROW(Normalizer({Step::kDropUrls, Step::kMarkNumbers}));
}

TEST(Normalize, EditsTellAll) {
  StepSet steps{Step::kUtf8,        Step::kHtmlEntities, Step::kDoubleEntities,
                Step::kLineHyphens, Step::kNfkc,         Step::kMarkNumbers,
                Step::kCasefold,    Step::kAccents,      Step::kOneLine};
  for (int i = static_cast<int>(Step::kControls); i <= static_cast<int>(Step::kLigatures); ++i) {
    steps.add(static_cast<Step>(i));
  }
  const std::vector<std::string> pieces = {"a",
                                           "Z",
                                           " ",
                                           "\n",
                                           "\r\n",
                                           "&amp;",
                                           "&amp;amp;lt",
                                           "&#146;",
                                           "-\n",
                                           "\xC3\x89",
                                           "e\xCC\x81",
                                           "\xCC\xA3",
                                           "\xEF\xAC\x83",
                                           "\xE2\x80\x99",
                                           "\xC2\xAD",
                                           "\xE2\x80\x8B",
                                           "12.5",
                                           "\xED\xA0\x80",
                                           "\xF0\x9F",
                                           "\xEF\xB7\xBA",
                                           "\xEA\xB0\x81",
                                           "\xE1\x86\xA8",
                                           "\xD0\x99",
                                           "\xD0\xB8\xCC\x86",
                                           "."};
  std::mt19937 random(7);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (auto count = random() % 20; count > 0; --count) text += pieces[random() % pieces.size()];
    SCOPED_TRACE(text);
    expect_edits_tell_all(text, steps);
  }
}

TEST(Normalize, ColumnsKeepNullsAndDoNotDependOnThreads) {
  TextColumn texts;
  const std::vector<std::string> rows = {"\xEF\xAC\x81ve", "", "plain"};
  for (int i = 0; i < 1000; ++i) {
    texts.push_back(rows[static_cast<std::size_t>(i) % rows.size()]);
    if (i % 10 == 0) texts.push_null();
  }
  TextColumn other;
  other.push_back("instead");
  const StepSet steps{Step::kLigatures};
  const RepairedRows repaired{{2}, &other};
  const NormalizedTexts one = normalize_texts(texts, steps, repaired, wirecopy::Run{});
  const NormalizedTexts three = normalize_texts(texts, steps, repaired, {.threads = 3});
  EXPECT_EQ(one.texts.bytes, three.texts.bytes);
  EXPECT_EQ(one.texts.offsets, three.texts.offsets);
  EXPECT_EQ(one.states, three.states);
  ASSERT_EQ(one.texts.size(), texts.size());
  EXPECT_EQ(one.texts[0], "five");
  EXPECT_EQ(one.states[0], RowState::kChanged);
  EXPECT_EQ(one.states[1], RowState::kNull);
  EXPECT_EQ(one.states[2], RowState::kChanged);
  EXPECT_EQ(one.states[3], RowState::kAsItWas);
  EXPECT_EQ(one.texts[2], "instead");

  for (const int threads : {1, 3}) {
    std::size_t row = 0;
    OffsetMaps maps;
    normalize_pieces(
        texts, steps, repaired, {.threads = threads}, &maps, [&](const NormalizedPiece& piece) {
          ASSERT_EQ(piece.texts.size(), piece.states.size());
          EXPECT_TRUE(piece.states.empty() || piece.first_row == row);
          for (std::size_t i = 0; i < piece.states.size(); ++i, ++row) {
            EXPECT_EQ(piece.states[i], one.states[row]);
            EXPECT_EQ(piece.texts[i],
                      one.states[row] == RowState::kChanged ? one.texts[row] : std::string_view());
          }
        });
    EXPECT_EQ(row, texts.size());
    EXPECT_EQ(maps.rows(), texts.size());
  }
}

TEST(Normalize, WhatTakesPiecesMayThrow) {
  TextColumn texts;
  for (int i = 0; i < 1000; ++i) texts.push_back("a");
  const auto take = [](const NormalizedPiece&) { throw std::runtime_error("full"); };
  for (const int threads : {1, 3}) {
    EXPECT_THROW(normalize_pieces(texts, StepSet{}, {}, {.threads = threads}, nullptr, take),
                 std::runtime_error);
  }
}

TEST(OffsetMap, RangesGoThereAndBack) {
  // "ab[fi]cd" -> "abficd" and "x" removed: ab\uFB01cxd
  const std::vector<Edit> edits = {{2, 5, 2, 4}, {6, 7, 5, 5}};
  EXPECT_EQ(to_original(edits, {0, 2}), (Range{0, 2}));
  EXPECT_EQ(to_original(edits, {3, 4}), (Range{2, 5}));
  EXPECT_EQ(to_original(edits, {4, 5}), (Range{5, 6}));
  EXPECT_EQ(to_original(edits, {5, 6}), (Range{7, 8}));
  EXPECT_EQ(to_original(edits, {4, 6}), (Range{5, 8}));
  EXPECT_EQ(to_original(edits, {3, 3}), (Range{2, 5}));
  EXPECT_EQ(to_original(edits, {5, 5}), (Range{6, 6}));
  EXPECT_EQ(to_result(edits, {6, 7}), (Range{5, 5}));
  EXPECT_EQ(to_result(edits, {3, 8}), (Range{2, 6}));
}

TEST(OffsetMap, OverlappingEditsBecomeOne) {
  // Bytes 2..7 became 2..3; of that, 1..4 became 1..2; 9 went.
  const std::vector<Edit> first = {{2, 7, 2, 3}, {12, 13, 8, 8}};
  const std::vector<Edit> second = {{1, 4, 1, 2}, {8, 10, 6, 9}};
  EXPECT_EQ(compose_edits(first, second),
            (std::vector<Edit>{{1, 8, 1, 2}, {12, 13, 6, 6}, {13, 15, 6, 9}}));
}

TEST(OffsetMap, AlignsWhatCameWithoutEdits) {
  EXPECT_EQ(align_edits("The caf\xC3\x83\xC2\xA9 is", "The caf\xC3\xA9 is"),
            (std::vector<Edit>{{7, 11, 7, 9}}));
  EXPECT_EQ(align_edits("same", "same"), std::vector<Edit>{});
  EXPECT_EQ(align_edits("abc", ""), (std::vector<Edit>{{0, 3, 0, 0}}));
  EXPECT_EQ(align_edits("", "abc"), (std::vector<Edit>{{0, 0, 0, 3}}));
}

class EveryCpuPath : public OnEveryCpu {};

TEST_P(EveryCpuPath, FindsTheFirstByteOfASet) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    ByteSet set;
    std::vector<bool> in(256);
    for (auto count = random() % 5; count > 0; --count) {
      const auto byte = static_cast<std::uint8_t>(random());
      set.add(byte);
      in[byte] = true;
    }
    std::string text(random() % 200, '\0');
    for (char& c : text) c = static_cast<char>(random());
    for (std::size_t at = 0; at <= text.size(); ++at) {
      std::size_t expected = at;
      while (expected < text.size() && !in[static_cast<std::uint8_t>(text[expected])]) ++expected;
      ASSERT_EQ(set.find(text, at), expected);
    }
  }
}

TEST_P(EveryCpuPath, KnowsUtf8) {
  std::mt19937 random(4);
  const std::vector<std::string> good = {"a",
                                         "\x7F",
                                         "\xC2\x80",
                                         "\xDF\xBF",
                                         "\xE0\xA0\x80",
                                         "\xED\x9F\xBF",
                                         "\xEE\x80\x80",
                                         "\xEF\xBF\xBF",
                                         "\xF0\x90\x80\x80",
                                         "\xF4\x8F\xBF\xBF"};
  const std::vector<std::string> bad = {"\x80",
                                        "\xC1\xBF",
                                        "\xC2",
                                        "\xE0\x9F\xBF",
                                        "\xED\xA0\x80",
                                        "\xEF\xBF",
                                        "\xF0\x8F\xBF\xBF",
                                        "\xF4\x90\x80\x80",
                                        "\xF5\x80\x80\x80",
                                        "\xF0\x90\x80",
                                        "\xFF"};
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (auto count = random() % 90; count > 0; --count) text += good[random() % good.size()];
    ASSERT_TRUE(utf8::is_valid(text));
    const std::string& wrong = bad[random() % bad.size()];
    const std::string broken =
        text.substr(0, utf8::valid_prefix(text.substr(0, random() % (text.size() + 1)))) + wrong +
        (random() % 2 == 0 ? "" : "a" + text);
    ASSERT_FALSE(utf8::is_valid(broken));
    ASSERT_EQ(utf8::is_valid(broken), utf8::valid_prefix(broken) == broken.size());
  }
}

TEST_P(EveryCpuPath, LowersAsciiAndCyrillic) {
  std::mt19937 random(5);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    std::string expected;
    bool known = true;
    std::size_t end = 0;
    for (auto count = random() % 150; count > 0; --count) {
      const bool other = random() % 200 == 0;
      const char32_t c = other ? 0x460 + random() % 0x200
                               : (random() % 2 == 0 ? random() % 0x80 : 0x400 + random() % 0x60);
      const char32_t lower = c < 0x80    ? (c - 'A' < 26 ? c + 32 : c)
                             : c < 0x410 ? c + 0x50
                             : c < 0x430 ? c + 0x20
                                         : c;
      known = known && !other;
      utf8::append(text, c);
      if (known) utf8::append(expected, lower);
      if (known) end = text.size();
    }
    std::string out(text.size() + 1, '\0');
    const std::size_t found =
        lower_simple()(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                       reinterpret_cast<unsigned char*>(out.data()));
    ASSERT_EQ(found, end);
    ASSERT_EQ(out.substr(0, end), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(Cpu, EveryCpuPath, testing::ValuesIn(available_cpu_paths()), cpu_name);

TEST(SequenceDetector, FindsSequencesOfSets) {
  // "é" then "x" or "y"; and, at the start only, "ß".
  std::vector<std::uint8_t> class_of(0x110000, 0);
  class_of[0xE9] = 1;
  class_of['x'] = class_of['y'] = 2;
  class_of[0xDF] = 3;
  const std::vector<SequenceDetector::Bits> classes = {{0}, {1}, {2}, {4}};
  const SequenceDetector detector(class_of, classes, {1}, {4}, {2 | 4});
  EXPECT_TRUE(detector.matches("aaaa \xC3\xA9y"));
  EXPECT_FALSE(detector.matches("\xC3\xA9zx xy"));
  EXPECT_TRUE(detector.matches("\xC3\x9F"));
  EXPECT_FALSE(detector.matches("a\xC3\x9F"));
  EXPECT_FALSE(detector.matches(""));
  EXPECT_THROW(SequenceDetector({}, classes, {1}, {4}, {6}), InputError);
}

}  // namespace
}  // namespace wirecopy

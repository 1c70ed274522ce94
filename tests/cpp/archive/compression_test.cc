// Blocks of zstd come back as they were; whatever a frame claims, no more is read than was asked
// for.
#include "wirecopy/archive/compression.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace wirecopy {
namespace {

std::string bytes(std::size_t count, unsigned letters, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += static_cast<char>(random() % letters);
  return all;
}

std::string frame_of(std::string_view content) {
  std::string frame;
  Compressor().compress(content, frame);
  return frame;
}

TEST(Compression, ComesBack) {
  Compressor compressor;
  Unpacker unpacker;
  for (const std::size_t count : {1U, 100U, 65'535U, 65'536U, 200'000U}) {
    for (const unsigned letters : {1U, 4U, 256U}) {
      const std::string content = bytes(count, letters, count + letters);
      std::string frame = "before";
      compressor.compress(content, frame);
      EXPECT_TRUE(frame.starts_with("before"));
      const std::string_view own = std::string_view(frame).substr(6);
      EXPECT_EQ(own, frame_of(content));  // whatever was compressed before it
      EXPECT_EQ(unpacker.unpack(&frame, 1, own, count), content);
      EXPECT_EQ(unpacker.kept(&frame, 1), content);
      EXPECT_FALSE(unpacker.kept(&frame, 2));
      EXPECT_FALSE(unpacker.kept(&content, 1));
    }
  }
}

TEST(Compression, OnlyWhatWasAskedFor) {
  const std::string frame = frame_of(bytes(1000, 4, 1));
  Unpacker unpacker;
  EXPECT_TRUE(unpacker.unpack(&frame, 1, frame, 1000));
  for (const std::size_t wrong : {0U, 1U, 999U, 1001U, 65'536U}) {
    EXPECT_FALSE(unpacker.unpack(&frame, 1, frame, wrong)) << wrong;
    EXPECT_FALSE(unpacker.kept(&frame, 1));  // not what is left of a failure
  }
  for (std::size_t size = 0; size < frame.size(); ++size) {
    EXPECT_FALSE(unpacker.unpack(&frame, 1, std::string_view(frame).substr(0, size), 1000));
  }
  EXPECT_FALSE(unpacker.unpack(&frame, 1, frame + "x", 1000));
}

TEST(Compression, AFrameThatClaimsATerabyte) {
  const std::string claims("\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\1\0\0", 13);  // 2^40 bytes
  Unpacker unpacker;
  for (const std::string& rest : {std::string("\x01\0\0", 3), std::string("\x03\0\x10x", 4)}) {
    EXPECT_FALSE(unpacker.unpack(&claims, 1, claims + rest, 65'536));
  }
}

// Each of these decompresses to what was asked for, and none is what a segment holds.
TEST(Compression, NothingButOneStandardFrame) {
  const std::string content = bytes(1000, 4, 1);
  const std::string frame = frame_of(content);
  const std::string skipped("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
  const std::string nothing("\x28\xb5\x2f\xfd\x20\0\x01\0\0", 9);
  // The same content, and no word of how much it is; as what writes a stream makes it.
  const std::string unsaid =
      std::string("\x28\xb5\x2f\xfd\0\x50", 6) + std::string("\x41\x1f\0", 3) + content;
  Unpacker unpacker;
  ASSERT_EQ(unpacker.unpack(&frame, 1, frame, 1000), content);
  for (const std::string& forged :
       {skipped + frame, frame + skipped, nothing + frame, frame + nothing, unsaid,
        frame_of(content.substr(0, 400)) + frame_of(content.substr(400))}) {
    EXPECT_FALSE(unpacker.unpack(&frame, 1, forged, 1000));
  }
  for (const char version : {'\x1e', '\x22', '\x23', '\x24', '\x25', '\x26', '\x27'}) {
    std::string legacy = frame;
    legacy[0] = version;
    EXPECT_FALSE(unpacker.unpack(&frame, 1, legacy, 1000));
  }
  EXPECT_FALSE(unpacker.unpack(&frame, 1, skipped, 0));
}

TEST(Compression, DamagedFramesAreRefusedOrReadWithinBounds) {
  std::mt19937_64 random(5);
  const std::string content = bytes(5000, 8, 2);
  const std::string whole = frame_of(content);
  Unpacker unpacker;
  for (int trial = 0; trial < 5000; ++trial) {
    std::string frame = whole;
    for (std::uint64_t edits = random() % 4 + 1; edits > 0; --edits) {
      frame[random() % frame.size()] = static_cast<char>(random());
    }
    const auto read = unpacker.unpack(&frame, 1, frame, content.size());
    if (read) {
      EXPECT_EQ(read->size(), content.size());
    }
  }
  EXPECT_EQ(unpacker.unpack(&whole, 1, whole, content.size()), content);
}

}  // namespace
}  // namespace wirecopy

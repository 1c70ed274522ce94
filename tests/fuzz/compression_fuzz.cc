// Frames of zstd, whole, damaged, and put together from what its library takes beside them: what is
// unpacked is one standard frame that says how long its content is, and is that long.
#include <algorithm>
#include <string>
#include <string_view>

#include "fuzz.h"
#include "wirecopy/archive/compression.h"

using namespace wirecopy;

namespace {

using namespace std::string_literals;

constexpr std::string_view kMagic = "\x28\xb5\x2f\xfd";

std::string piece(fuzz::Bytes& in) {
  std::string frame;
  switch (in.byte() % 6) {
    case 0:
    case 1: Compressor().compress(std::string(in.byte() % 4, 'x') + "text", frame); break;
    case 2: frame = "\x50\x2a\x4d\x18\x02\0\0\0no"s; break;              // to be skipped
    case 3: frame = "\x28\xb5\x2f\xfd\x20\0\x01\0\0"s; break;            // of no bytes
    case 4: frame = std::string(kMagic) + "\0\x50\x21\0\0text"s; break;  // does not say how many
    default:
      frame = "\x20\xb5\x2f\xfd"s;  // before the standard
      frame[0] = static_cast<char>(0x20 + in.byte() % 9);
  }
  return frame;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes in(data, size);
  std::string frames;
  const std::size_t pieces = in.byte() % 4;
  for (std::size_t i = 0; i < pieces; ++i) frames += piece(in);
  for (int edits = in.byte() % 3; edits > 0 && !frames.empty(); --edits) {
    frames[in.word() % frames.size()] = static_cast<char>(in.byte());
  }
  if (pieces == 0) frames = std::string(in.rest());
  const std::string exact(frames);
  const std::size_t bytes = in.byte() % 3 == 0 ? in.word() % 70'000 : 4 + in.byte() % 4;
  Unpacker unpacker;
  const auto content = unpacker.unpack(&exact, 0, exact, bytes);
  if (content) {
    fuzz::require(content->size() == bytes, "a block has the size that was asked for");
    fuzz::require(exact.starts_with(kMagic), "a block begins as the standard says");
    for (const std::string_view more : {std::string_view("\x50\x2a\x4d\x18\0\0\0\0", 8),
                                        std::string_view("\x28\xb5\x2f\xfd\x20\0\x01\0\0", 9)}) {
      fuzz::require(!unpacker.unpack(&exact, 1, exact + std::string(more), bytes),
                    "a block is one frame");
    }
  }
  fuzz::require(!unpacker.kept(&exact, 0), "nothing is kept of a failure");
  return 0;
}

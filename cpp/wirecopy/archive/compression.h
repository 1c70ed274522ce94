// Texts in blocks of zstd. The only user of that library.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace wirecopy {

// One per thread.
class Compressor {
 public:
  Compressor();

  // Appends one frame, which says how long its content is.
  void compress(std::string_view content, std::string& frame);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
};

// What it takes to read texts out of blocks. Keeps the block that was read last: texts that are
// read in their order make each be decompressed once. One per thread.
class Unpacker {
 public:
  // The content of a block, if it is the one that was read last. `owner` is whose block it is, and
  // must outlive this.
  std::optional<std::string_view> kept(const void* owner, std::uint64_t number) const;
  // The content of another one, valid until the next is asked for. Nothing where `frame` is not
  // one frame that says it has `bytes`, is damaged, or holds more or less than that: no memory is
  // taken on the word of a frame.
  std::optional<std::string_view> unpack(const void* owner, std::uint64_t number,
                                         std::string_view frame, std::size_t bytes);

  // Where a text is put together that stands in several blocks.
  std::string& joined() { return joined_; }

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;  // from the first block on
  const void* owner_ = nullptr;
  std::uint64_t number_ = 0;
  std::string content_;
  std::string joined_;
};

// As "1.5.4".
std::string zstd_version();

}  // namespace wirecopy

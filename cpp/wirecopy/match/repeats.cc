#include "wirecopy/match/repeats.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace wirecopy {
namespace {

constexpr std::size_t kSlotsPerWord = 32;
// 256 KiB of the table: a part stays in the second-level cache while its marks are made.
constexpr int kPartSlotBits = 20;
// Marks gathered for a part of that size: by one worker at the most, and by all of them. Making
// marks reads and writes the part, from memory once the table has outgrown the cache: with so many
// marks that is 16 bytes for each, and all that is gathered is never more than the table.
constexpr std::size_t kGathered = std::size_t{1} << 15;
constexpr std::size_t kGatheredByAll = std::size_t{1} << 16;
// A second-side mark carries this bit.
constexpr std::uint32_t kSecond = std::uint32_t{1} << 31;

std::uint64_t table_bytes(int slot_bits) {
  return (std::uint64_t{1} << slot_bits) / kSlotsPerWord * sizeof(std::uint64_t);
}

}  // namespace

Repeats::Shape Repeats::shape_for(std::uint64_t slots, int workers) {
  Shape shape{};
  shape.slot_bits = std::clamp(static_cast<int>(std::bit_width(slots - (slots > 0))), 12, 32);
  shape.part_bits = std::max(shape.slot_bits - kPartSlotBits, 0);
  const int in_part = shape.slot_bits - shape.part_bits;
  const auto of_each = kGatheredByAll / static_cast<std::size_t>(std::max(workers, 1));
  shape.gathered =
      std::max(std::min(kGathered, of_each) >> (kPartSlotBits - in_part), std::size_t{16});
  return shape;
}

std::uint64_t Repeats::memory_needed(std::uint64_t slots, int workers) {
  const Shape shape = shape_for(slots, workers);
  const std::uint64_t marks =
      (std::uint64_t{shape.stride()} << shape.part_bits) * sizeof(std::uint32_t);
  return table_bytes(shape.slot_bits) + marks * static_cast<std::uint64_t>(workers);
}

Repeats::Repeats(std::uint64_t slots, int workers, Across across)
    : shape_(shape_for(slots, workers)),
      shift_(32 - shape_.slot_bits),
      across_(across),
      memory_(table_bytes(shape_.slot_bits)),
      words_(reinterpret_cast<std::uint64_t*>(memory_.data())),
      part_locks_(std::make_unique<std::mutex[]>(std::size_t{1} << shape_.part_bits)) {
  std::memset(words_, 0, table_bytes(shape_.slot_bits));
  const std::size_t parts = std::size_t{1} << shape_.part_bits;
  for (int worker = 0; worker < workers; ++worker) {
    workers_.push_back({Buffer(parts * shape_.stride() * sizeof(std::uint32_t)),
                        std::vector<std::uint32_t>(parts)});
  }
}

void Repeats::add(int worker_number, std::span<const std::uint64_t> shingles, bool second_side) {
  Worker& worker = workers_[static_cast<std::size_t>(worker_number)];
  auto* const marks = reinterpret_cast<std::uint32_t*>(worker.marks.data());
  std::uint32_t* const counts = worker.count.data();
  const std::size_t gathered = shape_.gathered;
  const std::size_t stride = shape_.stride();
  const int shift = 64 - shape_.slot_bits;
  const int in_part = shape_.slot_bits - shape_.part_bits;
  const std::uint64_t mask = (std::uint64_t{1} << in_part) - 1;
  const std::uint32_t side = second_side && across_ == Across::kSides ? kSecond : 0;
  for (const std::uint64_t shingle : shingles) {
    const std::uint64_t slot = shingle >> shift;
    const std::size_t part = slot >> in_part;
    const std::uint32_t count = counts[part]++;
    marks[part * stride + count] = static_cast<std::uint32_t>(slot & mask) | side;
    if (count + 1 == gathered) make_marks(worker, part);
  }
}

void Repeats::make_marks(Worker& worker, std::size_t part) {
  const auto* const marks =
      reinterpret_cast<const std::uint32_t*>(worker.marks.data()) + part * shape_.stride();
  const int in_part = shape_.slot_bits - shape_.part_bits;
  std::uint64_t* const table = words_ + (part << in_part) / kSlotsPerWord;
  const std::size_t count = worker.count[part];
  worker.count[part] = 0;
  const std::scoped_lock lock(part_locks_[part]);
  // In order, which costs little, so that the marks themselves meet the part in cache.
  const std::size_t words = (std::size_t{1} << in_part) / kSlotsPerWord;
  for (std::size_t i = 0; i < words; i += 64 / sizeof(std::uint64_t)) prefetch_to_write(table + i);
  if (across_ == Across::kTexts) {
    for (std::size_t i = 0; i < count; ++i) {
      std::uint64_t& word = table[marks[i] / kSlotsPerWord];
      const std::uint64_t bit = std::uint64_t{1} << (marks[i] % kSlotsPerWord);
      word |= bit | (word & bit) << 32;
    }
  } else {
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t slot = marks[i] & ~kSecond;
      const std::size_t second = marks[i] >> 31;
      const std::size_t shift = slot % kSlotsPerWord + second * 32;
      table[slot / kSlotsPerWord] |= std::uint64_t{1} << shift;
    }
  }
}

void Repeats::finish(const Run& run) {
  const std::size_t parts = std::size_t{1} << shape_.part_bits;
  const int in_part = shape_.slot_bits - shape_.part_bits;
  const std::size_t words = (std::size_t{1} << in_part) / kSlotsPerWord;  // of a part
  // Packed in place to a bit a slot: first inside each part, then part after part.
  parallel_for(run, parts, 1, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      for (Worker& worker : workers_) make_marks(worker, part);
      std::uint64_t* const table = words_ + part * words;
      for (std::size_t i = 0; i < words; i += 2) {
        const std::uint64_t even = table[i];
        const std::uint64_t odd = table[i + 1];
        const bool sides = across_ == Across::kSides;
        const std::uint64_t low = sides ? even & even >> 32 : even >> 32;
        const std::uint64_t high = sides ? odd & odd >> 32 : odd >> 32;
        table[i / 2] = (low & 0xFFFFFFFFu) | high << 32;
      }
    }
  });
  for (std::size_t part = 1; part < parts; ++part) {
    std::copy_n(words_ + part * words, words / 2, words_ + part * words / 2);
  }
  workers_.clear();
}

}  // namespace wirecopy

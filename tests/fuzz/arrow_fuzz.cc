// Arrow arrays whose offsets, counts and formats are not what they should be. What no consumer can
// know (how long a buffer is) stays true.
#include <algorithm>
#include <cstring>
#include <vector>

#include "fuzz.h"
#include "wirecopy/base/arrow_import.h"
#include "wirecopy/base/error.h"
#include "wirecopy/base/text_column.h"

using namespace wirecopy;

namespace {

template <typename Offset>
std::vector<char> offsets_of(fuzz::Bytes& input, std::size_t rows, std::size_t bytes) {
  std::vector<Offset> offsets(rows + 1);
  for (Offset& offset : offsets) {
    const std::uint8_t kind = input.byte();
    offset = static_cast<Offset>(input.byte() % (bytes + 1));
    if (kind > 250) offset = static_cast<Offset>(-offset - 1);
  }
  if ((input.byte() & 1) != 0) std::ranges::sort(offsets);
  std::vector<char> raw(offsets.size() * sizeof(Offset));
  std::memcpy(raw.data(), offsets.data(), raw.size());
  return raw;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kBytes = 255;
  fuzz::Bytes input(data, size);
  const char* const formats[] = {"u", "U", "u", "U", "n", "z", "i", "", "vu"};
  const std::size_t format = input.byte() % std::size(formats);
  const std::size_t rows = input.byte() % 17;
  std::vector<char> offsets = format % 2 == 0 ? offsets_of<std::int32_t>(input, rows, kBytes)
                                              : offsets_of<std::int64_t>(input, rows, kBytes);
  std::vector<std::uint8_t> valid(3);
  for (std::uint8_t& bits : valid) bits = input.byte();
  std::vector<const void*> buffers = {(input.byte() & 1) != 0 ? valid.data() : nullptr,
                                      offsets.data(), nullptr};
  ArrowSchema schema{};
  schema.format = formats[format];
  schema.name = "text";
  ArrowArray array{};
  array.offset = rows == 0 ? 0 : static_cast<std::int64_t>(input.byte() % (rows + 1));
  array.length = static_cast<std::int64_t>(rows) - array.offset;
  if (input.byte() > 250) array.length = -array.length;
  array.null_count = input.byte() > 200 ? static_cast<std::int8_t>(input.byte()) : -1;
  array.n_buffers = input.byte() > 250 ? 2 : 3;
  if (schema.format[0] == 'v') array.n_buffers = input.byte() % 3;  // no sizes: refused
  std::string memory(input.rest().substr(0, kBytes));
  memory.resize(kBytes, 'x');
  buffers[2] = memory.data();
  array.buffers = buffers.data();
  array.release = [](ArrowArray* released) { released->release = nullptr; };
  try {
    TextColumn column("texts");
    append_arrow_array(column, schema, &array, "texts");
    TextReader reader(column, Surrogates::kKeep);
    std::size_t total = 0;
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (!column.is_null(row)) total += reader[row].size();
    }
    fuzz::require(total <= kBytes * (rows + 1), "rows lie in the buffer");
  } catch (const InputError&) {
  }
  if (array.release != nullptr) array.release(&array);
  return 0;
}

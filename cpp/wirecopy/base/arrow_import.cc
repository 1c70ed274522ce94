#include "wirecopy/base/arrow_import.h"

#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

// Row numbers are DocIds, and the largest is left free for "none".
constexpr std::size_t kMaxRows = std::numeric_limits<DocId>::max() - 1;
constexpr std::int64_t kMaxInt64 = std::numeric_limits<std::int64_t>::max();
constexpr std::string_view kTextIndexFormats = "cCsSiIlL";

// Rows as views, data() == nullptr for a null one, as in TextColumn.
using Rows = std::vector<std::string_view>;

// Producers may hand out buffers that are not aligned for the type inside.
template <typename T>
T load(const void* buffer, std::int64_t at) {
  T value;
  std::memcpy(&value, static_cast<const char*>(buffer) + at * static_cast<std::int64_t>(sizeof(T)),
              sizeof(T));
  return value;
}

// Who is to blame in an error message.
struct Place {
  std::string argument;
  std::int64_t first_row = 0;
  bool in_dictionary = false;

  [[noreturn]] void fail(const std::string& problem) const { throw InputError(argument, problem); }
  [[noreturn]] void fail_at(std::int64_t row, const std::string& problem) const {
    if (in_dictionary) fail("dictionary value " + std::to_string(row) + ": " + problem);
    throw InputError(argument, first_row + row, problem);
  }
};

std::string_view format_of(const ArrowSchema& schema) {
  return schema.format == nullptr ? std::string_view() : std::string_view(schema.format);
}

bool is_plain_text(std::string_view format) {
  return format == "u" || format == "U" || format == "vu" || format == "n";
}

bool is_text(const ArrowSchema& schema) {
  const std::string_view format = format_of(schema);
  if (schema.dictionary == nullptr) return is_plain_text(format);
  return format.size() == 1 && kTextIndexFormats.find(format[0]) != std::string_view::npos &&
         schema.dictionary->dictionary == nullptr && is_plain_text(format_of(*schema.dictionary));
}

std::string_view type_name(std::string_view format) {
  struct Known {
    std::string_view prefix;
    std::string_view name;
  };
  // Longer prefixes first.
  static constexpr Known kKnown[] = {
      // clang-format off
      {"vu", "string_view"}, {"vz", "binary_view"}, {"+vl", "list_view"},
      {"+vL", "large_list_view"}, {"+l", "list"}, {"+L", "large_list"}, {"+w", "fixed_size_list"},
      {"+s", "struct"}, {"+m", "map"}, {"+ud", "dense_union"}, {"+us", "sparse_union"},
      {"+r", "run_end_encoded"}, {"td", "date"}, {"ts", "timestamp"}, {"tt", "time"},
      {"tD", "duration"}, {"ti", "interval"}, {"d", "decimal"}, {"w", "fixed_size_binary"},
      {"n", "null"}, {"b", "bool"}, {"c", "int8"}, {"C", "uint8"}, {"s", "int16"},
      {"S", "uint16"}, {"i", "int32"}, {"I", "uint32"}, {"l", "int64"}, {"L", "uint64"},
      {"e", "float16"}, {"f", "float32"}, {"g", "float64"}, {"z", "binary"},
      {"Z", "large_binary"}, {"u", "string"}, {"U", "large_string"},
      // clang-format on
  };
  for (const Known& known : kKnown) {
    if (format.starts_with(known.prefix)) return known.name;
  }
  return "unknown";
}

[[noreturn]] void fail_not_text(const ArrowSchema& schema, const Place& place) {
  const bool dictionary = schema.dictionary != nullptr;
  const std::string_view format = format_of(dictionary ? *schema.dictionary : schema);
  const std::string_view name = type_name(format);
  std::string problem = dictionary ? "Arrow dictionary of type '" : "Arrow type '";
  problem.append(format).append("' (").append(name);
  problem += ") is not text; expected string, large_string, string_view or a dictionary of those";
  if (name.find("binary") != std::string_view::npos) problem += ". Cast it to string first";
  place.fail(problem);
}

[[noreturn]] void fail_many_columns(const ArrowSchema& schema, const Place& place) {
  constexpr std::int64_t kShown = 10;
  std::string names;
  std::string suggestion;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema& child = *schema.children[i];
    const std::string name = child.name == nullptr ? "" : child.name;
    if (i < kShown) names += (i == 0 ? "" : ", ") + name;
    if (i == kShown) names += ", ...";
    if (suggestion.empty() && is_text(child) && format_of(child) != "n") suggestion = name;
  }
  if (suggestion.empty()) suggestion = "text";
  place.fail("a table with columns " + names + "; pass one column, e.g. " + place.argument + "[\"" +
             suggestion + "\"]");
}

// A record batch arrives as a struct: one of a single column stands for that column.
bool is_table(const ArrowSchema& schema) { return format_of(schema) == "+s"; }

void check_schema(const ArrowSchema& schema, const Place& place) {
  if (is_table(schema)) {
    if (schema.n_children < 1) place.fail("a table without columns");
    if (schema.n_children > 1) fail_many_columns(schema, place);
    if (!is_text(*schema.children[0])) fail_not_text(*schema.children[0], place);
  } else if (!is_text(schema)) {
    fail_not_text(schema, place);
  }
}

// What every layout has: a length, an offset into the buffers, and perhaps a bitmap of valid rows.
class ArrayReader {
 public:
  ArrayReader(const ArrowArray& array, const Place& place) : array_(array), place_(place) {
    if (array.length < 0 || array.offset < 0 || array.length > kMaxInt64 - array.offset) {
      place.fail("malformed Arrow array: length " + std::to_string(array.length) + ", offset " +
                 std::to_string(array.offset));
    }
    if (std::cmp_greater(array.length, kMaxRows)) {
      place.fail("an Arrow array of " + std::to_string(array.length) + " rows; at most " +
                 std::to_string(kMaxRows) + " are possible");
    }
    if (array.n_buffers > 0 && array.buffers == nullptr) {
      place.fail("malformed Arrow array: no buffers");
    }
    // A null_count of -1 means "not counted yet".
    if (array.null_count != 0 && array.n_buffers > 0) {
      valid_ = static_cast<const std::uint8_t*>(array.buffers[0]);
    }
  }

  std::int64_t length() const { return array_.length; }
  const Place& place() const { return place_; }
  bool is_null(std::int64_t row) const {
    const std::int64_t at = array_.offset + row;
    return valid_ != nullptr && (valid_[at >> 3] >> (at & 7) & 1) == 0;
  }
  // Where `row` is in the buffers.
  std::int64_t at(std::int64_t row) const { return array_.offset + row; }

  void require_buffers(std::int64_t least) const {
    if (array_.n_buffers < least) {
      place_.fail("malformed Arrow array: " + std::to_string(array_.n_buffers) +
                  " buffers where the type has " + std::to_string(least));
    }
  }
  const void* buffer(std::int64_t i) const { return array_.buffers[i]; }
  const void* required_buffer(std::int64_t i) const {
    if (buffer(i) == nullptr) {
      place_.fail("malformed Arrow array: buffer " + std::to_string(i) + " is missing");
    }
    return buffer(i);
  }

 private:
  const ArrowArray& array_;
  const Place& place_;
  const std::uint8_t* valid_ = nullptr;
};

// u and U. The data buffer's size is not part of the interface: the last offset has to be believed.
template <typename Offset>
Rows read_offsets(const ArrayReader& array) {
  array.require_buffers(3);
  Rows rows(static_cast<std::size_t>(array.length()));
  if (rows.empty()) return rows;
  const void* offsets = array.required_buffer(1);
  const char* data = static_cast<const char*>(array.buffer(2));
  auto begin = load<Offset>(offsets, array.at(0));
  if (begin < 0) array.place().fail_at(0, "Arrow offset " + std::to_string(begin) + " is negative");
  for (std::int64_t row = 0; row < array.length(); ++row) {
    const auto end = load<Offset>(offsets, array.at(row) + 1);
    if (end < begin) {
      array.place().fail_at(row, "Arrow offsets go backwards, from " + std::to_string(begin) +
                                     " to " + std::to_string(end));
    }
    if (!array.is_null(row)) {
      if (end == begin) {
        rows[static_cast<std::size_t>(row)] = std::string_view("");
      } else if (data == nullptr) {
        array.place().fail_at(row, "Arrow data buffer is missing");
      } else {
        rows[static_cast<std::size_t>(row)] = {data + begin, static_cast<std::size_t>(end - begin)};
      }
    }
    begin = end;
  }
  return rows;
}

// vu: 16 bytes a row, holding either the text itself (up to 12 bytes) or where it is.
Rows read_views(const ArrayReader& array, std::int64_t n_buffers) {
  constexpr std::int64_t kViewBytes = 16;
  constexpr std::int32_t kMaxInline = 12;
  array.require_buffers(3);
  Rows rows(static_cast<std::size_t>(array.length()));
  if (rows.empty()) return rows;
  const char* views = static_cast<const char*>(array.required_buffer(1));
  const std::int64_t n_data = n_buffers - 3;
  const void* sizes = n_data == 0 ? nullptr : array.required_buffer(n_buffers - 1);
  for (std::int64_t row = 0; row < array.length(); ++row) {
    if (array.is_null(row)) continue;
    const char* view = views + array.at(row) * kViewBytes;
    const auto length = load<std::int32_t>(view, 0);
    if (length < 0) {
      array.place().fail_at(row, "Arrow view has length " + std::to_string(length));
    }
    const auto bytes = static_cast<std::size_t>(length);
    if (length <= kMaxInline) {
      rows[static_cast<std::size_t>(row)] = {view + 4, bytes};
      continue;
    }
    const auto index = load<std::int32_t>(view, 2);
    const auto offset = load<std::int32_t>(view, 3);
    if (index < 0 || index >= n_data) {
      array.place().fail_at(row, "Arrow view names buffer " + std::to_string(index) + " of " +
                                     std::to_string(n_data));
    }
    const auto size = load<std::int64_t>(sizes, index);
    const auto* data = static_cast<const char*>(array.buffer(2 + index));
    if (data == nullptr || offset < 0 || std::int64_t{offset} + length > size) {
      array.place().fail_at(row, "Arrow view reaches outside its buffer");
    }
    rows[static_cast<std::size_t>(row)] = {data + offset, bytes};
  }
  return rows;
}

Rows read_plain(std::string_view format, const ArrowArray& array, const Place& place) {
  const ArrayReader reader(array, place);
  if (format == "n") return Rows(static_cast<std::size_t>(array.length));
  if (format == "u") return read_offsets<std::int32_t>(reader);
  if (format == "U") return read_offsets<std::int64_t>(reader);
  return read_views(reader, array.n_buffers);
}

template <typename Index>
Rows read_indices(const ArrayReader& array, const Rows& values) {
  array.require_buffers(2);
  Rows rows(static_cast<std::size_t>(array.length()));
  if (rows.empty()) return rows;
  const void* indices = array.required_buffer(1);
  for (std::int64_t row = 0; row < array.length(); ++row) {
    if (array.is_null(row)) continue;
    const auto index = load<Index>(indices, array.at(row));
    if (std::cmp_less(index, 0) || std::cmp_greater_equal(index, values.size())) {
      array.place().fail_at(row, "Arrow dictionary index " + std::to_string(index) +
                                     " is outside its " + std::to_string(values.size()) +
                                     " values");
    }
    rows[static_cast<std::size_t>(row)] = values[static_cast<std::size_t>(index)];
  }
  return rows;
}

Rows read_dictionary(const ArrowSchema& schema, const ArrowArray& array, const Place& place) {
  if (array.dictionary == nullptr) place.fail("malformed Arrow array: its dictionary is missing");
  Place inside = place;
  inside.in_dictionary = true;
  const Rows values = read_plain(format_of(*schema.dictionary), *array.dictionary, inside);
  const ArrayReader reader(array, place);
  switch (format_of(schema)[0]) {
    case 'c': return read_indices<std::int8_t>(reader, values);
    case 'C': return read_indices<std::uint8_t>(reader, values);
    case 's': return read_indices<std::int16_t>(reader, values);
    case 'S': return read_indices<std::uint16_t>(reader, values);
    case 'i': return read_indices<std::int32_t>(reader, values);
    case 'I': return read_indices<std::uint32_t>(reader, values);
    case 'l': return read_indices<std::int64_t>(reader, values);
    default: return read_indices<std::uint64_t>(reader, values);
  }
}

Rows read_text(const ArrowSchema& schema, const ArrowArray& array, const Place& place) {
  return schema.dictionary == nullptr ? read_plain(format_of(schema), array, place)
                                      : read_dictionary(schema, array, place);
}

Rows read_table(const ArrowSchema& schema, const ArrowArray& array, const Place& place) {
  const ArrayReader outer(array, place);
  if (array.n_children != 1 || array.children == nullptr || array.children[0] == nullptr) {
    place.fail("malformed Arrow struct: its schema has one child, its data " +
               std::to_string(array.n_children));
  }
  // A struct's own offset applies to its children, on top of theirs. This is a view of the child:
  // the parent still owns and releases it.
  ArrowArray child = *array.children[0];
  if (child.length < 0 || child.length < array.offset ||
      child.length - array.offset < array.length) {
    place.fail("malformed Arrow struct: its child is too short");
  }
  if (child.offset < 0 || child.offset > kMaxInt64 - array.offset) {
    place.fail("malformed Arrow struct: child offset " + std::to_string(child.offset));
  }
  child.offset += array.offset;
  child.length = array.length;
  Rows rows = read_text(*schema.children[0], child, place);
  for (std::int64_t row = 0; row < array.length; ++row) {
    if (outer.is_null(row)) rows[static_cast<std::size_t>(row)] = std::string_view();
  }
  return rows;
}

// The array moves in here, so it is released exactly once whatever happens next.
std::shared_ptr<ArrowArray> take(ArrowArray* array, const Place& place) {
  if (array->release == nullptr) place.fail("this Arrow array was already used");
  std::unique_ptr<ArrowArray> moved;
  try {
    moved = std::make_unique<ArrowArray>(*array);
  } catch (...) {
    array->release(array);
    throw;
  }
  array->release = nullptr;
  return {moved.release(), [](ArrowArray* owned) {
            if (owned->release != nullptr) owned->release(owned);
            delete owned;
          }};
}

void append_checked(TextColumn& column, const ArrowSchema& schema,
                    std::shared_ptr<ArrowArray> array, Place place) {
  // Rows of the caller's column, wherever the chunks begin.
  place.first_row = static_cast<std::int64_t>(column.size());
  if (array->length == 0) return;
  const Rows rows =
      is_table(schema) ? read_table(schema, *array, place) : read_text(schema, *array, place);
  if (rows.size() > kMaxRows - column.size()) {
    place.fail("more than " + std::to_string(kMaxRows) + " rows");
  }
  // Nothing was appended until here, so a bad array leaves no row that points into freed memory.
  column.keep_alive(std::move(array));
  for (const std::string_view row : rows) {
    if (row.data() == nullptr) {
      column.push_null();
    } else {
      column.push_back(row);
    }
  }
}

class Schema {
 public:
  Schema() = default;
  Schema(const Schema&) = delete;
  Schema& operator=(const Schema&) = delete;
  ~Schema() {
    if (schema_.release != nullptr) schema_.release(&schema_);
  }
  ArrowSchema* get() { return &schema_; }

 private:
  ArrowSchema schema_{};
};

[[noreturn]] void fail_stream(ArrowArrayStream* stream, int code, const Place& place) {
  const char* message =
      stream->get_last_error == nullptr ? nullptr : stream->get_last_error(stream);
  place.fail("the Arrow stream failed: " + (message == nullptr || *message == '\0'
                                                ? std::generic_category().message(code)
                                                : std::string(message)));
}

void read_stream(TextColumn& column, ArrowArrayStream* stream, const Place& place) {
  Schema schema;
  if (const int code = stream->get_schema(stream, schema.get()); code != 0) {
    fail_stream(stream, code, place);
  }
  check_schema(*schema.get(), place);
  // All chunks are fetched first, so that the rows can be reserved once.
  std::vector<std::shared_ptr<ArrowArray>> chunks;
  std::size_t rows = column.size();
  for (;;) {
    ArrowArray chunk{};
    if (const int code = stream->get_next(stream, &chunk); code != 0) {
      fail_stream(stream, code, place);
    }
    if (chunk.release == nullptr) break;  // the end of the stream
    chunks.push_back(take(&chunk, place));
    const std::int64_t length = chunks.back()->length;
    if (length > 0 && std::cmp_less_equal(length, kMaxRows)) {
      rows += static_cast<std::size_t>(length);
    }
  }
  if (rows <= kMaxRows) column.reserve(rows);
  for (std::shared_ptr<ArrowArray>& chunk : chunks) {
    append_checked(column, *schema.get(), std::move(chunk), place);
  }
}

}  // namespace

void append_arrow_array(TextColumn& column, const ArrowSchema& schema, ArrowArray* array,
                        std::string_view argument) {
  const Place place{std::string(argument)};
  std::shared_ptr<ArrowArray> owned = take(array, place);
  check_schema(schema, place);
  append_checked(column, schema, std::move(owned), place);
}

void append_arrow_stream(TextColumn& column, ArrowArrayStream* stream, std::string_view argument) {
  const Place place{std::string(argument)};
  if (stream->release == nullptr) place.fail("this Arrow stream was already used");
  const std::unique_ptr<ArrowArrayStream, void (*)(ArrowArrayStream*)> guard(
      stream, [](ArrowArrayStream* used) {
        if (used->release != nullptr) used->release(used);
      });
  read_stream(column, stream, place);
}

}  // namespace wirecopy

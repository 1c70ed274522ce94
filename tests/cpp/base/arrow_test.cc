#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "wirecopy/base/arrow_export.h"
#include "wirecopy/base/arrow_import.h"
#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

using Texts = std::vector<std::optional<std::string>>;

// An array built by hand, which counts how often it was released.
struct Built {
  ArrowSchema schema{};
  ArrowArray array{};
  std::string format;
  std::vector<std::vector<char>> storage;
  std::vector<const void*> buffers;
  std::shared_ptr<Built> child;  // the dictionary, or a struct's column
  ArrowSchema* schema_child = nullptr;
  ArrowArray* array_child = nullptr;
  std::vector<ArrowSchema*> schema_children;
  std::vector<ArrowArray*> array_children;
  int releases = 0;

  explicit Built(std::string type) : format(std::move(type)) {
    schema.format = format.c_str();
    schema.name = "text";
    array.null_count = -1;
    array.private_data = this;
    array.release = [](ArrowArray* released) {
      ++static_cast<Built*>(released->private_data)->releases;
      released->release = nullptr;
    };
  }
  Built(const Built&) = delete;
  Built& operator=(const Built&) = delete;

  template <typename T>
  void add_buffer(const std::vector<T>& values) {
    std::vector<char>& bytes = storage.emplace_back(values.size() * sizeof(T) + 1);
    if (!values.empty()) std::memcpy(bytes.data(), values.data(), values.size() * sizeof(T));
    add_pointer(bytes.data());
  }
  void add_pointer(const void* pointer) {
    buffers.push_back(pointer);
    array.n_buffers = static_cast<std::int64_t>(buffers.size());
    array.buffers = buffers.data();
  }
  void add_validity(const Texts& texts) {
    std::vector<std::uint8_t> bits((texts.size() + 7) / 8);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (texts[i]) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | 1u << i % 8);
    }
    add_buffer(bits);
  }
  void slice(std::int64_t offset, std::int64_t length) {
    array.offset = offset;
    array.length = length;
  }
};

using BuiltPtr = std::shared_ptr<Built>;

template <typename Offset>
BuiltPtr build_offsets(const Texts& texts) {
  auto built = std::make_shared<Built>(sizeof(Offset) == 4 ? "u" : "U");
  std::vector<Offset> offsets{0};
  std::vector<char> data;
  for (const auto& text : texts) {
    if (text) data.insert(data.end(), text->begin(), text->end());
    offsets.push_back(static_cast<Offset>(data.size()));
  }
  built->add_validity(texts);
  built->add_buffer(offsets);
  built->add_buffer(data);
  built->array.length = static_cast<std::int64_t>(texts.size());
  return built;
}

struct View {
  std::int32_t length = 0;
  char prefix[4] = {};
  std::int32_t buffer = 0;
  std::int32_t offset = 0;
};
static_assert(sizeof(View) == 16);

BuiltPtr build_views_raw(const Texts& texts, const std::vector<View>& views,
                         const std::vector<std::vector<char>>& data) {
  auto built = std::make_shared<Built>("vu");
  built->add_validity(texts);
  built->add_buffer(views);
  std::vector<std::int64_t> sizes;
  for (const std::vector<char>& buffer : data) {
    built->add_buffer(buffer);
    sizes.push_back(static_cast<std::int64_t>(buffer.size()));
  }
  built->add_buffer(sizes);
  built->array.length = static_cast<std::int64_t>(texts.size());
  return built;
}

BuiltPtr build_views(const Texts& texts) {
  std::vector<View> views;
  std::vector<std::vector<char>> data(2);  // long texts go to each in turn
  std::size_t turn = 0;
  for (const auto& text : texts) {
    View view;
    if (!text) {
      view.length = -77;  // what a null row holds is nobody's business
    } else if (text->size() <= 12) {
      view.length = static_cast<std::int32_t>(text->size());
      std::memcpy(reinterpret_cast<char*>(&view) + 4, text->data(), text->size());
    } else {
      std::vector<char>& buffer = data[turn % 2];
      view.length = static_cast<std::int32_t>(text->size());
      std::memcpy(view.prefix, text->data(), 4);
      view.buffer = static_cast<std::int32_t>(turn++ % 2);
      view.offset = static_cast<std::int32_t>(buffer.size());
      buffer.insert(buffer.end(), text->begin(), text->end());
    }
    views.push_back(view);
  }
  return build_views_raw(texts, views, data);
}

template <typename Index>
BuiltPtr build_dictionary(const std::string& format, const BuiltPtr& values,
                          const std::vector<std::optional<Index>>& indices) {
  auto built = std::make_shared<Built>(format);
  built->child = values;
  built->schema.dictionary = &values->schema;
  built->array.dictionary = &values->array;
  Texts valid;
  std::vector<Index> plain;
  for (const auto& index : indices) {
    valid.push_back(index ? std::optional<std::string>("") : std::nullopt);
    plain.push_back(index.value_or(Index{111}));
  }
  built->add_validity(valid);
  built->add_buffer(plain);
  built->array.length = static_cast<std::int64_t>(indices.size());
  return built;
}

BuiltPtr build_struct(const BuiltPtr& column, const Texts& valid) {
  auto built = std::make_shared<Built>("+s");
  built->child = column;
  built->schema_children = {&column->schema};
  built->array_children = {&column->array};
  built->schema.n_children = built->array.n_children = 1;
  built->schema.children = built->schema_children.data();
  built->array.children = built->array_children.data();
  built->add_validity(valid);
  built->array.length = static_cast<std::int64_t>(valid.size());
  return built;
}

Texts texts_of(const TextColumn& column) {
  Texts texts;
  TextReader reader(column);
  for (std::size_t i = 0; i < column.size(); ++i) {
    texts.push_back(column.is_null(i) ? std::nullopt
                                      : std::optional<std::string>(std::string(reader[i])));
  }
  return texts;
}

void append(TextColumn& column, const BuiltPtr& built) {
  append_arrow_array(column, built->schema, &built->array, "texts");
}

Texts read(const BuiltPtr& built) {
  Texts texts;
  {
    TextColumn column;
    append(column, built);
    EXPECT_EQ(built->array.release, nullptr) << "the array was not taken over";
    if (built->array.length > 0) {
      EXPECT_EQ(built->releases, 0);
    }
    texts = texts_of(column);
  }
  EXPECT_EQ(built->releases, 1);
  return texts;
}

std::string error_of(const BuiltPtr& built) {
  TextColumn column;
  column.push_back("a row from before");
  try {
    append(column, built);
  } catch (const InputError& error) {
    EXPECT_EQ(built->releases, 1) << "released at once on error";
    EXPECT_EQ(column.size(), 1u) << "a bad array appends nothing";
    return error.what();
  }
  return "no error";
}

const Texts kTexts = {"a",
                      std::nullopt,
                      "",
                      "exactly 12 b",
                      "thirteen byte",
                      "a considerably longer text than fits inline",
                      std::nullopt,
                      "caf\xC3\xA9",
                      "another long text, which goes to the other buffer",
                      "z"};

using Builder = BuiltPtr (*)(const Texts&);

class Layout : public ::testing::TestWithParam<Builder> {};

TEST_P(Layout, Whole) { EXPECT_EQ(read(GetParam()(kTexts)), kTexts); }

TEST_P(Layout, EverySlice) {
  for (std::size_t begin = 0; begin <= kTexts.size(); ++begin) {
    for (std::size_t end = begin; end <= kTexts.size(); ++end) {
      const BuiltPtr built = GetParam()(kTexts);
      built->slice(static_cast<std::int64_t>(begin), static_cast<std::int64_t>(end - begin));
      const Texts expected(kTexts.begin() + static_cast<std::ptrdiff_t>(begin),
                           kTexts.begin() + static_cast<std::ptrdiff_t>(end));
      ASSERT_EQ(read(built), expected) << begin << ":" << end;
    }
  }
}

TEST_P(Layout, BorrowsInPlace) {
  const BuiltPtr built = GetParam()(kTexts);
  TextColumn column;
  append(column, built);
  for (const std::size_t row : {std::size_t{0}, std::size_t{5}, std::size_t{8}}) {
    bool inside = false;
    for (const std::vector<char>& buffer : built->storage) {
      const std::less<const char*> before;
      inside |= !before(column.stored(row).as_bytes().data(), buffer.data()) &&
                before(column.stored(row).as_bytes().data(), buffer.data() + buffer.size());
    }
    EXPECT_TRUE(inside) << row;
  }
}

TEST_P(Layout, WithoutValidityBitmap) {
  const Texts texts = {"a", "b and a text that is long", ""};
  const BuiltPtr built = GetParam()(texts);
  built->buffers[0] = nullptr;
  EXPECT_EQ(read(built), texts);
}

TEST_P(Layout, NullCountZeroIgnoresTheBitmap) {
  const BuiltPtr built = GetParam()({"a", "b"});
  built->storage[0][0] = 0;
  built->array.null_count = 0;
  EXPECT_EQ(read(built), (Texts{"a", "b"}));
}

TEST_P(Layout, EmptyMayLackBuffers) {
  const BuiltPtr built = GetParam()({});
  for (const void*& buffer : built->buffers) buffer = nullptr;
  EXPECT_EQ(read(built), Texts{});
}

TEST_P(Layout, AppendsAfterEarlierRows) {
  const BuiltPtr first = GetParam()({"a", std::nullopt});
  const BuiltPtr second = GetParam()({"b"});
  TextColumn column;
  append(column, first);
  append(column, second);
  EXPECT_EQ(texts_of(column), (Texts{"a", std::nullopt, "b"}));
  EXPECT_EQ(column.null_count(), 1u);
}

TEST_P(Layout, MalformedIsRefused) {
  BuiltPtr built = GetParam()(kTexts);
  built->array.length = -1;
  EXPECT_EQ(error_of(built), "texts: malformed Arrow array: length -1, offset 0");
  built = GetParam()(kTexts);
  built->array.offset = -5;
  EXPECT_EQ(error_of(built), "texts: malformed Arrow array: length 10, offset -5");
  built = GetParam()(kTexts);
  built->array.offset = std::numeric_limits<std::int64_t>::max();
  EXPECT_NE(error_of(built).find("malformed"), std::string::npos);
  built = GetParam()(kTexts);
  built->array.length = std::int64_t{1} << 40;
  EXPECT_NE(error_of(built).find("at most"), std::string::npos);
  built = GetParam()(kTexts);
  built->array.n_buffers = 1;
  EXPECT_NE(error_of(built).find("malformed Arrow array: 1 buffers"), std::string::npos);
  built = GetParam()(kTexts);
  built->array.buffers = nullptr;
  EXPECT_EQ(error_of(built), "texts: malformed Arrow array: no buffers");
  built = GetParam()(kTexts);
  built->buffers[1] = nullptr;
  EXPECT_EQ(error_of(built), "texts: malformed Arrow array: buffer 1 is missing");
}

INSTANTIATE_TEST_SUITE_P(ArrowImport, Layout,
                         ::testing::Values(&build_offsets<std::int32_t>,
                                           &build_offsets<std::int64_t>, &build_views));

TEST(ArrowImport, BackwardOffsetsAreRefused) {
  BuiltPtr built = build_offsets<std::int32_t>({"abc", "def", "ghi"});
  const std::int32_t offsets[] = {0, 6, 3, 9};
  std::memcpy(built->storage[1].data(), offsets, sizeof offsets);
  EXPECT_EQ(error_of(built), "texts[2]: Arrow offsets go backwards, from 6 to 3");
  built = build_offsets<std::int32_t>({"abc"});
  const std::int32_t negative[] = {-4, 3};
  std::memcpy(built->storage[1].data(), negative, sizeof negative);
  EXPECT_EQ(error_of(built), "texts[1]: Arrow offset -4 is negative");
}

TEST(ArrowImport, MissingDataBufferIsRefusedOnlyWhenNeeded) {
  BuiltPtr built = build_offsets<std::int32_t>({"", std::nullopt});
  built->buffers[2] = nullptr;
  EXPECT_EQ(read(built), (Texts{"", std::nullopt}));
  built = build_offsets<std::int32_t>({"", "abc"});
  built->buffers[2] = nullptr;
  EXPECT_EQ(error_of(built), "texts[2]: Arrow data buffer is missing");
}

TEST(ArrowImport, BadViewsAreRefused) {
  const auto error_with = [](View view) {
    const std::vector<std::vector<char>> data = {std::vector<char>(20, 'x')};
    return error_of(build_views_raw({"a"}, {view}, data));
  };
  EXPECT_EQ(error_with({-1, {}, 0, 0}), "texts[1]: Arrow view has length -1");
  EXPECT_EQ(error_with({13, {}, 1, 0}), "texts[1]: Arrow view names buffer 1 of 1");
  EXPECT_EQ(error_with({13, {}, -1, 0}), "texts[1]: Arrow view names buffer -1 of 1");
  EXPECT_EQ(error_with({13, {}, 0, 8}), "texts[1]: Arrow view reaches outside its buffer");
  EXPECT_EQ(error_with({13, {}, 0, -1}), "texts[1]: Arrow view reaches outside its buffer");
  EXPECT_EQ(error_with({std::numeric_limits<std::int32_t>::max(), {}, 0, 1}),
            "texts[1]: Arrow view reaches outside its buffer");
  EXPECT_EQ(error_with({20, {}, 0, 0}), "no error");
}

template <typename Index>
void check_dictionary(const std::string& format) {
  const std::vector<std::optional<Index>> indices = {Index{2}, Index{0}, std::nullopt, Index{1},
                                                     Index{2}};
  const Texts expected = {"the third value, a long one", "first", std::nullopt, std::nullopt,
                          "the third value, a long one"};
  const Texts values = {"first", std::nullopt, "the third value, a long one"};
  for (const Builder builder :
       {&build_offsets<std::int32_t>, &build_offsets<std::int64_t>, &build_views}) {
    EXPECT_EQ(read(build_dictionary<Index>(format, builder(values), indices)), expected) << format;
    const BuiltPtr sliced = build_dictionary<Index>(format, builder(values), indices);
    sliced->slice(2, 3);
    EXPECT_EQ(read(sliced), Texts(expected.begin() + 2, expected.end())) << format;
  }
}

TEST(ArrowImport, DictionaryOfAnyIndexType) {
  check_dictionary<std::int8_t>("c");
  check_dictionary<std::uint8_t>("C");
  check_dictionary<std::int16_t>("s");
  check_dictionary<std::uint16_t>("S");
  check_dictionary<std::int32_t>("i");
  check_dictionary<std::uint32_t>("I");
  check_dictionary<std::int64_t>("l");
  check_dictionary<std::uint64_t>("L");
}

TEST(ArrowImport, SlicedDictionary) {
  const BuiltPtr values = build_offsets<std::int32_t>({"unused", "a", "b"});
  values->slice(1, 2);
  EXPECT_EQ(read(build_dictionary<std::int32_t>("i", values, {1, 0})), (Texts{"b", "a"}));
}

TEST(ArrowImport, DictionaryIndexOutsideIsRefused) {
  const auto values = [] { return build_offsets<std::int32_t>({"a", "b"}); };
  EXPECT_EQ(
      error_of(build_dictionary<std::int8_t>("c", values(), {std::int8_t{0}, std::int8_t{2}})),
      "texts[2]: Arrow dictionary index 2 is outside its 2 values");
  EXPECT_EQ(error_of(build_dictionary<std::int8_t>("c", values(), {std::int8_t{-1}})),
            "texts[1]: Arrow dictionary index -1 is outside its 2 values");
  EXPECT_EQ(error_of(build_dictionary<std::uint64_t>("L", values(),
                                                     {std::numeric_limits<std::uint64_t>::max()})),
            "texts[1]: Arrow dictionary index 18446744073709551615 is outside its 2 values");
  const BuiltPtr bad = values();
  const std::int32_t offsets[] = {0, 2, 1};
  std::memcpy(bad->storage[1].data(), offsets, sizeof offsets);
  EXPECT_EQ(error_of(build_dictionary<std::int8_t>("c", bad, {std::int8_t{0}})),
            "texts: dictionary value 1: Arrow offsets go backwards, from 2 to 1");
  const BuiltPtr missing = build_dictionary<std::int8_t>("c", values(), {std::int8_t{0}});
  missing->array.dictionary = nullptr;
  EXPECT_EQ(error_of(missing), "texts: malformed Arrow array: its dictionary is missing");
}

TEST(ArrowImport, NullType) {
  const auto built = std::make_shared<Built>("n");
  built->array.length = 3;
  EXPECT_EQ(read(built), (Texts{std::nullopt, std::nullopt, std::nullopt}));
}

TEST(ArrowImport, OtherTypesAreRefusedByName) {
  const auto error_for = [](const char* format) {
    const auto built = std::make_shared<Built>(format);
    built->array.length = 1;
    return error_of(built);
  };
  EXPECT_EQ(error_for("l"),
            "texts: Arrow type 'l' (int64) is not text; expected string, large_string, "
            "string_view or a dictionary of those");
  EXPECT_NE(error_for("z").find("(binary) is not text"), std::string::npos);
  EXPECT_NE(error_for("z").find("Cast it to string first"), std::string::npos);
  EXPECT_NE(error_for("+r").find("(run_end_encoded)"), std::string::npos);
  EXPECT_NE(error_for("+l").find("(list)"), std::string::npos);
  EXPECT_NE(error_for("tsu:UTC").find("(timestamp)"), std::string::npos);
  EXPECT_NE(error_for("d:19,10").find("(decimal)"), std::string::npos);
  EXPECT_NE(error_for("").find("(unknown)"), std::string::npos);
  EXPECT_NE(error_for("uu").find("is not text"), std::string::npos);
  const auto no_format = std::make_shared<Built>("u");
  no_format->schema.format = nullptr;
  EXPECT_NE(error_of(no_format).find("(unknown)"), std::string::npos);
}

TEST(ArrowImport, StructOfOneColumnIsThatColumn) {
  for (const Builder builder : {&build_offsets<std::int32_t>, &build_views}) {
    const Texts outer(kTexts.size(), "");
    EXPECT_EQ(read(build_struct(builder(kTexts), outer)), kTexts);
    const BuiltPtr sliced = build_struct(builder(kTexts), outer);
    sliced->slice(3, 4);
    EXPECT_EQ(read(sliced), Texts(kTexts.begin() + 3, kTexts.begin() + 7));
    const BuiltPtr child = builder(kTexts);
    child->slice(2, 8);
    const BuiltPtr both = build_struct(child, outer);
    both->slice(1, 3);
    EXPECT_EQ(read(both), Texts(kTexts.begin() + 3, kTexts.begin() + 6));
  }
  EXPECT_EQ(read(build_struct(build_offsets<std::int32_t>({"a", "b"}), {std::nullopt, ""})),
            (Texts{std::nullopt, "b"}));
}

TEST(ArrowImport, MalformedStructIsRefused) {
  BuiltPtr built = build_struct(build_offsets<std::int32_t>({"a", "b"}), {"", ""});
  built->array.length = 3;
  EXPECT_EQ(error_of(built), "texts: malformed Arrow struct: its child is too short");
  built = build_struct(build_offsets<std::int32_t>({"a"}), {""});
  built->array.n_children = 0;
  EXPECT_NE(error_of(built).find("its data 0"), std::string::npos);
  built = build_struct(build_offsets<std::int32_t>({"a"}), {""});
  built->schema.n_children = 0;
  EXPECT_EQ(error_of(built), "texts: a table without columns");
}

TEST(ArrowImport, StructOfSeveralColumnsNamesThem) {
  const auto number = std::make_shared<Built>("l");
  number->schema.name = "id";
  const BuiltPtr built = build_struct(build_offsets<std::int32_t>({"a"}), {""});
  built->schema_children.insert(built->schema_children.begin(), &number->schema);
  built->schema.children = built->schema_children.data();
  built->schema.n_children = 2;
  EXPECT_EQ(error_of(built),
            "texts: a table with columns id, text; pass one column, e.g. texts[\"text\"]");
}

TEST(ArrowImport, AUsedArrayIsRefused) {
  const BuiltPtr built = build_offsets<std::int32_t>({"a"});
  TextColumn column;
  append(column, built);
  EXPECT_THROW(append(column, built), InputError);
}

// ---- streams ------------------------------------------------------------------------------------

struct BuiltStream {
  ArrowArrayStream stream{};
  std::vector<BuiltPtr> chunks;
  std::size_t next = 0;
  int fail_schema = 0;
  std::size_t fail_at = 1000;
  const char* message = "the disk is on fire";
  int releases = 0;

  explicit BuiltStream(std::vector<BuiltPtr> given) : chunks(std::move(given)) {
    stream.private_data = this;
    stream.get_schema = [](ArrowArrayStream* s, ArrowSchema* out) {
      const auto* self = static_cast<BuiltStream*>(s->private_data);
      if (self->fail_schema != 0) return self->fail_schema;
      *out = self->chunks.at(0)->schema;
      out->release = [](ArrowSchema* schema) { schema->release = nullptr; };
      return 0;
    };
    stream.get_next = [](ArrowArrayStream* s, ArrowArray* out) {
      auto* self = static_cast<BuiltStream*>(s->private_data);
      if (self->next == self->fail_at) return EIO;
      *out = ArrowArray{};
      if (self->next < self->chunks.size()) {
        ArrowArray& array = self->chunks[self->next++]->array;
        *out = array;
        array.release = nullptr;
      }
      return 0;
    };
    stream.get_last_error = [](ArrowArrayStream* s) {
      return static_cast<BuiltStream*>(s->private_data)->message;
    };
    stream.release = [](ArrowArrayStream* s) {
      ++static_cast<BuiltStream*>(s->private_data)->releases;
      s->release = nullptr;
    };
  }
};

TEST(ArrowImport, StreamOfChunks) {
  BuiltStream built({build_views({"a", std::nullopt}), build_views({}), build_views({"b"})});
  {
    TextColumn column;
    append_arrow_stream(column, &built.stream, "texts");
    EXPECT_EQ(built.releases, 1);
    EXPECT_EQ(built.chunks[0]->releases, 0) << "chunks outlive the stream";
    EXPECT_EQ(texts_of(column), (Texts{"a", std::nullopt, "b"}));
  }
  for (const BuiltPtr& chunk : built.chunks) EXPECT_EQ(chunk->releases, 1);
}

TEST(ArrowImport, StreamErrorsNameTheRowOfTheWhole) {
  const BuiltPtr bad = build_offsets<std::int32_t>({"abc", "def"});
  const std::int32_t offsets[] = {0, 6, 3};
  std::memcpy(bad->storage[1].data(), offsets, sizeof offsets);
  BuiltStream built({build_offsets<std::int32_t>({"a", "b"}), bad});
  {
    TextColumn column;
    try {
      append_arrow_stream(column, &built.stream, "texts");
      FAIL();
    } catch (const InputError& error) {
      EXPECT_EQ(error.row(), 3);
    }
  }
  EXPECT_EQ(built.releases, 1);
  for (const BuiltPtr& chunk : built.chunks) EXPECT_EQ(chunk->releases, 1);
}

TEST(ArrowImport, StreamFailuresAreReported) {
  const auto error_of_stream = [](BuiltStream& built) -> std::string {
    TextColumn column;
    try {
      append_arrow_stream(column, &built.stream, "texts");
    } catch (const InputError& error) {
      EXPECT_EQ(built.releases, 1);
      return error.what();
    }
    return "no error";
  };
  BuiltStream later({build_views({"a"}), build_views({"b"})});
  later.fail_at = 1;
  EXPECT_EQ(error_of_stream(later), "texts: the Arrow stream failed: the disk is on fire");
  EXPECT_EQ(later.chunks[0]->releases, 1);
  BuiltStream at_once({build_views({"a"})});
  at_once.fail_schema = ENOMEM;
  at_once.message = nullptr;
  EXPECT_EQ(error_of_stream(at_once), std::string("texts: the Arrow stream failed: ") +
                                          std::generic_category().message(ENOMEM));
  BuiltStream used({build_views({"a"})});
  TextColumn column;
  append_arrow_stream(column, &used.stream, "texts");
  EXPECT_EQ(error_of_stream(used), "texts: this Arrow stream was already used");
}

// ---- export -------------------------------------------------------------------------------------

std::shared_ptr<const Table> sample_table() {
  auto table = std::make_shared<Table>();
  table->add("int", std::vector<std::int64_t>{1, -2, 3});
  table->add("float", std::vector<double>{0.5, 1.5, -2.5});
  table->add("flag", Bools{{1, 0, 1}});
  Strings strings;
  for (const char* text : {"one", "", "drei"}) strings.push_back(text);
  table->add("text", std::move(strings));
  return table;
}

TEST(ArrowExport, SchemaAndValues) {
  std::shared_ptr<const Table> table = sample_table();
  ArrowArrayStream stream;
  export_arrow_stream(table, &stream);
  ArrowSchema schema;
  ASSERT_EQ(stream.get_schema(&stream, &schema), 0);
  EXPECT_STREQ(schema.format, "+s");
  ASSERT_EQ(schema.n_children, 4);
  const char* const formats[] = {"l", "g", "b", "U"};
  const char* const names[] = {"int", "float", "flag", "text"};
  for (int i = 0; i < 4; ++i) {
    EXPECT_STREQ(schema.children[i]->format, formats[i]);
    EXPECT_STREQ(schema.children[i]->name, names[i]);
  }
  schema.release(&schema);
  EXPECT_EQ(schema.release, nullptr);

  ArrowArray array;
  ASSERT_EQ(stream.get_next(&stream, &array), 0);
  ArrowArray end;
  ASSERT_EQ(stream.get_next(&stream, &end), 0);
  EXPECT_EQ(end.release, nullptr) << "one batch only";
  stream.release(&stream);

  EXPECT_EQ(array.length, 3);
  EXPECT_EQ(array.null_count, 0);
  ASSERT_EQ(array.n_children, 4);
  const auto& ints = std::get<std::vector<std::int64_t>>(table->columns[0].values);
  EXPECT_EQ(array.children[0]->buffers[1], ints.data()) << "not copied";
  EXPECT_EQ(*static_cast<const std::uint8_t*>(array.children[2]->buffers[1]), 0b101);
  EXPECT_STREQ(static_cast<const char*>(array.children[3]->buffers[2]), "onedrei");
  array.release(&array);
}

TEST(ArrowExport, OneColumnOutlivesTheRest) {
  std::weak_ptr<const Table> watch;
  ArrowArray column;
  {
    std::shared_ptr<const Table> table = sample_table();
    watch = table;
    ArrowArrayStream stream;
    export_arrow_stream(std::move(table), &stream);
    ArrowArray array;
    ASSERT_EQ(stream.get_next(&stream, &array), 0);
    stream.release(&stream);
    column = *array.children[3];
    array.children[3]->release = nullptr;
    array.release(&array);
  }
  ASSERT_FALSE(watch.expired());
  EXPECT_EQ(static_cast<const std::int64_t*>(column.buffers[1])[3], 7);
  column.release(&column);
  EXPECT_TRUE(watch.expired());
}

TEST(ArrowExport, ReadBackByTheImport) {
  auto table = std::make_shared<Table>();
  Strings strings;
  for (const char* text : {"one", "", "drei"}) strings.push_back(text);
  table->add("text", std::move(strings));
  ArrowArrayStream stream;
  export_arrow_stream(table, &stream);
  TextColumn column;
  append_arrow_stream(column, &stream, "texts");
  EXPECT_EQ(texts_of(column), (Texts{"one", "", "drei"}));
}

TEST(ArrowExport, EmptyTables) {
  for (const bool with_columns : {false, true}) {
    auto table = std::make_shared<Table>();
    if (with_columns) {
      table->add("int", std::vector<std::int64_t>{});
      table->add("text", Strings{});
    }
    ArrowArrayStream stream;
    export_arrow_stream(table, &stream);
    ArrowArray array;
    ASSERT_EQ(stream.get_next(&stream, &array), 0);
    EXPECT_EQ(array.length, 0);
    EXPECT_EQ(array.n_children, with_columns ? 2 : 0);
    array.release(&array);
    stream.release(&stream);
  }
}

TEST(ArrowExport, RaggedTableIsAnErrorOfTheStream) {
  auto table = std::make_shared<Table>();
  table->add("a", std::vector<std::int64_t>{1, 2});
  table->add("b", std::vector<double>{1});
  ArrowArrayStream stream;
  export_arrow_stream(table, &stream);
  ArrowArray array;
  EXPECT_EQ(stream.get_next(&stream, &array), EINVAL);
  EXPECT_STREQ(stream.get_last_error(&stream), "column 'b' has 1 rows, the first column 2");
  stream.release(&stream);
}

}  // namespace
}  // namespace wirecopy

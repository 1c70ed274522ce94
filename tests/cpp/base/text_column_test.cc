#include "wirecopy/base/text_column.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "wirecopy/base/error.h"

namespace wirecopy {
namespace {

TEST(TextColumn, EmptyAndNullDiffer) {
  TextColumn column;
  column.push_back("");
  column.push_back(std::string_view());  // an empty text may have no address
  column.push_null();
  column.push_back("news");
  ASSERT_EQ(column.size(), 4u);
  EXPECT_FALSE(column.is_null(0));
  EXPECT_FALSE(column.is_null(1));
  EXPECT_TRUE(column.is_null(2));
  EXPECT_EQ(column[2], "");
  EXPECT_EQ(column[3], "news");
  EXPECT_EQ(column.null_count(), 1u);
  EXPECT_EQ(column.total_bytes(), 4u);
}

TEST(TextColumn, BorrowsInPlace) {
  const std::string text = "borrowed";
  TextColumn column;
  column.push_back(text);
  EXPECT_EQ(column[0].data(), text.data());
}

TEST(TextColumn, KeepsOwnersAlive) {
  auto owner = std::make_shared<std::string>("kept");
  const std::weak_ptr<std::string> watch = owner;
  {
    TextColumn column;
    column.push_back(*owner);
    column.keep_alive(std::move(owner));
    const TextColumn moved = std::move(column);
    EXPECT_FALSE(watch.expired());
    EXPECT_EQ(moved[0], "kept");
  }
  EXPECT_TRUE(watch.expired());
}

TEST(TextColumn, RequireUtf8NamesTheRowAndByte) {
  TextColumn column;
  column.push_back("fine");
  column.push_null();
  column.push_back("caf\xC3\xA9");
  EXPECT_NO_THROW(column.require_utf8("texts"));
  column.push_back("caf\xE9");
  try {
    column.require_utf8("texts");
    FAIL();
  } catch (const InputError& error) {
    EXPECT_STREQ(error.what(), "texts[3]: not valid UTF-8 at byte 3");
    EXPECT_EQ(error.argument(), "texts");
    EXPECT_EQ(error.row(), 3);
  }
}

}  // namespace
}  // namespace wirecopy

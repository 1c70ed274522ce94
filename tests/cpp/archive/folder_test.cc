// Folders of the file system: what the system says while a file is written.
#include "wirecopy/archive/folder.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#if defined(__linux__)

#include <fcntl.h>

namespace {

int refused_with = 0;  // errno of the next calls; 0: they do nothing
int calls = 0;

}  // namespace

// In the place of the system's.
extern "C" int sync_file_range(int, off64_t, off64_t, unsigned flags) {
  ++calls;
  EXPECT_EQ(flags, static_cast<unsigned>(SYNC_FILE_RANGE_WRITE));
  errno = refused_with;
  return refused_with == 0 ? 0 : -1;
}

namespace wirecopy {
namespace {

class FolderTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string made = ::testing::TempDir() + "wirecopy-folder-XXXXXX";
    ASSERT_NE(::mkdtemp(made.data()), nullptr);
    path_ = made;
    folder_ = open_folder(path_, false);
    refused_with = calls = 0;
  }
  void TearDown() override {
    folder_.reset();
    std::filesystem::remove_all(path_);
  }

  std::string path_;
  std::shared_ptr<Folder> folder_;
};

TEST_F(FolderTest, ADiskThatFailsBeforeTheSyncIsAFailedWrite) {
  const std::string bytes(std::size_t{8} << 20, 'x');
  for (const int code : {EIO, ENOSPC, EDQUOT}) {
    const auto file = folder_->create("file");
    file->write("some");
    EXPECT_EQ(calls, 0);  // for a few bytes it is not asked
    refused_with = code;
    try {
      file->write(bytes);
      FAIL() << code;
    } catch (const FileError& error) {
      EXPECT_EQ(error.code(), code);
      EXPECT_EQ(error.path(), path_ + "/file");
    }
    refused_with = calls = 0;
  }
}

TEST_F(FolderTest, ThatItCannotBeginEarlyMeansNothing) {
  const std::string bytes(std::size_t{8} << 20, 'x');
  for (const int code : {ENOSYS, EINVAL, ESPIPE, ENOMEM}) {
    refused_with = code;
    const auto file = folder_->create("file");
    file->write(bytes);
    file->sync();
    EXPECT_EQ(folder_->map("file")->bytes(), bytes);
  }
  EXPECT_EQ(calls, 4);
}

TEST_F(FolderTest, WhatIsMappedIsToldUntilItIsForgotten) {
  constexpr std::size_t kBytes = std::size_t{32} << 20;
  constexpr std::size_t kOther = kBytes / 4;  // of the process, meanwhile
  const auto file = folder_->create("file");
  file->write(std::string(kBytes, 'x'));
  const auto mapping = folder_->map("file");
  const std::uint64_t before = mapped_bytes().value();
  EXPECT_EQ(mapping->bytes(), std::string(kBytes, 'x'));
  EXPECT_GE(mapped_bytes().value() + kOther, before + kBytes);
  mapping->forget();
  EXPECT_LE(mapped_bytes().value(), before + kOther);
}

}  // namespace
}  // namespace wirecopy

#endif

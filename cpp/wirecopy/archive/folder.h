// What an archive asks of a file system, so that tests can let every step of it fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace wirecopy {

// The system refused something. `code` is errno; becomes OSError in Python.
class FileError : public std::runtime_error {
 public:
  FileError(int code, const std::string& what, std::string path);

  int code() const { return code_; }
  const std::string& path() const { return path_; }

 private:
  int code_;
  std::string path_;
};

// The bytes of an archive are not what they should be: damaged, cut off, hostile or of another
// version. Names file and block.
class ArchiveError : public std::runtime_error {
 public:
  ArchiveError(std::string_view file, const std::string& problem)
      : std::runtime_error(std::string(file) + ": " + problem) {}
};

// A file as it was when it was opened, for reading: stays readable when it is deleted.
class Mapping {
 public:
  Mapping() = default;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  virtual ~Mapping() = default;

  std::string_view bytes() const { return bytes_; }
  // Lets the system take back the memory of pages that were read.
  virtual void forget() const {}
  // Whether what lies there can be read without waiting for the disk; true where that is not known.
  virtual bool in_memory(const void*) const { return true; }
  // Lets the system begin to read these bytes, and none around them.
  virtual void read_ahead(const void*, std::size_t) const {}

 protected:
  std::string_view bytes_;
};

// A new file. Closed without being kept (sync) where it goes before.
class NewFile {
 public:
  NewFile() = default;
  NewFile(const NewFile&) = delete;
  NewFile& operator=(const NewFile&) = delete;
  virtual ~NewFile() = default;

  virtual void write(std::string_view bytes) = 0;
  // After it the bytes are on disk, whatever happens.
  virtual void sync() = 0;
};

// One folder; names are plain names of files in it. Everything throws FileError.
class Folder {
 public:
  Folder() = default;
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  virtual ~Folder() = default;

  // Null where there is no such file. Only a regular file of the folder itself is opened: no link
  // is followed.
  virtual std::shared_ptr<const Mapping> map(const std::string& name) = 0;
  // Replaces what has the name.
  virtual std::unique_ptr<NewFile> create(const std::string& name) = 0;
  virtual void rename(const std::string& from, const std::string& to) = 0;
  virtual void remove(const std::string& name) = 0;
  virtual std::vector<std::string> list() = 0;
  // After it the names of the folder are on disk.
  virtual void sync() = 0;
  // Whether this process may write, and no other one, until the folder is closed. The system gives
  // that up for a process that was killed.
  virtual bool lock() = 0;
  virtual const std::string& path() const = 0;
};

// Bytes of files that this process holds in memory by all its mappings; nothing where the system
// does not say.
std::optional<std::uint64_t> mapped_bytes();

// A folder of the file system. With `create` it is made where there is none.
std::shared_ptr<Folder> open_folder(const std::string& path, bool create);

}  // namespace wirecopy

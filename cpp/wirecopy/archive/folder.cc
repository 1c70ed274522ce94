#include "wirecopy/archive/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>

#include "wirecopy/archive/format.h"

namespace wirecopy {

FileError::FileError(int code, const std::string& what, std::string path)
    : std::runtime_error("cannot " + what + ": " + std::generic_category().message(code)),
      code_(code),
      path_(std::move(path)) {}

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& path) {
  throw FileError(errno, what, path);
}

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int get() const { return number_; }

 private:
  int number_;
};

// Of the system.
std::size_t page_bytes() {
  static const auto bytes = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

class PosixMapping : public Mapping {
 public:
  PosixMapping(const Descriptor& file, std::size_t size, const std::string& path) {
    if (size == 0) return;
    const void* const at = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, file.get(), 0);
    if (at == MAP_FAILED) fail("map the file", path);
    bytes_ = {static_cast<const char*>(at), size};
  }
  PosixMapping(const PosixMapping&) = delete;
  PosixMapping& operator=(const PosixMapping&) = delete;
  ~PosixMapping() override {
    if (!bytes_.empty()) ::munmap(start(), bytes_.size());
  }

  void forget() const override {
    if (!bytes_.empty()) ::madvise(start(), bytes_.size(), MADV_DONTNEED);
  }
  bool in_memory([[maybe_unused]] const void* at) const override {
#if defined(__linux__)
    unsigned char held = 1;
    // The end of the mapping is no place in it.
    if (at >= bytes_.data() + bytes_.size()) return true;
    return ::mincore(page_of(at), 1, &held) != 0 || (held & 1) != 0;
#else
    return true;
#endif
  }
  void read_ahead(const void* at, std::size_t bytes) const override {
    if (bytes == 0) return;
    char* const begin = page_of(at);
    const auto before = static_cast<std::size_t>(static_cast<const char*>(at) - begin);
    ::madvise(begin, before + bytes, MADV_WILLNEED);  // advice: nothing hangs on it
  }

 private:
  void* start() const { return const_cast<char*>(bytes_.data()); }
  // The mapping begins with a page.
  char* page_of(const void* at) const {
    const auto from = static_cast<std::size_t>(static_cast<const char*>(at) - bytes_.data());
    return const_cast<char*>(bytes_.data()) + from / page_bytes() * page_bytes();
  }
};

// What was written is on the disk itself, not in a cache of the drive.
bool sync_to_disk(int file) {
#if defined(__APPLE__)
  if (::fcntl(file, F_FULLFSYNC) == 0) return true;
#endif
  return ::fsync(file) == 0;
}

class PosixFile : public NewFile {
 public:
  PosixFile(Descriptor file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}

  void write(std::string_view bytes) override {
    while (!bytes.empty()) {
      const ssize_t written = ::write(file_.get(), bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail("write", path_);
      if (written == 0) throw FileError(EIO, "write", path_);
      bytes.remove_prefix(static_cast<std::size_t>(written));
      start_writing(written);
    }
  }
  void sync() override {
    if (!sync_to_disk(file_.get())) fail("write to disk", path_);
  }

 private:
  // The disk may begin while more is made, so that sync() has less to wait for. What it says then
  // of a disk that is broken or full is a failed write, and not to be heard again from sync()
  // everywhere; that it cannot do this at all means nothing. That it begins says nothing either:
  // only sync() tells that bytes are on disk. (The flags that wait would take an error away from
  // sync(); this one does not.)
  void start_writing([[maybe_unused]] ssize_t written) {
#if defined(__linux__)
    constexpr off_t kStep = off_t{8} << 20;
    waiting_ += written;
    if (waiting_ < kStep) return;
    if (::sync_file_range(file_.get(), begun_, waiting_, SYNC_FILE_RANGE_WRITE) != 0 &&
        (errno == EIO || errno == ENOSPC || errno == EDQUOT)) {
      fail("write", path_);
    }
    begun_ += waiting_;
    waiting_ = 0;
#endif
  }

  Descriptor file_;
  std::string path_;
  off_t begun_ = 0;    // bytes that the system was told to write
  off_t waiting_ = 0;  // behind them
};

class PosixFolder : public Folder {
 public:
  PosixFolder(Descriptor folder, std::string path)
      : folder_(std::move(folder)), path_(std::move(path)) {}

  std::shared_ptr<const Mapping> map(const std::string& name) override {
    // Not to wait for the other end of a pipe that somebody put there.
    const Descriptor file(
        ::openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.get() < 0) {
      if (errno == ENOENT) return nullptr;
      if (errno == ELOOP) throw ArchiveError(name, "is a link, not a file");
      fail("open", at(name));
    }
    struct stat about{};
    if (::fstat(file.get(), &about) != 0) fail("look at", at(name));
    if (!S_ISREG(about.st_mode)) throw ArchiveError(name, "is not a regular file");
    return std::make_shared<PosixMapping>(file, static_cast<std::size_t>(about.st_size), at(name));
  }

  std::unique_ptr<NewFile> create(const std::string& name) override {
    // A link of that name is not followed, but replaced.
    if (::unlinkat(folder_.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
      fail("replace", at(name));
    }
    Descriptor file(::openat(folder_.get(), name.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666));
    if (file.get() < 0) fail("create", at(name));
    return std::make_unique<PosixFile>(std::move(file), at(name));
  }

  void rename(const std::string& from, const std::string& to) override {
    if (::renameat(folder_.get(), from.c_str(), folder_.get(), to.c_str()) != 0) {
      fail("rename", at(from));
    }
  }

  void remove(const std::string& name) override {
    if (::unlinkat(folder_.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
      fail("remove", at(name));
    }
  }

  std::vector<std::string> list() override {
    const int copy = ::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) fail("list", path_);
    DIR* const stream = ::fdopendir(copy);
    if (stream == nullptr) {
      ::close(copy);
      fail("list", path_);
    }
    std::vector<std::string> names;
    // The stream is this call's own.
    while (const dirent* entry = ::readdir(stream)) {  // NOLINT(concurrency-mt-unsafe)
      const std::string_view name = entry->d_name;
      if (name != "." && name != "..") names.emplace_back(name);
    }
    ::closedir(stream);
    return names;
  }

  void sync() override {
    if (!sync_to_disk(folder_.get())) fail("write to disk", path_);
  }

  bool lock() override {
    const std::string name(format::kLockName);
    Descriptor file(::openat(folder_.get(), name.c_str(),
                             O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666));
    if (file.get() < 0) fail("open", at(name));
    if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) return false;
      fail("lock", at(name));
    }
    lock_ = std::make_unique<Descriptor>(std::move(file));
    return true;
  }

  const std::string& path() const override { return path_; }

 private:
  std::string at(const std::string& name) const { return path_ + "/" + name; }

  Descriptor folder_;
  std::string path_;
  std::unique_ptr<Descriptor> lock_;
};

}  // namespace

std::optional<std::uint64_t> mapped_bytes() {
#if defined(__linux__)
  // Pages: of the address space, in memory, of these those of files.
  const Descriptor file(::open("/proc/self/statm", O_RDONLY | O_CLOEXEC));
  std::array<char, 128> line{};
  if (file.get() < 0 || ::read(file.get(), line.data(), line.size() - 1) <= 0) return std::nullopt;
  std::uint64_t pages = 0;
  const char* at = line.data();
  const char* const end = at + std::strlen(at);
  for (int field = 0; field < 3; ++field) {
    while (at != end && *at == ' ') ++at;
    const auto [next, error] = std::from_chars(at, end, pages);
    if (error != std::errc()) return std::nullopt;
    at = next;
  }
  return pages * page_bytes();
#else
  return std::nullopt;
#endif
}

std::shared_ptr<Folder> open_folder(const std::string& path, bool create) {
  if (create && ::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    fail("create the folder", path);
  }
  Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) fail("open the folder", path);
  return std::make_shared<PosixFolder>(std::move(folder), path);
}

}  // namespace wirecopy

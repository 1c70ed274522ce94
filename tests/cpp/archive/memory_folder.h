// A folder in memory that can fail at any step, and lose power: what was not synced is then lost,
// kept or cut in half.
#pragma once

#include <cerrno>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wirecopy/archive/folder.h"
#include "wirecopy/archive/format.h"

namespace wirecopy::testing {

// The process is gone: nothing of it runs any more.
struct Killed : std::runtime_error {
  Killed() : std::runtime_error("killed") {}
};

enum class Fault {
  kError,    // the step fails and does nothing
  kNoSpace,  // a write puts down half of it, then fails
  kKill,     // the process ends before the step
  kTorn,     // ... in the middle of a write
};

enum class Loss {
  kNothing,
  kUnsynced,
  kHalfOfUnsynced,
  kNewNames,  // but for the manifest's: names reach the disk in whatever order
};

struct File {
  std::string bytes;
  std::string durable;
};

// What outlives a process.
struct Disk {
  std::map<std::string, std::shared_ptr<File>> names;
  std::map<std::string, std::shared_ptr<File>> durable;
  bool locked = false;

  void lose(Loss loss) {
    if (loss == Loss::kNothing) return;
    if (loss == Loss::kUnsynced) names = durable;
    if (loss == Loss::kNewNames) {
      std::erase_if(names, [&](const auto& name) {
        return name.first != format::kManifestName && !durable.contains(name.first);
      });
    }
    for (auto& [name, file] : names) {
      if (loss == Loss::kUnsynced) {
        file->bytes = file->durable;
      } else if (loss == Loss::kHalfOfUnsynced && file->bytes != file->durable) {
        file->bytes.resize((file->durable.size() + file->bytes.size()) / 2);
      }
    }
    durable = names;
    for (auto& [name, file] : names) file->durable = file->bytes;
  }
};

class MemoryMapping : public Mapping {
 public:
  explicit MemoryMapping(std::string bytes)
      : memory_(bytes.size() / 8 + 1) {  // aligned, with a known end
    const auto at = reinterpret_cast<char*>(memory_.data());
    bytes.copy(at, bytes.size());
    bytes_ = {at, bytes.size()};
  }

 private:
  std::vector<std::uint64_t> memory_;
};

class MemoryFolder : public Folder {
 public:
  static constexpr long kNever = -1;

  explicit MemoryFolder(std::shared_ptr<Disk> disk, long fail_at = kNever,
                        Fault fault = Fault::kError)
      : disk_(std::move(disk)), fail_at_(fail_at), fault_(fault) {}
  MemoryFolder(const MemoryFolder&) = delete;
  MemoryFolder& operator=(const MemoryFolder&) = delete;
  ~MemoryFolder() override {
    if (owner_) disk_->locked = false;
  }

  long steps() const { return steps_; }
  bool failed() const { return fail_at_ != kNever && steps_ > fail_at_; }

  std::shared_ptr<const Mapping> map(const std::string& name) override {
    if (killed_) throw Killed();
    const auto at = disk_->names.find(name);
    return at == disk_->names.end() ? nullptr : std::make_shared<MemoryMapping>(at->second->bytes);
  }
  std::unique_ptr<NewFile> create(const std::string& name) override {
    step();
    disk_->names[name] = std::make_shared<File>();
    return std::make_unique<Writing>(*this, disk_->names[name]);
  }
  void rename(const std::string& from, const std::string& to) override {
    step();
    disk_->names[to] = disk_->names.at(from);
    disk_->names.erase(from);
  }
  void remove(const std::string& name) override {
    step();
    disk_->names.erase(name);
  }
  std::vector<std::string> list() override {
    std::vector<std::string> names;
    for (const auto& [name, file] : disk_->names) names.push_back(name);
    return names;
  }
  void sync() override {
    step();
    disk_->durable = disk_->names;
  }
  bool lock() override {
    if (disk_->locked) return false;
    return owner_ = disk_->locked = true;
  }
  const std::string& path() const override { return path_; }

 private:
  class Writing : public NewFile {
   public:
    Writing(MemoryFolder& folder, std::shared_ptr<File> file)
        : folder_(folder), file_(std::move(file)) {}
    void write(std::string_view bytes) override {
      folder_.step([&] { file_->bytes += bytes.substr(0, bytes.size() / 2); });
      file_->bytes += bytes;
    }
    void sync() override {
      folder_.step();
      file_->durable = file_->bytes;
    }

   private:
    MemoryFolder& folder_;
    std::shared_ptr<File> file_;
  };

  void step() {
    step([] {});
  }
  template <typename Half>
  void step(Half half) {
    if (killed_) throw Killed();
    if (steps_++ != fail_at_) return;
    if (fault_ == Fault::kNoSpace || fault_ == Fault::kTorn) half();
    if (fault_ == Fault::kKill || fault_ == Fault::kTorn) {
      killed_ = true;
      throw Killed();
    }
    throw FileError(fault_ == Fault::kNoSpace ? ENOSPC : EIO, "write", "memory");
  }

  std::shared_ptr<Disk> disk_;
  std::string path_ = "memory";
  long fail_at_;
  Fault fault_;
  long steps_ = 0;
  bool killed_ = false;
  bool owner_ = false;
};

}  // namespace wirecopy::testing

// Whatever step of whatever change fails, or is the last of its process: the archive opens with
// everything that was acknowledged, and nothing half-added.
#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <functional>
#include <map>
#include <random>

#include "corpus.h"
#include "memory_folder.h"
#include "wirecopy/archive/archive.h"
#include "wirecopy/archive/finder.h"

namespace wirecopy {
namespace {

using namespace testing;

// Everything that is to be seen of an archive: its texts by id.
using State = std::map<std::string, std::string>;

ArchiveSettings small_settings() {
  ArchiveSettings settings;
  settings.texts = true;
  settings.shingle_size = 3;
  return settings;
}

State state_of(const Snapshot& snapshot) {
  State state;
  Unpacker unpacker;
  for (const std::uint64_t place : snapshot.all()) {
    const auto [part, text] = snapshot.at(place);
    EXPECT_TRUE(state.emplace(part->segment->id(text), part->segment->text(text, unpacker)).second);
  }
  return state;
}

const Run kRun{.threads = 2};

struct Change {
  const char* name;
  std::function<void(Archive&)> make;
};

// One of each kind, so many adds among them that segments are merged.
std::vector<Change> changes() {
  static const std::vector<std::string> articles = make_articles(60, 7);
  static const std::vector<std::string> others = make_articles(60, 8);
  const auto add = [](const std::vector<std::string>& texts, std::size_t begin, std::size_t end,
                      bool replace, std::uint64_t memory) {
    return [=, &texts](Archive& archive) {
      const Batch batch(texts, begin, end);
      archive.add(batch.texts, replace, memory, kRun);
    };
  };
  std::vector<Change> all{{"add", add(articles, 0, 10, false, 0)},
                          {"add in pieces", add(articles, 10, 30, false, 3000)}};
  for (std::size_t i = 30; i < 36; ++i)
    all.push_back({"add one", add(articles, i, i + 1, false, 0)});
  all.push_back({"remove", [](Archive& archive) { archive.remove(ids_of({3, 11, 32}), false); }});
  all.push_back({"replace", add(others, 5, 14, true, 0)});
  all.push_back({"compact", [](Archive& archive) { archive.compact(kRun); }});
  all.push_back({"add after", add(articles, 40, 45, false, 0)});
  all.push_back({"remove after", [](Archive& archive) { archive.remove(ids_of({41}), false); }});
  return all;
}

// What is to be seen before the first change and after each.
std::vector<State> expected_states() {
  const auto disk = std::make_shared<Disk>();
  Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
  std::vector<State> states{state_of(*archive.snapshot())};
  for (const Change& change : changes()) {
    change.make(archive);
    states.push_back(state_of(*archive.snapshot()));
  }
  return states;
}

long count_steps() {
  const auto disk = std::make_shared<Disk>();
  const auto folder = std::make_shared<MemoryFolder>(disk);
  Archive archive(folder, Archive::Mode::kWrite, small_settings());
  for (const Change& change : changes()) change.make(archive);
  return folder->steps();
}

void expect_sound(const Snapshot& snapshot) {
  for (const Snapshot::Part& part : snapshot.parts()) {
    for (const auto& problem : part.segment->verify(kRun)) {
      ADD_FAILURE() << part.segment->name() << ": " << problem.block << ": " << problem.problem;
    }
  }
}

// Opens what is left as a reader and then as a writer, which goes on with the changes.
void expect_goes_on(const std::shared_ptr<Disk>& disk, const std::vector<State>& states,
                    std::size_t done, bool existed) {
  std::size_t at = done;
  if (existed) {
    const Archive reader(std::make_shared<MemoryFolder>(disk), Archive::Mode::kRead);
    const State found = state_of(*reader.snapshot());
    expect_sound(*reader.snapshot());
    if (done + 1 < states.size() && found == states[done + 1]) ++at;
    ASSERT_EQ(found, states[at]);
  }
  Archive writer(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
  ASSERT_EQ(state_of(*writer.snapshot()), states[at]);
  std::size_t files = 0;
  for (const auto& [name, file] : disk->names) files += is_segment_name(name);
  EXPECT_EQ(files, writer.snapshot()->parts().size()) << "files that no manifest names";
  EXPECT_FALSE(disk->names.contains("MANIFEST.new"));
  const std::vector<Change> all = changes();
  for (std::size_t i = at; i < all.size(); ++i) all[i].make(writer);
  EXPECT_EQ(state_of(*writer.snapshot()), states.back());
}

class Crash : public ::testing::TestWithParam<Loss> {};

TEST_P(Crash, AtEveryStep) {
  const std::vector<State> states = expected_states();
  const std::vector<Change> all = changes();
  const long steps = count_steps();
  ASSERT_GT(steps, 100);
  for (const Fault fault : {Fault::kKill, Fault::kTorn}) {
    for (long step = 0; step < steps; ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      const auto disk = std::make_shared<Disk>();
      std::size_t done = 0;
      bool made = false;
      {
        const auto folder = std::make_shared<MemoryFolder>(disk, step, fault);
        try {
          Archive archive(folder, Archive::Mode::kWrite, small_settings());
          made = true;
          for (const Change& change : all) {
            change.make(archive);
            ++done;
          }
          FAIL() << "was not killed";
        } catch (const Killed&) {
        }
      }
      disk->lose(GetParam());
      const bool existed = disk->names.contains("MANIFEST");
      ASSERT_TRUE(existed || !made);
      expect_goes_on(disk, states, done, existed);
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Power, Crash,
                         ::testing::Values(Loss::kNothing, Loss::kUnsynced, Loss::kHalfOfUnsynced,
                                           Loss::kNewNames),
                         [](const auto& about) {
                           switch (about.param) {
                             case Loss::kNothing: return "Stays";
                             case Loss::kUnsynced: return "LosesWhatIsNotSynced";
                             case Loss::kNewNames: return "LosesNewNames";
                             default: return "LosesHalfOfWhatIsNotSynced";
                           }
                         });

// The disk is full, or broken, for one step; the process goes on.
TEST(Failure, AtEveryStep) {
  const std::vector<State> states = expected_states();
  const std::vector<Change> all = changes();
  const long steps = count_steps();
  for (const Fault fault : {Fault::kError, Fault::kNoSpace}) {
    for (long step = 0; step < steps; ++step) {
      SCOPED_TRACE("step " + std::to_string(step));
      const auto disk = std::make_shared<Disk>();
      auto folder = std::make_shared<MemoryFolder>(disk, step, fault);
      std::unique_ptr<Archive> archive;
      try {
        archive = std::make_unique<Archive>(folder, Archive::Mode::kWrite, small_settings());
      } catch (const FileError&) {
        folder.reset();
        folder = std::make_shared<MemoryFolder>(disk);
        archive = std::make_unique<Archive>(folder, Archive::Mode::kWrite, small_settings());
      }
      for (std::size_t i = 0; i < all.size(); ++i) {
        SCOPED_TRACE(all[i].name);
        try {
          all[i].make(*archive);
        } catch (const FileError&) {
          const State now = state_of(*archive->snapshot());
          if (now == states[i + 1]) continue;  // published; old files could not be deleted
          ASSERT_EQ(now, states[i]);
          try {
            all[i].make(*archive);  // the step fails only once
          } catch (const InputError&) {
            // It is not known what is on disk: opened again, it is one or the other.
            archive.reset();
            folder.reset();
            folder = std::make_shared<MemoryFolder>(disk);
            archive = std::make_unique<Archive>(folder, Archive::Mode::kWrite);
            const State found = state_of(*archive->snapshot());
            if (found == states[i + 1]) continue;
            ASSERT_EQ(found, states[i]);
            all[i].make(*archive);
          }
        }
        ASSERT_EQ(state_of(*archive->snapshot()), states[i + 1]);
      }
      expect_sound(*archive->snapshot());
    }
  }
}

#if defined(__linux__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
// A full disk does not leave the memory of the attempt with the archive.
TEST(Failure, GivesBackWhatItTook) {
  const auto resident = [] {
    std::ifstream status("/proc/self/statm");
    std::uint64_t all = 0;
    std::uint64_t pages = 0;
    status >> all >> pages;
    return pages * 4096;
  };
  std::mt19937_64 random(1);
  std::string text;
  while (text.size() < (std::size_t{2} << 20)) {
    for (int i = 0; i < 4; ++i) text += static_cast<char>('a' + random() % 26);
    text += ' ';
  }
  const std::vector<std::string> articles(110, text);  // 8 bytes for each of 46 million shingles
  const Batch batch(articles, 0, articles.size());
  const auto folder = std::make_shared<MemoryFolder>(std::make_shared<Disk>(), 6, Fault::kNoSpace);
  Archive archive(folder, Archive::Mode::kWrite, ArchiveSettings{});
  const std::uint64_t before = resident();
  EXPECT_THROW(archive.add(batch.texts, false, std::uint64_t{4} << 30, kRun), FileError);
  EXPECT_LT(resident(), before + (std::uint64_t{200} << 20));
}
#endif

TEST(Archive, OneWriterManyReaders) {
  const auto disk = std::make_shared<Disk>();
  const std::vector<std::string> articles = make_articles(30, 3);
  Archive writer(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
  EXPECT_THROW(Archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite), InputError);
  const Batch first(articles, 0, 10);
  writer.add(first.texts, false, 0, kRun);
  Archive reader(std::make_shared<MemoryFolder>(disk), Archive::Mode::kRead);
  const State before = state_of(*reader.snapshot());
  EXPECT_EQ(before.size(), 10);
  const Batch second(articles, 10, 30);
  writer.add(second.texts, false, 0, kRun);
  writer.remove(ids_of({0, 1}), false);
  writer.compact(kRun);
  EXPECT_EQ(state_of(*reader.snapshot()), before);  // though its files are deleted
  EXPECT_TRUE(reader.refresh());
  EXPECT_FALSE(reader.refresh());
  EXPECT_EQ(state_of(*reader.snapshot()), state_of(*writer.snapshot()));
  EXPECT_EQ(reader.snapshot()->size(), 28);
  EXPECT_THROW(reader.remove(ids_of({5}), false), InputError);
}

TEST(Archive, RefusesIdsThatAreThere) {
  const auto disk = std::make_shared<Disk>();
  const std::vector<std::string> articles = make_articles(30, 3);
  Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
  const Batch first(articles, 0, 10);
  archive.add(first.texts, false, 0, kRun);
  const Batch overlapping(articles, 8, 12);
  try {
    archive.add(overlapping.texts, false, 0, kRun);
    FAIL();
  } catch (const InputError& error) {
    EXPECT_EQ(error.row(), 0);
    EXPECT_STREQ(error.what(), "ids[0]: is 8, which is in the archive already");
  }
  EXPECT_EQ(archive.snapshot()->size(), 10);
  EXPECT_THROW(archive.remove(ids_of({2, 77}), false), InputError);
  EXPECT_EQ(archive.remove(ids_of({2, 77, 2}), true), 1);
  const Batch again(articles, 2, 3);
  EXPECT_NO_THROW(archive.add(again.texts, false, 0, kRun));  // it was removed
}

TEST(Archive, RemovedBytesAreGoneAfterCompaction) {
  const auto disk = std::make_shared<Disk>();
  std::vector<std::string> articles = make_articles(20, 3);
  articles[7] = "secret words that nobody may read any more";
  Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
  const Batch batch(articles, 0, 20);
  archive.add(batch.texts, false, 0, kRun);
  const auto holds = [&] {
    const Fingerprint print = fingerprint(articles[7].data(), articles[7].size());
    const std::string_view trace(reinterpret_cast<const char*>(&print), sizeof print);
    for (const auto& [name, file] : disk->names) {
      if (file->bytes.find(trace) != std::string::npos) return true;
    }
    Unpacker unpacker;  // its bytes are not seen in a compressed block
    for (const Snapshot::Part& part : archive.snapshot()->parts()) {
      for (std::size_t i = 0; i < part.segment->size(); ++i) {
        if (part.segment->text(i, unpacker) == articles[7]) return true;
      }
    }
    return false;
  };
  archive.remove(ids_of({7}), false);
  EXPECT_TRUE(holds());
  archive.compact(kRun);
  EXPECT_FALSE(holds());
  EXPECT_EQ(archive.snapshot()->size(), 19);
}

}  // namespace
}  // namespace wirecopy

// An archive finds what find_matches finds over all texts at once, however they were added.
#include "wirecopy/archive/finder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "corpus.h"
#include "memory_folder.h"
#include "wirecopy/archive/archive.h"
#include "wirecopy/archive/judging.h"
#include "wirecopy/match/candidates.h"
#include "wirecopy/match/groups.h"

namespace wirecopy {
namespace {

using namespace testing;

using Pairs = std::vector<std::tuple<std::int64_t, std::int64_t, std::uint32_t>>;

std::int64_t number(std::string_view id) {
  std::int64_t value = 0;
  id.copy(reinterpret_cast<char*>(&value), sizeof value);
  return value;
}

std::int64_t id_at(const Snapshot& snapshot, std::uint64_t place) {
  const auto [part, text] = snapshot.at(place);
  return number(part->segment->id(text));
}

TextColumn column_of(const std::vector<std::string>& articles) {
  TextColumn column;
  for (const std::string& article : articles) column.push_back(article);
  return column;
}

// By find_matches, twins spread out; rows before `split` against those from it on, if not 0.
Pairs by_dedup(const std::vector<std::string>& articles, const Similarity& rule,
               std::size_t split = 0) {
  const TextColumn column = column_of(articles);
  DedupOptions options;
  options.rule = rule;
  options.shingle_size = 3;
  options.split = split;
  const Matches matches = find_matches(column, options, wirecopy::Run{.threads = 2});
  const Buckets twins = twins_of(matches);
  Pairs pairs;
  const auto put = [&](DocId a, DocId b, std::uint32_t shared) {
    pairs.emplace_back(std::min(a, b), std::max(a, b), shared);
  };
  for (const Pair& pair : matches.pairs) {
    for (const DocId a : twins[pair.a]) {
      for (const DocId b : twins[pair.b]) put(a, b, pair.shared);
    }
  }
  for (DocId first = 0; split == 0 && first < articles.size(); ++first) {
    const auto same = twins[first];
    for (std::size_t i = 0; i < same.size(); ++i) {
      for (std::size_t j = i + 1; j < same.size(); ++j) {
        put(same[i], same[j], matches.set_size[first]);
      }
    }
  }
  std::ranges::sort(pairs);
  return pairs;
}

ArchiveSettings small_settings() {
  ArchiveSettings settings;
  settings.shingle_size = 3;
  return settings;
}

const std::vector<Similarity> kRules = {
    {.measure = Measure::kJaccard, .threshold = 0.5},
    {.measure = Measure::kJaccard, .threshold = 0.8, .min_shared = 4},
    {.measure = Measure::kJaccard, .threshold = 0.05},
    {.measure = Measure::kJaccard, .threshold = 1},
    {.measure = Measure::kContainment, .threshold = 0.8, .min_shared = 5},
    {.measure = Measure::kContainment, .threshold = 0.3, .min_shared = 1, .min_ratio = 0.4},
    {.measure = Measure::kOverlap, .threshold = 10},
};

TEST(Finder, InWhateverBatches) {
  const std::vector<std::string> articles = make_articles(400, 11);
  for (const std::size_t batch : {std::size_t{400}, std::size_t{150}, std::size_t{37}}) {
    const auto disk = std::make_shared<Disk>();
    Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
    for (std::size_t begin = 0; begin < articles.size(); begin += batch) {
      const Batch some(articles, begin, std::min(begin + batch, articles.size()));
      archive.add(some.texts, false, batch == 400 ? 20'000 : 0, wirecopy::Run{.threads = 2});
    }
    const auto snapshot = archive.snapshot();
    EXPECT_EQ(snapshot->parts().size() > 1, batch < 400);  // eight and more were merged
    for (const Similarity& rule : kRules) {
      const Answer answer = match_before(*snapshot, 0, rule, {}, wirecopy::Run{.threads = 2});
      Pairs pairs;
      for (const Found& one : answer.found) {
        pairs.emplace_back(id_at(*snapshot, one.place), id_at(*snapshot, one.row), one.shared);
      }
      std::ranges::sort(pairs);
      const Pairs expected = by_dedup(articles, rule);
      EXPECT_GT(expected.size(), 20);
      EXPECT_EQ(pairs, expected);
    }
  }
}

TEST(Finder, NewTextsAgainstTheArchive) {
  const std::vector<std::string> articles = make_articles(500, 12);
  const std::size_t split = 120;
  const std::vector<std::string> news(articles.begin(), articles.begin() + split);
  const auto disk = std::make_shared<Disk>();
  Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
  for (std::size_t begin = split; begin < articles.size(); begin += 60) {
    const Batch some(articles, begin, std::min(begin + 60, articles.size()));
    archive.add(some.texts, false, 0, wirecopy::Run{.threads = 1});
  }
  const TextColumn column = column_of(news);
  for (const Similarity& rule : kRules) {
    const Pairs expected = by_dedup(articles, rule, split);
    EXPECT_FALSE(expected.empty());
    for (const int threads : {1, 3}) {
      const Answer answer = match_texts(*archive.snapshot(), column, column, rule,
                                        {.max_found = 0, .max_memory = threads == 3 ? 1000u : 0u},
                                        wirecopy::Run{.threads = threads});
      Pairs pairs;
      for (const Found& one : answer.found) {
        pairs.emplace_back(one.row, id_at(*archive.snapshot(), one.place), one.shared);
      }
      EXPECT_TRUE(std::ranges::is_sorted(pairs));
      EXPECT_EQ(pairs, expected);
    }
    EXPECT_THROW(match_texts(*archive.snapshot(), column, column, rule, {.max_found = 1},
                             wirecopy::Run{.threads = 1}),
                 InputError);
  }
}

// A mapping of which a test answers something itself.
class Wrapped : public Mapping {
 public:
  explicit Wrapped(std::shared_ptr<const Mapping> file) : file_(std::move(file)) {
    bytes_ = file_->bytes();
  }

 private:
  std::shared_ptr<const Mapping> file_;
};

// Lets it be counted how often memory is let go of.
class CountingFolder : public MemoryFolder {
 public:
  using MemoryFolder::MemoryFolder;

  std::shared_ptr<const Mapping> map(const std::string& name) override {
    const auto file = MemoryFolder::map(name);
    return file == nullptr ? nullptr : std::make_shared<Counting>(file, forgotten);
  }

  int forgotten = 0;

 private:
  class Counting : public Wrapped {
   public:
    Counting(std::shared_ptr<const Mapping> file, int& forgotten)
        : Wrapped(std::move(file)), forgotten_(forgotten) {}
    void forget() const override { ++forgotten_; }

   private:
    int& forgotten_;
  };
};

TEST(Finder, LetsGoOfWhatItReadWhenThatIsTooMuch) {
  const std::vector<std::string> articles = make_articles(2000, 14);
  const auto disk = std::make_shared<Disk>();
  const auto folder = std::make_shared<CountingFolder>(disk);
  Archive archive(folder, Archive::Mode::kWrite, small_settings());
  const Batch all(articles, 0, articles.size());
  archive.add(all.texts, false, 0, wirecopy::Run{.threads = 1});
  const auto snapshot = archive.snapshot();
  const std::uint64_t bytes = snapshot->parts()[0].segment->file_bytes();
  const auto times = [&](std::uint64_t max_memory) {
    folder->forgotten = 0;
    match_before(*snapshot, 0, kRules[0], {.max_memory = max_memory}, wirecopy::Run{.threads = 1});
    return folder->forgotten;
  };
  EXPECT_EQ(times(0), 0);
  // Windows at either end; the answer counts too.
  EXPECT_EQ(times(2 * bytes + (4 << 20)), 2);  // at both ends
  EXPECT_GT(times(bytes / 2), 2);
  EXPECT_GT(times(1), 1500);  // for each text that is looked up
}

// Verdicts too, which read the sets of everything that was found.
TEST(Finder, VerdictsLetGoToo) {
  const std::vector<std::string> articles = make_articles(2000, 14);
  const auto disk = std::make_shared<Disk>();
  const auto folder = std::make_shared<CountingFolder>(disk);
  ArchiveSettings settings = small_settings();
  settings.texts = true;
  Archive archive(folder, Archive::Mode::kWrite, settings);
  const Batch all(articles, 0, articles.size());
  archive.add(all.texts, false, 0, wirecopy::Run{.threads = 1});
  const auto snapshot = archive.snapshot();
  const Answer answer = match_before(*snapshot, 0, kRules[0], {}, wirecopy::Run{.threads = 1});
  ASSERT_GT(answer.found.size(), 1000);
  const auto judged = [&](std::uint64_t max_memory) {
    folder->forgotten = 0;
    return judge_found(snapshot, answer, {.max_memory = max_memory}, wirecopy::Run{.threads = 1});
  };
  const auto verdicts = judged(0);
  EXPECT_EQ(folder->forgotten, 0);
  EXPECT_EQ(judged(std::uint64_t{1} << 30), verdicts);
  EXPECT_EQ(folder->forgotten, 2);  // at both ends
  EXPECT_EQ(judged(1), verdicts);
  EXPECT_GT(folder->forgotten, 2000);  // for almost each text, by its set alone
}

// However few texts there are: what counts are their bytes.
TEST(Finder, WritingAndVerifyingLetGoByBytes) {
  const auto disk = std::make_shared<Disk>();
  const auto folder = std::make_shared<CountingFolder>(disk);
  ArchiveSettings settings = small_settings();
  settings.texts = true;
  std::vector<std::string> articles(6);
  std::mt19937_64 random(3);
  for (std::string& article : articles) {
    while (article.size() < (std::size_t{20} << 20)) article += std::to_string(random()) + " ";
  }
  Archive archive(folder, Archive::Mode::kWrite, settings);
  for (std::size_t i = 0; i < articles.size(); ++i) {
    const Batch one(articles, i, i + 1);
    archive.add(one.texts, false, 0, wirecopy::Run{.threads = 2});
  }
  folder->forgotten = 0;
  archive.remove(ids_of({0}), false);
  archive.compact(wirecopy::Run{.threads = 2});
  // 100 MB of texts and their sets; a time for each segment comes at the end.
  EXPECT_GT(folder->forgotten, 6);
  folder->forgotten = 0;
  EXPECT_TRUE(archive.snapshot()->parts()[0].segment->verify(wirecopy::Run{}).empty());
  EXPECT_GT(folder->forgotten, 0);
}

// Says that nothing is in memory, and keeps what it was told to read.
class ColdFolder : public MemoryFolder {
 public:
  using MemoryFolder::MemoryFolder;

  std::shared_ptr<const Mapping> map(const std::string& name) override {
    const auto file = MemoryFolder::map(name);
    return file == nullptr ? nullptr : std::make_shared<Cold>(file, told);
  }

  std::vector<std::pair<std::size_t, std::size_t>> told;  // begins and ends in their files

 private:
  class Cold : public Wrapped {
   public:
    Cold(std::shared_ptr<const Mapping> file,
         std::vector<std::pair<std::size_t, std::size_t>>& told)
        : Wrapped(std::move(file)), told_(told) {}
    bool in_memory(const void*) const override { return false; }
    void read_ahead(const void* at, std::size_t size) const override {
      const auto begin = static_cast<std::size_t>(static_cast<const char*>(at) - bytes_.data());
      ASSERT_LE(begin, bytes_.size());
      ASSERT_LE(size, bytes_.size() - begin);
      told_.emplace_back(begin, begin + size);
    }

   private:
    std::vector<std::pair<std::size_t, std::size_t>>& told_;
  };
};

TEST(Finder, AsksTheDiskForWhatItWillRead) {
  // Many, so that a question reads little of them, and what it reads lies far apart.
  const std::vector<std::string> articles = make_articles(6000, 16);
  const std::vector<std::string> news{*std::ranges::find_if(
      articles, [](const std::string& text) { return text.size() > 150 && text.size() < 250; })};
  const TextColumn column = column_of(news);
  for (const bool bands : {false, true}) {
    for (const bool sets : {true, false}) {
      if (!bands && !sets) continue;
      ArchiveSettings settings = small_settings();
      if (bands) {
        settings.keys = wirecopy::format::Keys::kBands;
        settings.permutations = 64;
        settings.banding = {.bands = 16, .rows = 4};
        settings.threshold = 0.5;
        settings.sets = sets;
      }
      const auto disk = std::make_shared<Disk>();
      const auto folder = std::make_shared<ColdFolder>(disk);
      Archive archive(folder, Archive::Mode::kWrite, settings);
      const Batch all(articles, 0, articles.size());
      archive.add(all.texts, false, 0, wirecopy::Run{.threads = 1});
      folder->told.clear();
      const Similarity rule{.threshold = 0.6};
      const Answer cold =
          match_texts(*archive.snapshot(), column, column, rule, {}, wirecopy::Run{.threads = 1});
      EXPECT_GE(cold.found.size(), 1);
      EXPECT_GT(folder->told.size(), cold.found.size());
      std::size_t bytes = 0;
      for (const auto& [begin, end] : folder->told) bytes += end - begin;
      EXPECT_GT(bytes, 0);
      Archive warm(std::make_shared<MemoryFolder>(disk), Archive::Mode::kRead, {});
      const Answer expected =
          match_texts(*warm.snapshot(), column, column, rule, {}, wirecopy::Run{.threads = 1});
      EXPECT_EQ(cold.found, expected.found);
    }
  }
}

TEST(Finder, ManyIdsAtOnce) {
  const std::vector<std::string> articles = make_articles(300, 15);
  const auto disk = std::make_shared<Disk>();
  Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
  for (std::size_t begin = 0; begin < articles.size(); begin += 100) {
    const Batch some(articles, begin, begin + 100);
    archive.add(some.texts, false, 0, wirecopy::Run{.threads = 1});
  }
  archive.remove(ids_of({7, 150, 299}), false);
  std::vector<std::int64_t> asked;
  for (std::int64_t id = 320; id >= -20; --id) asked.push_back(id);
  asked.push_back(44);
  const Strings ids = ids_of(asked);
  const auto places = archive.snapshot()->find_ids(ids);
  std::size_t found = 0;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(places[i], archive.snapshot()->find_id(ids[i])) << asked[i];
    found += places[i].has_value();
  }
  EXPECT_EQ(found, 298);
}

TEST(Finder, NothingThatWasRemoved) {
  std::vector<std::string> articles = make_articles(200, 13);
  const auto disk = std::make_shared<Disk>();
  Archive archive(std::make_shared<MemoryFolder>(disk), Archive::Mode::kWrite, small_settings());
  const Batch all(articles, 0, articles.size());
  archive.add(all.texts, false, 0, wirecopy::Run{.threads = 2});
  std::vector<std::int64_t> gone;
  for (std::int64_t id = 0; id < 200; id += 3) gone.push_back(id);
  archive.remove(ids_of(gone), false);
  for (const std::int64_t id : gone) articles[static_cast<std::size_t>(id)] = "";
  const Pairs expected = by_dedup(articles, kRules[0]);
  for (const bool compacted : {false, true}) {
    if (compacted) archive.compact(wirecopy::Run{.threads = 2});
    const TextColumn column = column_of(articles);
    const Answer answer = match_texts(*archive.snapshot(), column, column, kRules[0], {},
                                      wirecopy::Run{.threads = 2});
    Pairs pairs;
    for (const Found& one : answer.found) {
      const std::int64_t id = id_at(*archive.snapshot(), one.place);
      if (one.row < id) pairs.emplace_back(one.row, id, one.shared);
    }
    std::ranges::sort(pairs);
    EXPECT_EQ(pairs, expected);
  }
}

}  // namespace
}  // namespace wirecopy

// The steps from a text to the size of an intersection, each on one thread, on every instruction
// set of this machine (or the one WIRECOPY_CPU names): MB/s of UTF-8, and time over one XXH3-64
// pass over the same bytes.
//
//   wirecopy_shingles_bench texts.nul [repeats]     (texts separated by NUL; see README.md)
//
// A step's time is the processor time of the best repeat, so that a busy machine shows little.
#include <time.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/cpu.h"
#include "wirecopy/base/hash.h"
#include "wirecopy/match/intersect.h"
#include "wirecopy/sketch/minhash.h"
#include "wirecopy/sketch/shingles.h"
#include "wirecopy/sketch/word_hash.h"
#include "wirecopy/text/words.h"

namespace {

using Set = std::vector<std::uint64_t>;

double thread_seconds() {
  timespec t{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

template <typename Work>
double best_of(int repeats, const Work& work) {
  double best = std::numeric_limits<double>::infinity();
  for (int i = 0; i < repeats; ++i) {
    const double from = thread_seconds();
    work();
    best = std::min(best, thread_seconds() - from);
  }
  return best;
}

// Every answer goes in here, so that none is optimized away; printed, to compare the paths by.
struct Checksum {
  std::uint64_t value = 0;
  void add(std::uint64_t x) { value = (value ^ x) * 0x9E3779B97F4A7C15ull; }
};

struct Corpus {
  std::string bytes;
  std::vector<std::string_view> texts;
};

Corpus read_corpus(const std::string& path) {
  Corpus corpus;
  std::ifstream file(path, std::ios::binary);
  corpus.bytes.assign(std::istreambuf_iterator<char>(file), {});
  const std::string_view all = corpus.bytes;
  for (std::size_t at = 0; at < all.size();) {
    const std::size_t end = std::min(all.find('\0', at), all.size());
    if (end > at) corpus.texts.push_back(all.substr(at, end - at));
    at = end + 1;
  }
  return corpus;
}

// Sets for the intersections: of texts and of the same texts with every ninth shingle changed.
struct Sets {
  std::vector<Set> texts;
  std::vector<Set> edited;
  Set large;
  std::size_t values = 0;
};

Sets make_sets(const Corpus& corpus, std::size_t texts) {
  Sets sets;
  wirecopy::Shingler shingler(5);
  for (const std::string_view text : corpus.texts) {
    if (sets.texts.size() == texts) break;
    const auto set = shingler.set(text);
    if (set.empty()) continue;
    Set edited(set.begin(), set.end());
    for (std::size_t i = 0; i < edited.size(); i += 9) edited[i] *= 0x9E3779B97F4A7C15ull;
    std::sort(edited.begin(), edited.end());
    edited.erase(std::unique(edited.begin(), edited.end()), edited.end());
    sets.texts.emplace_back(set.begin(), set.end());
    sets.values += set.size();
    sets.large.insert(sets.large.end(), set.begin(), set.end());
    sets.edited.push_back(std::move(edited));
  }
  std::sort(sets.large.begin(), sets.large.end());
  sets.large.erase(std::unique(sets.large.begin(), sets.large.end()), sets.large.end());
  return sets;
}

class Bench {
 public:
  Bench(const Corpus& corpus, int repeats) : corpus_(corpus), repeats_(repeats) {
    for (const std::string_view text : corpus.texts) {
      megabytes_ += 1e-6 * static_cast<double>(text.size());
    }
    pass_ = best_of(repeats, [&] {
      for (const std::string_view text : corpus_.texts) sum_.add(wirecopy::hash_bytes(text));
    });
    std::printf("%zu texts, %.1f MB; one XXH3-64 pass a text: %.0f MB/s (checksum %016llx)\n",
                corpus.texts.size(), megabytes_, megabytes_ / pass_,
                static_cast<unsigned long long>(sum_.value));
    sum_ = {};
  }

  void run(wirecopy::CpuPath path) {
    wirecopy::force_cpu_path(path);
    path_ = wirecopy::cpu_path_name(path);
    wirecopy::WordScanner words;
    over_texts("scan", [&](std::string_view text) {
      words.scan(text);
      sum_.add(words.size());
    });
    wirecopy::WordHasher hasher;
    over_texts("scan, word hashes", [&](std::string_view text) {
      words.scan(text);
      sum_.add(words.size() == 0 ? 0 : hasher.hash(words)[words.size() - 1]);
    });
    wirecopy::Shingler shingler(5);
    over_texts("sequence", [&](std::string_view text) {
      const auto sequence = shingler.sequence(text);
      sum_.add(sequence.empty() ? 0 : sequence.back());
    });
    over_texts("set", [&](std::string_view text) {
      const auto set = shingler.set(text);
      sum_.add(set.size());
    });
    const wirecopy::MinHasher min_hasher(128, 1);
    std::vector<std::uint32_t> signature(min_hasher.size());
    over_texts("sequence, 128 minima", [&](std::string_view text) {
      min_hasher.sign(shingler.sequence(text), signature);
      sum_.add(signature[0]);
    });
    intersections();
    std::printf("%-8s %-24s %016llx\n", path_.c_str(), "checksum",
                static_cast<unsigned long long>(sum_.value));
    sum_ = {};
  }

 private:
  template <typename Step>
  void over_texts(const char* name, const Step& step) {
    const double seconds = best_of(repeats_, [&] {
      for (const std::string_view text : corpus_.texts) step(text);
    });
    std::printf("%-8s %-24s %7.0f MB/s %7.1f XXH3 passes\n", path_.c_str(), name,
                megabytes_ / seconds, seconds / pass_);
  }

  // Few sets stay in the second-level cache from one repeat to the next; many do not.
  void intersections() {
    const Sets few = make_sets(corpus_, 200);
    const Sets many = make_sets(corpus_, 2000);
    const auto report = [&](const char* name, const Sets& sets, std::size_t shift) {
      const std::size_t n = sets.texts.size();
      const double seconds = best_of(repeats_, [&] {
        for (std::size_t i = 0; i < n; ++i) {
          sum_.add(wirecopy::count_shared(sets.texts[i], sets.edited[(i + shift) % n], 0));
        }
      });
      std::printf("%-8s %-24s %7.0f million values/s\n", path_.c_str(), name,
                  2e-6 * static_cast<double>(sets.values) / seconds);
    };
    report("alike, few sets", few, 0);
    report("alike, many sets", many, 0);
    report("unlike, few sets", few, 1);
    report("unlike, many sets", many, 1);
    const double seconds = best_of(repeats_, [&] {
      for (const Set& edited : few.edited) {
        sum_.add(wirecopy::count_shared(edited, many.large, 0));
      }
    });
    std::printf("%-8s %-24s %7.0f million values/s of the smaller\n", path_.c_str(),
                "very unequal sizes", 1e-6 * static_cast<double>(few.values) / seconds);
  }

  const Corpus& corpus_;
  int repeats_;
  double megabytes_ = 0;
  double pass_ = 0;
  std::string path_;
  Checksum sum_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  int repeats = 5;
  if (arguments.size() == 3) {
    const std::string& wanted = arguments[2];
    std::from_chars(wanted.data(), wanted.data() + wanted.size(), repeats);
  }
  if (arguments.size() < 2 || arguments.size() > 3 || repeats < 1) {
    std::fprintf(stderr, "usage: wirecopy_shingles_bench texts.nul [repeats]\n");
    return 2;
  }
  const Corpus corpus = read_corpus(arguments[1]);
  if (corpus.texts.empty()) {
    std::fprintf(stderr, "%s: no texts\n", arguments[1].c_str());
    return 1;
  }
  try {
    Bench bench(corpus, repeats);
    if (std::getenv("WIRECOPY_CPU") != nullptr) {  // NOLINT(concurrency-mt-unsafe)
      bench.run(wirecopy::cpu_path());
    } else {
      for (const wirecopy::CpuPath path : wirecopy::available_cpu_paths()) bench.run(path);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
  return 0;
}

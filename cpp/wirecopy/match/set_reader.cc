#include "wirecopy/match/set_reader.h"

#include <absl/container/flat_hash_set.h>

#include <algorithm>

#include "wirecopy/sketch/shingles.h"

namespace wirecopy {

ReadSets read_sets(const TextColumn& texts, std::span<const DocId> wanted, int shingle_size,
                   const Repeats* repeats, bool keep, const std::shared_ptr<BufferPool>& pool,
                   const Run& run) {
  ReadSets sets;
  sets.text.assign(wanted.begin(), wanted.end());
  sets.size.resize(wanted.size());
  sets.print.resize(wanted.size());
  sets.shared.resize(wanted.size());
  sets.members.resize(wanted.size());
  const auto threads = static_cast<std::size_t>(run.threads);
  for (std::size_t i = 0; i < threads; ++i) sets.memory.emplace_back(pool);
  std::vector<Shingler> shinglers(threads, Shingler(shingle_size));
  std::vector<TextReader> readers(threads, TextReader(texts));
  const bool among_texts = repeats != nullptr && repeats->across() == Repeats::Across::kTexts;
  run.begin("reading candidates", wanted.size());
  parallel_for(run, wanted.size(), 64, [&](int w, std::size_t begin, std::size_t end) {
    const auto worker = static_cast<std::size_t>(w);
    for (std::size_t i = begin; i < end; ++i) {
      run.check();
      Shingler& shingler = shinglers[worker];
      auto shingles = shingler.sequence(readers[worker][wanted[i]]);
      std::span<std::uint64_t> members = sets.memory[worker].make(shingles.size());
      std::uint32_t alone = 0;  // members that are not repeated
      const auto keep_repeated = [&] {
        std::size_t count = 0;
        for (const std::uint64_t shingle : shingles) repeats->fetch(Repeats::half(shingle));
        for (const std::uint64_t shingle : shingles) {
          members[count] = shingle;
          count += repeats->repeated(Repeats::half(shingle));
        }
        alone = static_cast<std::uint32_t>(shingles.size() - count);
        shingles = members.first(count);
      };
      if (among_texts) {
        // What is not repeated is in this text once, so it need not be sorted to be counted.
        keep_repeated();
        shingles = shingler.as_set(shingles);
        std::ranges::copy(shingles, members.begin());
        if (alone == 0) sets.print[i] = fingerprint(shingles.data(), shingles.size_bytes());
      } else {
        shingles = shingler.as_set(shingles);
        sets.print[i] = fingerprint(shingles.data(), shingles.size_bytes());
        if (repeats != nullptr) {
          keep_repeated();
        } else {
          std::ranges::copy(shingles, members.begin());
        }
      }
      sets.shared[i] = static_cast<std::uint32_t>(shingles.size());
      sets.size[i] = sets.shared[i] + alone;
      if (keep) sets.members[i] = sets.memory[worker].take(shingles.size());
    }
    run.advance(end - begin);
  });
  return sets;
}

void drop_frequent(ReadSets& sets, std::uint32_t max_df, const Run& run) {
  // Part by part of the hashes, so that little is sorted at a time.
  constexpr std::size_t kParts = 64;
  constexpr int kShift = 64 - 6;
  std::vector<absl::flat_hash_set<std::uint64_t>> frequent(kParts);
  run.begin("counting shingles", kParts);
  parallel_for(run, kParts, 1, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t part = begin; part < end; ++part) {
      std::vector<std::uint64_t> found;
      for (const auto& members : sets.members) {
        const auto from = std::ranges::lower_bound(members, std::uint64_t{part} << kShift);
        for (auto it = from; it != members.end() && *it >> kShift == part; ++it) {
          found.push_back(*it);
        }
      }
      run.check();
      std::ranges::sort(found);
      for (std::size_t i = 0; i < found.size();) {
        std::size_t j = i;
        while (j < found.size() && found[j] == found[i]) ++j;
        if (j - i > max_df) frequent[part].insert(found[i]);
        i = j;
      }
    }
    run.advance(end - begin);
  });
  parallel_for(run, sets.members.size(), 64, [&](int, std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      auto& members = sets.members[i];
      const auto dropped = std::ranges::remove_if(members, [&](std::uint64_t member) {
        return frequent[member >> kShift].contains(member);
      });
      const auto count = static_cast<std::uint32_t>(dropped.size());
      members = members.first(members.size() - count);
      sets.size[i] -= count;
      sets.shared[i] -= count;
    }
  });
}

Sets in_slots(std::vector<Chosen> chosen, bool two_sides) {
  std::ranges::sort(chosen, [](const Chosen& x, const Chosen& y) {
    const std::uint32_t size_x = x.sets->size[x.index];
    const std::uint32_t size_y = y.sets->size[y.index];
    return size_x != size_y ? size_x < size_y : x.sets->text[x.index] < y.sets->text[y.index];
  });
  Sets slots;
  slots.text.reserve(chosen.size());
  slots.size.reserve(chosen.size());
  slots.members.reserve(chosen.size());
  for (const Chosen& one : chosen) {
    slots.text.push_back(one.sets->text[one.index]);
    slots.size.push_back(one.sets->size[one.index]);
    slots.members.emplace_back(one.sets->members[one.index]);
    if (two_sides) slots.second_side.push_back(one.second_side);
  }
  return slots;
}

}  // namespace wirecopy

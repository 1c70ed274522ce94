#include "wirecopy/sketch/fingerprints.h"

#include <algorithm>

namespace wirecopy {

FingerprintRule FingerprintRule::seeing(std::uint32_t words) {
  // Half the words are the window: shorter ones are shared by chance, and longer ones leave little
  // to choose from.
  constexpr std::uint32_t kLongest = 8;
  const std::uint32_t k = std::min((words + 1) / 2, kLongest);
  return {.words = k, .window = words - k + 1};
}

void Fingerprinter::read(std::string_view text) {
  hashes_.clear();
  positions_.clear();
  words_.scan(text);
  if (words_.size() < rule_.words) return;
  const std::size_t count = words_.size() - rule_.words + 1;
  if (windows_.size() < count) windows_.resize(count + count / 2);
  hash_windows(hasher_.hash(words_), rule_.words, count, windows_.data());
  if (rule_.window == 0) {
    sample(count);
  } else {
    winnow(count);
  }
}

void Fingerprinter::winnow(std::size_t count) {
  // A text of fewer windows than w chooses one of all.
  const std::size_t w = std::min<std::size_t>(rule_.window, count);
  const auto least_of = [&](std::size_t begin, std::size_t end) {
    std::size_t least = begin;
    for (std::size_t i = begin + 1; i < end; ++i) {
      if (windows_[i] <= windows_[least]) least = i;
    }
    return least;
  };
  std::size_t least = least_of(0, w);
  choose(least);
  for (std::size_t last = w; last < count; ++last) {
    if (windows_[last] <= windows_[least]) {
      least = last;
    } else if (least + w == last) {
      least = least_of(least + 1, last + 1);
    } else {
      continue;
    }
    choose(least);
  }
}

void Fingerprinter::sample(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (windows_[i] % rule_.one_in == 0) choose(i);
  }
}

}  // namespace wirecopy

#include "wirecopy/sketch/fingerprints.h"

#include <algorithm>
#include <string>

#include "wirecopy/base/error.h"
#include "wirecopy/sketch/shingles.h"

namespace wirecopy {

Winnower::Winnower(int k, int window)
    : k_(static_cast<std::size_t>(k)), window_(static_cast<std::size_t>(window)) {
  if (k < 1 || k > kMaxShingleSize) {
    throw InputError("k", "must be from 1 to " + std::to_string(kMaxShingleSize));
  }
  if (window < 1) throw InputError("window", "must be at least 1");
}

std::span<const FingerprintAt> Winnower::choose(std::span<const std::uint64_t> kgrams) {
  chosen_.clear();
  waiting_.resize(kgrams.size());
  std::size_t first = 0;
  std::size_t last = 0;
  const std::size_t window = std::min(window_, kgrams.size());
  for (std::size_t i = 0; i < kgrams.size(); ++i) {
    while (last > first && kgrams[waiting_[last - 1]] >= kgrams[i]) --last;
    waiting_[last++] = static_cast<std::uint32_t>(i);
    if (i + 1 < window) continue;
    if (waiting_[first] + window <= i) ++first;
    const std::uint32_t smallest = waiting_[first];
    if (chosen_.empty() || chosen_.back().word != smallest) {
      chosen_.push_back({kgrams[smallest], smallest});
    }
  }
  return chosen_;
}

FingerprintRule FingerprintRule::seeing(std::uint32_t words) {
  // Half the words are the k-gram: shorter ones are shared by chance, and longer ones leave little
  // to choose from.
  constexpr std::uint32_t kLongest = 8;
  const std::uint32_t k = std::min((words + 1) / 2, kLongest);
  return {.k = static_cast<int>(k), .window = static_cast<int>(words - k + 1)};
}

Fingerprinter::Fingerprinter(FingerprintRule rule)
    : rule_(rule), winnower_(rule.k, std::max(rule.window, 1)) {}

std::span<const FingerprintAt> Fingerprinter::read(std::string_view text) {
  words_.scan(text);
  const auto k = static_cast<std::size_t>(rule_.k);
  if (words_.size() < k) return {};
  const std::size_t count = words_.size() - k + 1;
  if (kgrams_.size() < count) kgrams_.resize(count + count / 2);
  hash_windows(hasher_.hash(words_), k, count, kgrams_.data());
  if (rule_.window > 0) return winnower_.choose(std::span(kgrams_).first(count));
  sample_.clear();
  for (std::size_t i = 0; i < count; ++i) {
    if (kgrams_[i] % rule_.one_in == 0) {
      sample_.push_back({kgrams_[i], static_cast<std::uint32_t>(i)});
    }
  }
  return sample_;
}

}  // namespace wirecopy

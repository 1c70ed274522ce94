// How varied the words of a text are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/keywords/tokens.h"

namespace wirecopy {

struct DiversityOptions {
  std::size_t window = 100;  // of MATTR
  double threshold = 0.72;   // of MTLD, between 0 and 1
  std::size_t sample = 42;   // of HD-D
  std::vector<std::string> measures;
};

// A row for each group of texts: groups[text] is its row, or -1 for texts left out. Columns: tokens
// and types, both by weight (a type counts where its weight is not 0), and the measures. With N
// tokens, V types and the frequencies f:
//
// ttr         V / N
// guiraud_r   V / sqrt(N)                          (Guiraud 1954)
// herdan_c    ln V / ln N; 1 where N <= 1          (Herdan 1960)
// maas        sqrt((lg N - lg V) / lg^2 N); 0 where N <= 1      (Maas 1972)
// yule_k      10^4 * sum of f (f - 1) / N^2        (Yule 1944)
// yule_i      V^2 / (sum of f^2 - V); infinite where no word is repeated
// simpson_d   sum of f (f - 1) / (N (N - 1)); 0 where N <= 1    (Simpson 1949)
// hdd         (1 / sample) * sum of the chances that a type is in a sample of that many tokens,
//             drawn without putting back; NaN where N < sample  (McCarthy and Jarvis 2007)
// mattr       mean of V / N of all runs of `window` tokens; shorter texts are one run (Covington
//             and McFall 2010)
// mtld        N / factors, mean of both directions; a factor ends where V / N of its tokens falls
//             below the threshold, the rest counts (1 - V / N) / (1 - threshold) of one. NaN where
//             no word is repeated in any text (McCarthy and Jarvis 2010)
//
// In a group, runs and factors never go from one text to the next, and each text adds its own times
// its weight. Without a token all measures are NaN. Throws InputError for an unknown measure.
Table lexical_diversity(const Tokens& tokens, std::span<const std::int64_t> groups,
                        std::size_t group_count, std::span<const double> weights,
                        const DiversityOptions& options, const Run& run);

}  // namespace wirecopy

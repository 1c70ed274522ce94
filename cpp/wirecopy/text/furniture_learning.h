// Furniture that an outlet repeats from story to story, found in its own texts.
//
// Repeated is what stands in different stories, not what was printed again: a text most of whose
// sentences stood in earlier texts of its outlet teaches nothing, so no paragraph of a story is
// learned because it was reprinted. Whole lines are learned, the numbers in them left open where
// they differ; and what lines begin with ("Gazette Plus: ...") or end with ("... Sign up here.").
// What reads as a sentence is learned only where it stands at an edge of the stories: above the
// first paragraph or below the last.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/text_column.h"

namespace wirecopy {

struct LearningOptions {
  std::size_t min_texts = 5;     // different stories that must have it
  double min_share = 0.02;       // and the share of its outlet's stories
  std::size_t max_length = 300;  // code points of a line
};

struct LearnedFurniture {
  enum class Place : std::uint8_t {
    kLine,   // a whole line
    kLabel,  // what a line that is no sentence begins with: "More from the Gazette: ..."
    kStart,  // what a line of the story begins with
    kEnd,    // what one ends with
  };
  std::int32_t source;
  Place place;
  bool numbers;       // other numbers may stand where it has some
  std::string text;   // as it stands in the first text that has it
  std::size_t texts;  // different stories that have it
};

struct Learned {
  std::vector<LearnedFurniture> found;  // by source, place, falling `texts`, text
  std::vector<std::size_t> stories;     // of each source: texts that are no copies or reprints
};

// `sources`: for each text a number below `source_count`, or -1: it teaches nothing. The work is
// linear in the text but for sorting, and memory some 100 bytes a line of the largest outlet (of
// as many of them as there are threads).
Learned learn_furniture(const TextColumn& texts, std::span<const std::int32_t> sources,
                        std::size_t source_count, const LearningOptions& options, const Run& run);

}  // namespace wirecopy

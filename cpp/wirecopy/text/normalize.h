// Texts made ready to be read, compared or counted, step by step, with every change known.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "wirecopy/base/parallel.h"
#include "wirecopy/base/table.h"
#include "wirecopy/base/text_column.h"
#include "wirecopy/text/clean.h"
#include "wirecopy/text/offset_map.h"
#include "wirecopy/text/rewriter.h"
#include "wirecopy/text/steps.h"

namespace wirecopy {

// What one step did. Its edits are bytes of the text that the steps before it left.
struct StepEdits {
  Step step;
  std::string before;
  std::string after;
  std::vector<Edit> edits;
};

class Normalizer {
 public:
  // Memory that is used again from text to text; one per thread.
  struct Scratch {
    ByteBuffer buffers[2];
  };

  // Throws InputError where steps exclude each other. Step::kMojibake does nothing here: who has
  // repaired a text gives the repaired one instead.
  explicit Normalizer(const StepSet& steps);

  // The normalized text: `text` itself where nothing changes, else memory of `scratch`.
  std::string_view operator()(std::string_view text, Scratch& scratch) const;

  // The same, and the edits from `text` to it. They are replaced.
  std::string_view operator()(std::string_view text, Scratch& scratch,
                              std::vector<Edit>& edits) const;

  // The steps that change the text, one after the other, and so slower. `repair` is called where
  // Step::kMojibake is, with what the steps before it left, and gives the repaired text.
  std::vector<StepEdits> explain(std::string_view text,
                                 const std::function<std::string(std::string_view)>& repair) const;

  // What to do with lone surrogates in what it reads.
  Surrogates surrogates() const;

 private:
  using Pass = std::function<bool(std::string_view, ByteBuffer&, std::vector<Edit>*)>;

  static Pass pass_of(Step step);

  StepSet steps_;
  std::vector<Pass> passes_;
};

enum class RowState : std::uint8_t { kNull, kChanged, kAsItWas };

struct NormalizedTexts {
  Strings texts;  // of a null row, an empty text
  std::vector<RowState>
      states;  // kAsItWas only where the row of the column that was passed is equal
};

// Rows of `texts` that are read from another column instead: row repaired_rows[i] is repaired[i].
struct RepairedRows {
  std::vector<std::int64_t> rows;  // ascending
  const TextColumn* texts = nullptr;
};

// Throws InputError naming the first text with a lone surrogate, unless the steps hold kUtf8.
// `maps`: replaced by the maps of all rows, where they are wanted (a null row has no characters).
NormalizedTexts normalize_texts(const TextColumn& texts, const StepSet& steps,
                                const RepairedRows& repaired, const Run& run,
                                OffsetMaps* maps = nullptr);

// Some neighbouring rows: `texts` has an empty one where a row is null or as it was.
struct NormalizedPiece {
  std::size_t first_row = 0;
  Strings texts;
  std::vector<RowState> states;
};

// The same, given piece by piece, in order and by the calling thread; its memory is used again. For
// who makes something else of the texts while they are in the cache.
void normalize_pieces(const TextColumn& texts, const StepSet& steps, const RepairedRows& repaired,
                      const Run& run, OffsetMaps* maps,
                      const std::function<void(const NormalizedPiece&)>& take);

// The rows whose UTF-8 (repaired) the detector finds something in.
class SequenceDetector;
std::vector<std::int64_t> detect_rows(const TextColumn& texts, const SequenceDetector& detector,
                                      const Run& run);

}  // namespace wirecopy

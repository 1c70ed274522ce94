// Normalization with any steps: the same with and without edits, and the edits tell all of it.
#include <vector>

#include "fuzz.h"
#include "wirecopy/base/error.h"
#include "wirecopy/text/normalize.h"
#include "wirecopy/text/offset_map.h"

using namespace wirecopy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes input(data, size);
  const std::uint64_t chosen = input.word();
  StepSet steps;
  for (int i = 0; i < kStepCount; ++i) {
    if ((chosen >> i & 1) != 0) steps.add(static_cast<Step>(i));
  }
  try {
    steps.require_consistent();
  } catch (const InputError&) {
    return 0;
  }
  // Without the step, readers let nothing malformed through.
  const std::string text =
      steps.has(Step::kUtf8) ? std::string(input.rest()) : fuzz::well_formed(input.rest());
  const Normalizer normalizer(steps);
  Normalizer::Scratch scratch, scratch_too;
  std::vector<Edit> edits;
  const std::string_view result = normalizer(text, scratch);
  fuzz::require(result == normalizer(text, scratch_too, edits), "edits make no difference");
  std::size_t at = 0, out = 0;
  for (const Edit& e : edits) {
    fuzz::require(at <= e.begin && e.begin <= e.end && e.end <= text.size(), "edits are in order");
    fuzz::require(out <= e.out_begin && e.out_begin <= e.out_end && e.out_end <= result.size(),
                  "so is what they made");
    fuzz::require(
        std::string_view(text).substr(at, e.begin - at) == result.substr(out, e.out_begin - out),
        "between edits nothing changes");
    at = e.end;
    out = e.out_end;
  }
  fuzz::require(std::string_view(text).substr(at) == result.substr(out), "nor after the last");
  if (!text.empty()) {
    const std::size_t begin = chosen % text.size();
    const Range there = to_result(edits, {begin, text.size()});
    fuzz::require(there.begin <= there.end && there.end <= result.size(), "spans map to spans");
    const Range back = to_original(edits, there);
    fuzz::require(back.begin <= back.end && back.end <= text.size(), "and back");
  }
  std::string last = text;
  for (const StepEdits& step :
       normalizer.explain(text, [](std::string_view t) { return std::string(t); })) {
    fuzz::require(step.before == last, "a step begins where the last ended");
    last = step.after;
  }
  fuzz::require(last == result, "the steps explained give the same");
  fuzz::require(fuzz::well_formed(result) == result, "the result is UTF-8");
  return 0;
}

// The shipped rules over any bytes: findings in order, cuts that do not overlap.
#include <fstream>
#include <iterator>

#include "fuzz.h"
#include "wirecopy/text/furniture.h"

using namespace wirecopy;

namespace {

const FurnitureRules& shipped() {
  static const FurnitureRules rules = [] {
    std::ifstream file(WIRECOPY_SHIPPED_RULES, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    FurnitureRules read;
    read.read("shipped rules", text, {});
    fuzz::require(!read.rules().empty(), "the shipped rules are there");
    return read;
  }();
  return rules;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Bytes input(data, size);
  FurnitureOptions options{.thorough = (input.byte() & 1) != 0};
  options.keep[input.byte() % options.keep.size()] = true;
  const std::string text(input.rest());
  FurnitureFinder finder(shipped(), options);
  FoundFurniture found;
  finder.find(text, -1, found);
  std::uint32_t begin = 0, cut = 0;
  for (const FurnitureSpan& span : found.spans) {
    fuzz::require(begin <= span.begin && span.begin <= span.end && span.end <= text.size(),
                  "findings are in the text, in order");
    fuzz::require(
        cut <= span.cut_begin && span.cut_begin <= span.cut_end && span.cut_end <= text.size(),
        "cuts do not overlap");
    begin = span.begin;
    cut = span.cut_end;
  }
  const std::size_t findings = found.spans.size();
  finder.find(text, -1, found);
  fuzz::require(found.spans.size() == findings, "a finder finds the same again");
  return 0;
}

// Any rules: refused with a line, or matched against themselves.
#include "fuzz.h"
#include "wirecopy/base/error.h"
#include "wirecopy/text/furniture.h"

using namespace wirecopy;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(fuzz::Bytes(data, size).rest());
  FurnitureRules rules;
  try {
    rules.read("rules", text, {});
  } catch (const InputError& error) {
    fuzz::require(!std::string_view(error.what()).empty(), "an error says something");
    return 0;
  }
  FurnitureFinder finder(rules, {.thorough = true});
  FoundFurniture found;
  for (std::int32_t source = -1; source < 1; ++source) {
    if (source >= static_cast<std::int32_t>(rules.sources().size())) break;
    finder.find(text, source, found);
    for (const FurnitureSpan& span : found.spans) {
      fuzz::require(span.begin <= span.end && span.end <= text.size(), "findings are in the text");
    }
  }
  return 0;
}

// Finding a measure by the name that a user gave.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>

#include "wirecopy/base/error.h"

namespace wirecopy {

// The first of `known` whose name is `name`. Throws InputError(argument) that lists all names.
// `name_of` gives the name of one.
template <typename Known, typename NameOf>
const auto& find_named(const Known& known, std::string_view name, const char* argument,
                       NameOf name_of) {
  const auto found = std::ranges::find(known, name, name_of);
  if (found != std::ranges::end(known)) return *found;
  std::string problem = "'";
  problem.append(name).append("'; must be among ");
  const char* separator = "";
  for (const auto& one : known) {
    problem.append(separator).append(std::invoke(name_of, one));
    separator = ", ";
  }
  throw InputError(argument, problem);
}

}  // namespace wirecopy

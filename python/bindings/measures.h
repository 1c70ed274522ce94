// Measures of similarity by the names that Python knows them by.
#pragma once

#include <string>

#include "wirecopy/base/error.h"
#include "wirecopy/match/similarity.h"

inline wirecopy::Measure measure_named(const std::string& name) {
  if (name == "jaccard") return wirecopy::Measure::kJaccard;
  if (name == "containment") return wirecopy::Measure::kContainment;
  if (name == "overlap") return wirecopy::Measure::kOverlap;
  throw wirecopy::InputError("measure", "'" + name + "' is not known");
}

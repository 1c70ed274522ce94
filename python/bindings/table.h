// Result tables for Python.
#pragma once

#include <memory>
#include <utility>

#include "wirecopy/base/table.h"

// How a binding gives a table to Python: by move, as _core.Table.
inline std::shared_ptr<wirecopy::Table> give(wirecopy::Table table) {
  return std::make_shared<wirecopy::Table>(std::move(table));
}

// Results out: a Table as an Arrow stream of one record batch (int64, double, bool, large_string),
// which pyarrow, polars, pandas and DuckDB read without wirecopy knowing any of them.
#pragma once

#include <memory>

#include "wirecopy/base/arrow_abi.h"
#include "wirecopy/base/table.h"

namespace wirecopy {

// Fills `out`. The stream shares `table`, which lives until the last consumer released its array.
void export_arrow_stream(std::shared_ptr<const Table> table, ArrowArrayStream* out);

}  // namespace wirecopy

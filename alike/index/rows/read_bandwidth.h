// How fast this machine reads rows: the yardstick for the speed of a scan.
#pragma once

#include "alike/index/rows/rows.h"

namespace alike::index {

/// Bytes a second at which `threads` threads read all values of `source` and do next to nothing
/// with them, the best of five times; that of a cache where the rows fit into it. 0 for no rows.
double read_bandwidth(const RowSource& source, int threads);

}  // namespace alike::index

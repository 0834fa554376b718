// Pictures of the test that are in train as well: they make a result look better than it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/measure/measure.h"
#include "alike/measure/split.h"

namespace alike::measure {

struct LeakageOptions {
  /// Rows of at least this cosine similarity count as one picture; (0, 1]. Of another encoder
  /// than a good one, even different pictures come near 1.
  double similarity = 0.99;
  int threads = 1;  ///< The result does not depend on it.
};

/// A picture of the test and the one of train that it is or nearly is.
struct Leak {
  std::uint32_t test = 0, train = 0;  ///< Places of rows.
  double similarity = 0;              ///< Cosine of their rows.
  bool same_content = false;          ///< The files are equal byte for byte.
};

struct Leakage {
  std::vector<Leak>
      leaks;       ///< By test row, at most one each: same content first, else the nearest.
  Measure leaked;  ///< "leaked": 1 or 0 for each test row.
};

/// Finds them exactly. `rows` are those of the space that `split` is of; `contents` (rows), the
/// hashes of the files (`base/file.h`, `content_hash`), may be empty: then only rows are compared.
/// Throws `invalid_argument` for a threshold outside (0, 1], contents of another number, places
/// that are no rows, an empty side of the split, NaN or infinity; `interrupted`.
Leakage find_leakage(MatrixView rows, const Split& split, std::span<const std::string> contents,
                     const LeakageOptions& options = {}, const Watcher& watcher = {});

}  // namespace alike::measure

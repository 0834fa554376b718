// Pictures of the test that are in train as well: they make a result look better than it is.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/index/vector_index.h"
#include "alike/measure/measure.h"
#include "alike/measure/split.h"

namespace alike::measure {

struct LeakageOptions {
  /// Rows of at least this similarity count as one picture; (0, 1]. It is the cosine; for l2,
  /// where 0 is a row like any other, 1 − d² / 2v, v the mean squared distance of rows of train
  /// from their mean: the cosine of rows of length 1 about 0. Of another encoder than a good one,
  /// even different pictures come near 1.
  double similarity = 0.99;
  int threads = 1;  ///< The result does not depend on it.
  index::Metric metric = index::Metric::cosine;
};

/// A picture of the test and the one of train that it is or nearly is.
struct Leak {
  std::uint32_t test = 0, train = 0;  ///< Places of rows.
  double similarity = 0;              ///< Of their rows, as the options say.
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

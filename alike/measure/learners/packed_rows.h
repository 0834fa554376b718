// Rows as a linear probe reads them: standardised, 32 to a panel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/index/kernels/kernels.h"

namespace alike::measure {

/// The shift and scale that give columns mean 0 and variance 1.
struct Standard {
  std::vector<float> mean, scale;  ///< (width) The scale of a constant column is 0.
  std::size_t constant = 0;        ///< Columns.
};

/// That of the rows `which` of `rows`, with the variance over n. Throws `invalid_argument` for no
/// rows and for one with NaN or infinity (named). The same for any number of threads.
Standard standard_of(MatrixView rows, std::span<const std::uint32_t> which, int threads);

/// Some rows, standardised: (x − mean) · scale. A panel holds `index::kPanelQueries` of them column
/// by column, (width, kPanelQueries), so that it is a panel of `Kernels::dot_panel` and, read as
/// rows, the transposed of them. Panels are kept where all take at most 768 MiB, else they are made
/// each time. Safe from several threads. The rows must live as long.
class PackedRows {
 public:
  /// `which` are places of `rows`. Throws as `standard_of`.
  PackedRows(MatrixView rows, std::vector<std::uint32_t> which, const Standard& standard,
             int threads);

  std::size_t rows() const { return which_.size(); }
  std::size_t width() const { return rows_.width; }
  std::size_t panels() const { return (rows() + index::kPanelQueries - 1) / index::kPanelQueries; }
  /// Rows in panel `p`; lanes behind them are 0.
  std::size_t panel_rows(std::size_t p) const;
  /// Panel `p`; may point into `scratch`; invalid once that changes.
  const float* panel(std::size_t p, std::vector<float>& scratch) const;

 private:
  void pack(std::size_t p, float* out) const;

  MatrixView rows_;
  std::vector<std::uint32_t> which_;
  Standard standard_;
  std::vector<float> kept_;
};

}  // namespace alike::measure

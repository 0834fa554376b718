// Many queries at once: products tell which rows are certainly too far, for a fraction of the cost
// of their distances.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/index/flat/distances.h"
#include "alike/index/kernels/byte_panel.h"
#include "alike/index/kernels/kernels.h"
#include "alike/index/rows/aligned.h"

namespace alike::index {

/// Queries in panels of `kPanelQueries`, the last one filled up with zeros. A pair gets a value,
/// and a distance limit of a query a threshold: where the value is below the threshold, the
/// distance that `Distances` measures is above the limit, whatever the rounding. Where numbers are
/// too large or too small to say so, the value is not a number, which is below nothing. May be used
/// by several threads, each with its own `Scratch`.
class BatchPrefilter {
 public:
  /// The values that one thread keeps of some rows.
  struct Scratch {
    std::vector<float> factors, terms;   ///< (rows) value = product · factor + term.
    std::vector<float> values;           ///< (rows, kPanelQueries) of the last panel.
    std::vector<std::int8_t> bytes;      ///< (rows, stride), where bytes are used; …
    std::vector<ByteRow> byte_rows;      ///< (rows)
    std::vector<float> lengths, errors;  ///< (rows) of them and of the residuals of their bytes.
    std::vector<std::int32_t> products;  ///< (rows, kPanelQueries) of bytes.
  };

  /// Keeps a copy of the first `count` queries. `bytes`: null for floats.
  BatchPrefilter(const Distances& distances, std::size_t count,
                 const BytePanel* bytes = byte_panel());

  std::size_t panels() const { return panels_; }
  /// The threshold of query `q`; -infinity, which nothing is below, where all must be measured.
  float threshold(std::size_t q, float limit) const;
  /// Makes `scratch` ready for `values` of these rows.
  void weigh(const float* rows, std::size_t count, Scratch& scratch) const;
  /// Sets `scratch.values` to those of panel `p`.
  void values(std::size_t p, const float* rows, Scratch& scratch) const;

 private:
  /// The scales of the queries of a panel, and the residuals of their bytes.
  struct Lanes {
    float units[kPanelQueries] = {}, lengths[kPanelQueries] = {}, errors[kPanelQueries] = {};
  };
  void keep(std::size_t q, const float* query);
  void keep_bytes(std::size_t q, const float* query);
  void byte_values(std::size_t p, Scratch& scratch) const;

  Metric metric_;
  std::size_t width_;
  double share_;  // the rounding error of a sum of `width_` products, as a share of their sizes
  std::size_t panels_;
  const BytePanel* bytes_;
  std::size_t stride_;         // of bytes
  Matrix floats_;              // (panels, width · kPanelQueries), or none where there are bytes
  AlignedBytes byte_panels_;   // (panels, stride · kPanelQueries)
  std::vector<Lanes> lanes_;   // (panels)
  std::vector<double> norms_;  // of the queries
};

}  // namespace alike::index

// The transform of a raw embedding before it is stored: none, or PCA with optional whitening.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "alike/base/matrix.h"

namespace alike::encode {

/// The target of the reduction.
struct PcaOptions {
  std::size_t dimensions = 128;  ///< At least 1, at most the smaller side of the sample.
  bool whiten = false;           ///< Divide each component by its standard deviation.
};

/// A linear map fitted on a sample: y = (x − mean) · componentsᵀ, optionally ÷ deviation.
/// Immutable; safe from several threads.
class Pca {
 public:
  /// Fits on the rows of `sample`. `sample_ids` (one per row) are kept as the record of that
  /// sample. Throws `invalid_argument` when there are fewer rows than dimensions.
  static Pca fit(MatrixView sample, std::span<const std::int64_t> sample_ids,
                 const PcaOptions& options);
  /// Reads the bytes of `bytes()`. Throws `corrupt`.
  static Pca from_bytes(std::span<const std::byte> bytes, const std::string& what);

  /// Numbers in a raw row, and in a transformed one.
  std::size_t input_width() const;
  std::size_t output_width() const;
  bool whitens() const;
  /// Share of the sample's variance that each component keeps, largest first.
  std::span<const float> explained_variance() const;
  /// The items it was fitted on.
  std::span<const std::int64_t> sample_ids() const;
  /// Maps one row (input_width) to `out` (output_width).
  void apply(std::span<const float> row, std::span<float> out) const;
  /// The checked file content (docs/file-formats.md).
  std::vector<std::byte> bytes() const;

 private:
  struct State;
  std::shared_ptr<const State> state_;
};

/// Scales `row` to length 1; a row of zeros stays.
void normalize(std::span<float> row);

}  // namespace alike::encode

// Shared by the measures of disentanglement: their conditions and their split. Private.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/measure/factors/disentanglement.h"
#include "alike/measure/split.h"

namespace alike::measure {

/// Throws `invalid_argument` where codes or factors can not be judged (disentanglement.h says
/// when); a constant factor is one of the reasons.
void check_codes(MatrixView codes, const FactorTable& factors);

/// Throws `invalid_argument` for an option out of its range.
void check_options(const DisentanglementOptions& options);

/// Rows to learn from and rows to be tested by: round(share · n) of them, at least 1 and one less
/// than all, at random by seed.
Split factor_split(std::size_t rows, const DisentanglementOptions& options);

/// How many values each factor has.
std::vector<std::size_t> value_counts(const FactorTable& factors);

/// The values of one factor for the rows `places`.
std::vector<int> values_at(const FactorTable& factors, std::size_t factor,
                           const std::vector<std::uint32_t>& places);

/// The mean of the largest less the second largest of each row of (factors, dims) scores, each
/// divided by its factor's entry in `scale`.
double mean_gap(const std::vector<double>& scores, std::size_t dims,
                const std::vector<double>& scale);

}  // namespace alike::measure

// Batches of rows that agree in one factor. Private.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "alike/base/random.h"
#include "alike/measure/factors/factors.h"

namespace alike::measure {

/// Draws rows with replacement. Read by several threads at once.
class FactorBatches {
 public:
  /// Keeps a reference; values are below those of `counts` (factor_check.h, `value_counts`).
  FactorBatches(const FactorTable& factors, const std::vector<std::size_t>& counts)
      : factors_(factors), groups_(counts.size()) {
    for (std::size_t f = 0; f < counts.size(); ++f) groups_[f].resize(counts[f]);
    for (std::size_t i = 0; i < factors.rows(); ++i) {
      for (std::size_t f = 0; f < counts.size(); ++f) {
        groups_[f][static_cast<std::size_t>(factors.at(i, f))].push_back(
            static_cast<std::uint32_t>(i));
      }
    }
  }

  std::uint32_t any_row(Random& random) const {
    return static_cast<std::uint32_t>(random.below(factors_.rows()));
  }
  /// A row with the same value of `factor` as `row`.
  std::uint32_t row_like(std::uint32_t row, std::size_t factor, Random& random) const {
    const auto& group = groups_[factor][static_cast<std::size_t>(factors_.at(row, factor))];
    return group[random.below(group.size())];
  }

 private:
  const FactorTable& factors_;
  std::vector<std::vector<std::vector<std::uint32_t>>> groups_;  // (factors, values) rows
};

}  // namespace alike::measure

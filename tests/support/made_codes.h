// Codes made from known factors; the same as those of tests/measure/factors/reference_factors.py.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/random.h"
#include "alike/measure/factors/factors.h"

namespace alike::test {

inline constexpr std::array<int, 4> kFactorValues{3, 4, 5, 2};

/// 900 rows of four factors.
inline measure::FactorTable factor_table() {
  measure::FactorTable table{{"a", "b", "c", "d"}, {}};
  Random random(1);
  for (std::size_t i = 0; i < 900; ++i) {
    for (const int count : kFactorValues) {
      table.values.push_back(static_cast<int>(random.below(static_cast<std::uint64_t>(count))));
    }
  }
  return table;
}

/// The codes of a row made from the shares `b` of its factors' ranges.
inline std::vector<double> code_of(std::string_view kind, const std::array<double, 4>& b,
                                   Random& random) {
  const auto [w, x, y, z] = b;
  const auto step = [&](std::uint64_t steps) {
    return static_cast<double>(random.below(steps)) / static_cast<double>(steps);
  };
  if (kind == "perfect") return {w, x, y, z};
  if (kind == "permuted") return {-2 * y, w, 3 - z, 0.5 * x};
  if (kind == "rotated") {
    return {(w + x + y + z) / 2, (w - x + y - z) / 2, (w + x - y - z) / 2, (w - x - y + z) / 2};
  }
  std::vector<double> code{w, x, y, z, 0};
  if (kind == "blurred") {
    for (double& value : code) value += 0.5 * step(64);
    return code;
  }
  code.pop_back();
  for (double& value : code) {
    value = kind == "continuous" ? value + 0.5 * random.uniform() : step(200);
  }
  return code;
}

/// "perfect", "permuted", "rotated", "blurred", "continuous", "noise".
inline Matrix codes_of(std::string_view kind, const measure::FactorTable& table) {
  Random random(2);
  Matrix codes;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    std::array<double, 4> shares{};
    for (std::size_t f = 0; f < 4; ++f)
      shares[f] = static_cast<double>(table.at(i, f)) / kFactorValues[f];
    const auto code = code_of(kind, shares, random);
    if (i == 0) codes = Matrix(table.rows(), code.size());
    for (std::size_t d = 0; d < code.size(); ++d) codes.row(i)[d] = static_cast<float>(code[d]);
  }
  return codes;
}

}  // namespace alike::test

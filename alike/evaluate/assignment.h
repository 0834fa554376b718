// The best matching of rows to columns.
#pragma once

#include <cstddef>
#include <vector>

namespace alike::evaluate {

/// The column that each row is matched to, no two to one, so that the sum of `gains` (rows,
/// columns) is largest; there must be at least as many columns as rows. The Hungarian method with
/// potentials (Kuhn 1955; Jonker, Volgenant 1987), O(rows² columns).
std::vector<std::size_t> best_assignment(const std::vector<std::vector<double>>& gains);

}  // namespace alike::evaluate

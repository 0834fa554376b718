// The best matching of rows to columns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace alike {

/// The column of each of n rows, no two the same, so that the sum of their `cost` (n, m), row-major
/// and finite, is least; m is at least n. Shortest augmenting paths (Jonker and Volgenant,
/// Computing 38, 1987), O(n² m). Throws `invalid_argument` for another size.
std::vector<std::uint32_t> cheapest_assignment(const std::vector<double>& cost, std::size_t n,
                                               std::size_t m);

}  // namespace alike

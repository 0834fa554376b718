// Several examples → the one query row.
#pragma once

#include <span>
#include <vector>

namespace alike::index {

/// The direction of the mean of the rows for, less 0.3 of the mean of those against, all of unit
/// length (Rocchio 1971); as long as the rows for are on average. Rows are all of one width; at
/// least one is for. Throws `invalid_argument` where they cancel out.
std::vector<float> combined_row(std::span<const std::vector<float>> wanted,
                                std::span<const std::vector<float>> unwanted);

}  // namespace alike::index

// The rows that a PCA is fitted on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace alike::collection {

/// How many of `rows` rows of `width` numbers a PCA to `dimensions` is fitted on; at most 512 MB of
/// them. Throws `invalid_argument` where it cannot be fitted on them.
std::size_t pca_sample_size(std::size_t rows, std::size_t width, std::size_t dimensions);

/// The places of `count` of `keys`, ascending; all where there are fewer. Drawn by their values, so
/// that the choice does not depend on their order.
std::vector<std::size_t> draw_sample(std::span<const std::uint64_t> keys, std::size_t count);

}  // namespace alike::collection

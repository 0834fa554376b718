// How well labels are apart: among rows, and on a map.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "alike/base/matrix.h"
#include "alike/map/layout/neighbors.h"

namespace alike::map {

/// Share of rows with the label that most of their `k` nearest have, of equally many the
/// one that is met first; rows and neighbours with a label below 0 (unknown) do not count. Nothing
/// where fewer than two labels are known. `labels` (rows of the table).
std::optional<double> label_accuracy(const Neighbors& neighbors, std::span<const int> labels,
                                     std::size_t k);

/// Mean silhouette of the labels on the map, [−1, 1] (Rousseeuw 1987), of at most 2,000 points
/// drawn by `seed`, among all. Those with a label below 0 do not count; those that are alone with
/// theirs count 0. Nothing where fewer than two labels are known.
std::optional<double> silhouette(MatrixView points, std::span<const int> labels, std::uint64_t seed,
                                 int threads);

}  // namespace alike::map

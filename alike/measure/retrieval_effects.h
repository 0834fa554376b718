// The effect of each row of the gallery on the measures of one query of `retrieval.h`.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/measure/gallery_effects.h"
#include "alike/measure/ranks.h"
#include "alike/measure/retrieval.h"

namespace alike::measure {

/// The gallery by distance from a query.
struct RankedQuery {
  std::span<const Ranks::Entry> order;   ///< As `Ranks::order`.
  std::span<const std::uint32_t> ranks;  ///< Of the relevant rows, ascending, as `Ranks::of`.
  std::size_t relevant = 0;              ///< How many there are, at least 1.
  std::size_t first_row = 0;             ///< The number of the first row of the gallery.
};

/// How much lower measure number `measure` of `Retrieval::measures` is without each single row,
/// exactly, nearest rows first. The last relevant row has no effect: without it there is no query.
std::vector<GalleryEffect> retrieval_effects(const RankedQuery& query,
                                             const RetrievalOptions& options, std::size_t measure);

}  // namespace alike::measure

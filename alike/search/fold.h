// Near-duplicates among results, folded into the best of them.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/collection/view.h"
#include "alike/search/searcher.h"

namespace alike::search {

/// Cosine of two rows from which their pictures are taken for near-duplicates: another size,
/// another compression, a burst. A choice for pooled layers; in early layers unrelated pictures
/// come as near.
inline constexpr double kNearDuplicate = 0.97;

/// One result and those that look the same.
struct Fold {
  std::size_t best = 0;                ///< Place in `Results::results`.
  std::vector<std::size_t> followers;  ///< Places of near-duplicates of it, in order.
};

/// Goes through the results in order: each joins the first before it that it is a near-duplicate
/// of, or stands for itself. Results without a row stand for themselves. `view`: the one searched.
std::vector<Fold> fold_near_duplicates(const collection::View& view, const Results& found);

}  // namespace alike::search

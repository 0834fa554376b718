// Where relevance ends: the score above which two pictures are alike by more than chance.
#pragma once

#include <cstddef>
#include <span>

#include "alike/index/vector_index.h"

namespace alike::search {

/// The relevance line of one query. The method and its measured error rates are in
/// docs/relevance.md.
struct RelevanceLine {
  float distance = 0;  ///< Results at most this far are relevant.
  bool known = false;  ///< False where there are too few rows to say.
};

/// Draws the line from what all rows of the collection look like from the query.
RelevanceLine relevance_line(const index::Spread& spread, index::Metric metric);

}  // namespace alike::search

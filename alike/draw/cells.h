// The pictures of a search, with captions.
#pragma once

#include <vector>

#include "alike/draw/sheet.h"
#include "alike/search/searcher.h"

namespace alike::draw {

/// The pictures of the examples and of the results; rows without a picture are left out. Throw
/// `UntrustedPictures`.
std::vector<Cell> query_cells(const search::Query& query, const collection::Collection& collection);
std::vector<Cell> result_cells(const search::Results& found,
                               const collection::Collection& collection);

}  // namespace alike::draw

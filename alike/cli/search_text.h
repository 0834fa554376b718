// Search results in words and as a table.
#pragma once

#include <string>

#include "alike/search/searcher.h"

namespace alike::cli {

/// Where relevance ends among `found`, or why nothing is found, in one sentence; "" when all of
/// them are relevant. `where`: the filter of the query.
std::string relevance_sentence(const search::Results& found, const std::string& where);

/// A table, with the relevance line where it falls.
std::string table(const search::Results& found);

}  // namespace alike::cli

// Search results as people read them, as scripts take them, and as pictures show them.
#pragma once

#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/cli/sheet.h"
#include "alike/search/searcher.h"

namespace alike::cli {

/// Where relevance ends among `found`, or why nothing is found, in one sentence; "" when all of
/// them are relevant. `where`: the filter of the query.
std::string relevance_sentence(const search::Results& found, const std::string& where);

/// A table, with the relevance line where it falls.
std::string table(const search::Results& found);

/// The file of an item, to be shown; "" for a row without a picture or a path that leads out of
/// the folder of pictures. Throws `UntrustedPictures`.
std::filesystem::path shown_file(const collection::Collection& collection,
                                 const collection::Item& item);

/// One full path after another, each ended by `end`. Rows without a picture are left out.
std::string path_lines(const search::Results& found, const collection::Collection& collection,
                       char end);

/// What --json answers; `words`: the query as typed.
json::object to_json(const search::Results& found, const std::vector<std::string>& words);

/// The pictures of the examples and of the results; rows without a picture are left out.
std::vector<Cell> query_cells(const search::Query& query, const collection::Collection& collection);
std::vector<Cell> result_cells(const search::Results& found,
                               const collection::Collection& collection);

}  // namespace alike::cli

// Search results as programs and scripts read them.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/search/searcher.h"

namespace alike::actions {

/// A score as people call it; "" where it says no more than the distance.
std::string score_name(index::Metric metric);

/// The file of an item, to be shown; "" for a row without a picture or a path that leads out of
/// the folder of pictures. Throws `UntrustedPictures`.
std::filesystem::path shown_file(const collection::Collection& collection,
                                 const collection::Item& item);

/// One full path after another, each ended by `end`. Rows without a picture are left out.
std::string path_lines(const search::Results& found, const collection::Collection& collection,
                       char end);

/// All that an answer says beside its results: space, metric, relevance, index, rows read.
json::object summary_of(const search::Results& found);

/// The answer of the command line; `words`: the query as typed.
json::object to_json(const search::Results& found, const std::vector<std::string>& words);

/// Many queries at once.
struct VectorReport {
  std::size_t queries = 0;
  double seconds = 0;
  collection::Space space;
  double per_second() const;
};

/// Looks the rows of a `.npy` up and writes the ids of their neighbours to another, int64 of shape
/// (queries, k), −1 where there are fewer. Throws as `read_npy` and `search::Searcher`.
VectorReport search_vectors(const std::shared_ptr<const collection::Collection>& collection,
                            const std::filesystem::path& vectors, const search::Query& query,
                            const std::filesystem::path& out);
json::object to_json(const VectorReport& report);

}  // namespace alike::actions

// Query → ranked results.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/collection/view.h"
#include "alike/search/query.h"
#include "alike/search/relevance.h"

namespace alike::search {

/// One picture found.
struct Result {
  int rank = 1;  ///< From 1.
  collection::Item item;
  float score = 0;     ///< Larger is more alike: cosine similarity, −Euclidean distance or inner
                       ///< product, as the space's metric says.
  float distance = 0;  ///< Smaller is nearer, always.
  bool relevant = false;  ///< Above the relevance line; false where there is none.
};

/// Milliseconds by the wall clock.
struct Timings {
  double encode_ms = 0;  ///< Reading and encoding pictures of the query.
  double search_ms = 0;
  double total_ms = 0;
};

/// The answer to a query.
struct Results {
  collection::Space space;
  std::vector<Result> results;  ///< Best first; equal distances by id.
  std::size_t relevant = 0;     ///< How many of `results` are above the line: the first ones.
  RelevanceLine line;
  /// Which index answered; never `automatic`.
  collection::IndexKind index = collection::IndexKind::flat;
  std::uint64_t candidates = 0;  ///< Rows that may be answered: they pass the filter.
  std::uint64_t rows_read = 0;   ///< Of those, the ones with an exact distance.
  std::uint64_t codes_read = 0;  ///< Rows with an estimated distance.
  Timings timings;
};

/// Answers queries on one collection. Encoders are loaded at the first picture and kept. Safe from
/// several threads.
class Searcher {
 public:
  /// `streams`: pictures of queries encoded at the same time.
  explicit Searcher(std::shared_ptr<const collection::Collection> collection, int streams = 1);
  ~Searcher();

  /// Pictures of the collection that are examples themselves (`id:`) are left out of the results; a
  /// picture file finds its own copy. Several examples: as `ExampleRows::row`. Throws
  /// `invalid_argument` (k, threads, no positive example, examples that cancel out, a region
  /// outside the picture, an encoder that is not the one of the space), `not_found` (id, file,
  /// space, a row of the item in the space), `unsupported` (text without a text encoder, pictures
  /// on an imported space), and errors of reading the picture.
  Results search(const Query& query) const;
  /// The same on a view of the collection, for further queries about the results.
  Results search(const Query& query, const collection::View& view) const;

  /// The row of the query's space that `search` looks for. Throws as that.
  std::vector<float> row(const Query& query) const;
  std::vector<float> row(const Query& query, const collection::View& view) const;

  /// Many ready vectors at once, (queries, width): the ids of the k nearest for each, row-major, −1
  /// where there are fewer. Where the space has a PCA they may be of the width before it, which is
  /// meant where both are equal. Of `query` only k, space, where and threads count.
  std::vector<std::int64_t> search_vectors(MatrixView queries, const Query& query) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::search

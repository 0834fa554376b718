// An index in memory that rows come to and go from while it is searched.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "alike/index/rows/graph_options.h"
#include "alike/index/vector_index.h"

namespace alike::index {

/// How a `LiveIndex` works.
struct LiveOptions {
  GraphOptions graph = {};
  std::size_t graph_rows = 5000;  ///< From here on there is a graph; fewer rows are all read.
  int threads = 1;                ///< For building, within `add` and `remove`.
};

/// Rows with ids of the caller's choosing. All members may be called from several threads at once:
/// searches never wait, they see the rows as they were when they began; `add` and `remove`
/// wait for each other. Rows are found as soon as `add` returns and not any more once `remove`
/// does. New rows are read in full until a tenth of all is new, then the graph takes them in; where
/// an eighth of the rows is gone they leave it.
///
///   LiveIndex index(256, Metric::cosine);
///   index.add(ids, rows);
///   for (const Neighbor& neighbor : index.search(query, {.k = 10}).neighbors) …
///   index.remove(ids);
///   index.save("vectors.alike");
///   LiveIndex again = LiveIndex::open("vectors.alike");
class LiveIndex final : public VectorIndex {
 public:
  /// Throws `invalid_argument` for width 0.
  LiveIndex(std::size_t width, Metric metric, LiveOptions options = {});
  /// Reads a file of `save`. Throws `not_found`, `io`, `corrupt`, and `unsupported` for a file of
  /// a newer version.
  static LiveIndex open(const std::filesystem::path& file, LiveOptions options = {});
  LiveIndex(LiveIndex&&) noexcept;
  ~LiveIndex() override;

  /// Adds rows (n, width), or puts them in the place of those that have these ids (n). Throws
  /// `invalid_argument`, with the number of the row, for another width, numbers that are not finite
  /// and an id given twice; nothing is added then.
  void add(std::span<const std::int64_t> ids, MatrixView rows);
  /// Removes the rows of these ids; returns how many there were.
  std::size_t remove(std::span<const std::int64_t> ids);
  /// Writes all to `file`: after a crash the old or the new content is there, whole.
  void save(const std::filesystem::path& file);

  Metric metric() const;
  std::size_t width() const override;
  std::uint64_t size() const override;
  SearchResult search(std::span<const float> query, const SearchOptions& options) const override;
  std::vector<SearchResult> search_batch(MatrixView queries,
                                         const SearchOptions& options) const override;

 private:
  struct State;
  class Change;
  class Rows;
  explicit LiveIndex(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace alike::index

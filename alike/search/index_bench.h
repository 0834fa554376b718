// Speed and recall of each kind of index on the rows of a space, on this machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alike/base/progress.h"
#include "alike/collection/collection.h"

namespace alike::search {

inline constexpr std::size_t kMostBenchNeighbors = 1'000, kMostBenchQueries = 10'000;

/// The choices of a measurement.
struct IndexBenchOptions {
  std::string space = {};     ///< "" is the default one.
  std::size_t k = 10;         ///< Neighbours of a query, 1 to `kMostBenchNeighbors`.
  std::size_t queries = 200;  ///< Rows used as queries, at most; 1 to `kMostBenchQueries`.
  int threads = 1;            ///< Of each search and of building; at least 1.
  /// Kinds to measure, in any order, each once; empty: all. Never `automatic`.
  std::vector<collection::IndexKind> kinds = {};
};

/// One kind of index, a graph with one recall that it aimed at.
struct BenchLine {
  collection::IndexKind kind = collection::IndexKind::flat;
  std::optional<double> aim = {};  ///< `SearchOptions::recall` of a graph.
  /// Share of the true k nearest that were found, [0, 1]; equal distances count as found.
  double recall = 0;
  double p50_ms = 0;  ///< Milliseconds that half of the queries took at most, one a call,
  double p99_ms = 0;  ///< and 99 of 100 of them.
  double queries_per_second = 0;   ///< All in one call, the best of three.
  std::uint64_t memory_bytes = 0;  ///< Beside the rows.
  double build_seconds = 0;        ///< Making that, and measuring the recall of a graph.
  double rows_read = 0;            ///< A query, of `SearchResult`.
  double codes_read = 0;
  /// Of `IndexBench::read_bandwidth`, by the median query of `flat`, which reads all rows.
  std::optional<double> bandwidth_share = {};
};

/// The figures of a measurement.
struct IndexBench {
  collection::Space space;
  std::size_t k = 0;          ///< As asked for, or all other rows where there are fewer.
  std::size_t queries = 0;    ///< As asked for, or all rows where there are fewer.
  std::uint64_t rows = 0;     ///< That can be found.
  double read_bandwidth = 0;  ///< `index::read_bandwidth` of the rows, in the same run.
  collection::IndexKind automatic = collection::IndexKind::flat;  ///< For this space.
  std::vector<BenchLine> lines;  ///< In the order of the kinds, graph by rising aim.
};

/// Measures with an even sample of the rows as queries (bench_queries.h), each left out of its own
/// answer. Codes and graph are made in memory; the collection stays as it is. `watcher` counts
/// rows linked and queries answered, each step from 0, and its stop is heard in between. Throws
/// `invalid_argument` for options out of range, `not_found` for a missing space or one of
/// fewer than two rows, `interrupted`, and errors of reading the rows.
IndexBench bench_index(const collection::Collection& collection, const IndexBenchOptions& options,
                       const Watcher& watcher = {});

/// The line with the lowest median, or most queries a second, of those with this recall or more;
/// null where there is none.
const BenchLine* quickest_answer(const IndexBench& bench, double recall);
const BenchLine* most_answers(const IndexBench& bench, double recall);

}  // namespace alike::search

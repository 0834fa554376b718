// By how much each row of a gallery moves measures of queries: the influences of `interval.h`.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

#include "alike/measure/measure.h"

namespace alike::measure {

/// How much lower the value of a query is without a row.
struct GalleryEffect {
  std::uint32_t row = 0;
  bool kin = false;  ///< Of the query's class.
  double effect = 0;
};

/// Sums effects up, query by query. The sum over queries is the influence of a row of the gallery.
/// Their squares count too much: the effect of a row on a query is in the influences of both, and
/// alters with either. So the squares of single effects are subtracted, as estimates from pairs do
/// (Fafchamps, Gubert, J. Development Economics 83, 2007), and for neighbours of each other half of
/// the product of both effects; never below the variance that the queries have by themselves.
/// Of many queries some stand for all, so that the work is at most kQueries times the rows.
class GalleryEffects {
 public:
  static constexpr std::size_t kQueries = 2048;

  /// `gallery`: the rows that may have effects, ascending. `rows`: those of the queries in the
  /// same numbering, ascending.
  GalleryEffects(std::vector<std::uint32_t> gallery, std::span<const std::uint32_t> rows,
                 std::size_t measures);

  /// Whether the query, by its place among the queries, is one of those that stand for all.
  bool takes(std::size_t query) const { return query % step_ == 0; }
  /// Adds the effects of one query that is taken, each row once, nearest first; rows without effect
  /// may be left out. `kin`: how many rows of its class there are. May run on several threads; the
  /// sums do not depend on their order.
  void add(std::size_t query, std::size_t measure, std::span<const GalleryEffect> effects,
           std::size_t kin);
  /// Sets `others` and `effects` of the measure, whose `rows` are those of the queries.
  /// `partners` (queries): the place of the other row of a class of two, which cannot be a query
  /// without this one, or the query itself; may be empty.
  void finish(std::size_t measure, std::span<const std::uint32_t> partners, Measure& to) const;

 private:
  static constexpr std::size_t kKept = 16;  // nearest effects of a query
  struct Kept {
    std::array<std::uint32_t, kKept> rows{};
    std::array<float, kKept> effects{};
    std::size_t count = 0;
    double squares = 0, centered = 0;  // sums over all effects
  };

  double mutual(const std::vector<Kept>& kept) const;

  std::vector<std::uint32_t> gallery_;
  std::vector<std::uint32_t> rows_;
  std::size_t step_;
  std::vector<std::vector<std::int64_t>> sums_;  // (measures, rows)
  std::vector<std::vector<Kept>> kept_;          // (measures, queries taken)
  std::mutex adding_;
};

}  // namespace alike::measure

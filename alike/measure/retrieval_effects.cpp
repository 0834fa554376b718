#include "alike/measure/retrieval_effects.h"

#include <algorithm>
#include <utility>

namespace alike::measure {
namespace {

/// Collects effects rank by rank.
class Effects {
 public:
  explicit Effects(const RankedQuery& query) : query_(query) {}

  std::size_t ranks() const { return query_.order.size(); }
  /// Calls `effect(kin, hits)` for each rank from 1 to `last`: whether the row is relevant, and how
  /// many relevant rows there are up to it, itself included.
  void each(std::size_t last, const auto& effect) {
    std::size_t hits = 0;
    for (std::size_t rank = 1; rank <= std::min(last, ranks()); ++rank) {
      const bool kin = hits < query_.ranks.size() && query_.ranks[hits] == rank;
      hits += kin ? 1U : 0U;
      add(rank, kin, kin && query_.relevant == 1 ? 0 : effect(kin, hits));
    }
  }
  /// The same for relevant rows behind rank `last`.
  void each_kin_behind(std::size_t last, double effect) {
    for (const std::uint32_t rank : query_.ranks) {
      if (rank > last && rank <= ranks()) add(rank, true, effect);
    }
  }
  std::vector<GalleryEffect> take() && { return std::move(all_); }

 private:
  void add(std::size_t rank, bool kin, double effect) {
    if (effect == 0) return;
    const std::size_t row = query_.first_row + query_.order[rank - 1].place;
    all_.push_back({static_cast<std::uint32_t>(row), kin, effect});
  }

  const RankedQuery& query_;
  std::vector<GalleryEffect> all_;
};

std::size_t within(const RankedQuery& query, std::size_t rank) {
  return static_cast<std::size_t>(std::ranges::upper_bound(query.ranks, rank) -
                                  query.ranks.begin());
}

/// Of a measure of the relevant rows among the first k: `value(hits)`.
void of_first(const RankedQuery& query, std::size_t k, const auto& value, Effects& effects) {
  const std::size_t hits = within(query, k), next = within(query, k + 1) - hits;
  effects.each(
      k, [&](bool kin, std::size_t) { return value(hits) - value(hits + next - (kin ? 1 : 0)); });
}

/// Share of relevant rows among as many first rows as there are of them.
void of_r_precision(const RankedQuery& query, Effects& effects) {
  const std::size_t all = query.relevant, hits = within(query, all);
  const auto share = [](std::size_t some, std::size_t of) {
    return static_cast<double>(some) / static_cast<double>(of);
  };
  const double value = share(hits, all), moved_up = share(within(query, all + 1), all);
  effects.each(all, [&](bool kin, std::size_t) {
    return value - (kin ? share(hits - 1, all - 1) : moved_up);
  });
  if (all > 1) {
    effects.each_kin_behind(all, value - share(within(query, all - 1), all - 1));
  }
}

/// Mean precision at the relevant ranks up to `last`, of all relevant rows. `shrinks`: `last` is
/// their number, so that it goes down with it.
void of_average_precision(const RankedQuery& query, std::size_t last, bool shrinks,
                          Effects& effects) {
  // Sums over the first hits: of i / r, and where a row before them that is not, or is, relevant is
  // taken away, of i / (r − 1) and (i − 1) / (r − 1).
  std::vector<double> as_is{0}, up{0}, fewer{0};
  for (std::size_t i = 1; i <= query.ranks.size(); ++i) {
    const double hit = static_cast<double>(i), rank = query.ranks[i - 1];
    as_is.push_back(as_is.back() + hit / rank);
    up.push_back(up.back() + (rank > 1 ? hit / (rank - 1) : 0));
    fewer.push_back(fewer.back() + (rank > 1 ? (hit - 1) / (rank - 1) : 0));
  }
  const auto all = static_cast<double>(query.relevant);
  const std::size_t hits = within(query, last);
  const std::size_t with_next = shrinks ? within(query, last + 1) : hits;
  const double value = as_is[hits] / all;
  effects.each(last, [&](bool kin, std::size_t before) {
    return value - (kin ? (as_is[before - 1] + fewer[hits] - fewer[before]) / (all - 1)
                        : (as_is[before] + up[with_next] - up[before]) / all);
  });
  if (shrinks && query.relevant > 1) {
    effects.each_kin_behind(last, value - as_is[within(query, last - 1)] / (all - 1));
  }
}

}  // namespace

std::vector<GalleryEffect> retrieval_effects(const RankedQuery& query,
                                             const RetrievalOptions& options, std::size_t measure) {
  Effects effects(query);
  const std::size_t cutoffs = options.cutoffs.size();
  if (measure < cutoffs) {
    of_first(
        query, options.cutoffs[measure], [](std::size_t hits) { return hits > 0 ? 1.0 : 0.0; },
        effects);
  } else if (measure < 2 * cutoffs) {
    const std::size_t k = options.cutoffs[measure - cutoffs];
    of_first(
        query, k,
        [&](std::size_t hits) { return static_cast<double>(hits) / static_cast<double>(k); },
        effects);
  } else if (measure == 2 * cutoffs) {
    of_r_precision(query, effects);
  } else {
    const bool whole = measure == 2 * cutoffs + 2;
    of_average_precision(query, whole ? query.order.size() : query.relevant, !whole, effects);
  }
  return std::move(effects).take();
}

}  // namespace alike::measure

// The queries that a page shows.
#include <algorithm>
#include <numeric>

#include "alike/actions/judge.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::actions {
namespace {

constexpr std::size_t kQueriesShown = 12;  // worst, and as many best
constexpr std::size_t kNearestShown = 7;

/// The rows that queries are looked for in, as retrieval has it.
std::vector<std::uint32_t> searched(const std::vector<int>& labels,
                                    const std::vector<std::uint32_t>& queries) {
  std::vector<std::uint32_t> rows;
  for (std::uint32_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0 && !std::ranges::binary_search(queries, i)) rows.push_back(i);
  }
  return rows;
}

}  // namespace

void choose_queries(JudgeReport& report, MatrixView rows, const judge::JudgeOptions& options) {
  const measure::Measure* measure = nullptr;
  for (const auto& section : report.judgement.sections) {
    if (section.protocol == judge::Protocol::retrieval) measure = main_measure(section);
  }
  if (measure == nullptr) return;
  std::vector<std::size_t> order(measure->rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return measure->values[i]; });
  std::vector<ShownQuery> shown;
  const std::size_t count = std::min(kQueriesShown, order.size() / 2);
  for (std::size_t i = 0; i < 2 * count; ++i) {
    const std::size_t at = i < count ? order[i] : order[order.size() - 1 - (i - count)];
    shown.push_back({measure->rows[at], measure->values[at], {}});
  }
  std::vector<std::uint32_t> places;
  for (const ShownQuery& query : shown) places.push_back(query.row);
  const auto gallery = searched(report.judgement.labels, options.queries);
  measure::for_nearest(
      measure::rows_at(rows, places), measure::rows_at(rows, gallery),
      {.metric = options.metric, .k = kNearestShown + 1, .threads = options.threads}, {},
      [&](std::size_t q, std::span<const index::Neighbor> nearest) {
        for (const auto& neighbor : nearest) {
          const std::uint32_t row = gallery[static_cast<std::size_t>(neighbor.id)];
          if (row != places[q] && shown[q].nearest.size() < kNearestShown) {
            shown[q].nearest.push_back(row);
          }
        }
      });
  const auto middle = shown.begin() + static_cast<std::ptrdiff_t>(count);
  report.worst.assign(shown.begin(), middle);
  report.best.assign(middle, shown.end());
}

}  // namespace alike::actions

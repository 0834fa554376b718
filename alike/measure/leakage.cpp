#include "alike/measure/leakage.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "alike/base/error.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

[[noreturn]] void refuse(const std::string& why) { throw Error(ErrorCode::invalid_argument, why); }

void check(MatrixView rows, const Split& split, std::span<const std::string> contents,
           double similarity) {
  if (!(similarity > 0 && similarity <= 1)) {
    refuse("pictures count as one from a similarity of " + std::to_string(similarity) +
           "; it must be above 0 and at most 1");
  }
  if (split.train.empty() || split.test.empty()) {
    refuse("one side of the split has no rows; leakage needs rows of train and of test");
  }
  if (!contents.empty() && contents.size() != rows.rows) {
    refuse("there are hashes of " + std::to_string(contents.size()) + " files for " +
           std::to_string(rows.rows) + " rows; give one for each, or none");
  }
  for (const auto* side : {&split.train, &split.test}) {
    const std::uint32_t last = *std::ranges::max_element(*side);
    if (last >= rows.rows) {
      refuse("the split names row " + std::to_string(last) + "; there are " +
             std::to_string(rows.rows) + ", counted from 0");
    }
  }
}

/// Where the content of a file of train lies; the first place of equal ones.
std::unordered_map<std::string_view, std::size_t> places_of(const Split& split,
                                                            std::span<const std::string> contents) {
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; !contents.empty() && i < split.train.size(); ++i) {
    const std::string& content = contents[split.train[i]];
    if (!content.empty()) places.try_emplace(content, i);
  }
  return places;
}

double similarity_at(double distance, double spread, index::Metric metric) {
  if (metric != index::Metric::l2) return 1 - distance;
  if (distance == 0) return 1;
  return spread > 0 ? 1 - distance * distance / (2 * spread) : 0;
}

}  // namespace

Leakage find_leakage(MatrixView rows, const Split& split, std::span<const std::string> contents,
                     const LeakageOptions& options, const Watcher& watcher) {
  check(rows, split, contents, options.similarity);
  const auto same = places_of(split, contents);
  const Matrix train = rows_at(rows, split.train), test = rows_at(rows, split.test);
  Leakage leakage;
  std::vector<double> leaked;
  const bool by_distance = options.metric == index::Metric::l2;
  const double spread = by_distance ? mean_square(train, true) : 0;
  const auto metric = by_distance ? index::Metric::l2 : index::Metric::cosine;
  for_nearest(
      test, train, {metric, 1, options.threads}, watcher,
      [&](std::size_t query, std::span<const index::Neighbor> nearest) {
        const std::uint32_t row = split.test[query];
        const double similarity = similarity_at(double{nearest[0].distance}, spread, metric);
        const auto equal =
            contents.empty() ? same.end() : same.find(std::string_view(contents[row]));
        const bool is_same = equal != same.end();
        const bool is_leak = is_same || similarity >= options.similarity;
        leaked.push_back(is_leak ? 1 : 0);
        if (!is_leak) return;
        const auto place = is_same ? equal->second : static_cast<std::size_t>(nearest[0].id);
        // A copy, byte for byte, has the nearest row, or one equal to it.
        leakage.leaks.push_back({row, split.train[place], similarity, is_same});
      });
  leakage.leaked = mean_of("leaked", split.test, std::move(leaked));
  return leakage;
}

}  // namespace alike::measure

#include "alike/search/fold.h"

#include <cmath>
#include <optional>

namespace alike::search {
namespace {

using Row = std::optional<std::vector<float>>;

bool near_duplicates(const Row& a, const Row& b) {
  if (!a || !b) return false;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a->size(); ++i) {
    const double x = (*a)[i], y = (*b)[i];
    ab += x * y, aa += x * x, bb += y * y;
  }
  return aa > 0 && bb > 0 && ab >= kNearDuplicate * std::sqrt(aa * bb);
}

}  // namespace

std::vector<Fold> fold_near_duplicates(const collection::Collection& collection,
                                       const Results& found) {
  std::vector<Fold> folds;
  std::vector<Row> rows;  // of the best of each
  for (std::size_t i = 0; i < found.results.size(); ++i) {
    Row row = collection.row(found.results[i].item.id, found.space.name);
    bool joined = false;
    for (std::size_t f = 0; f < folds.size() && !joined; ++f) {
      joined = near_duplicates(rows[f], row);
      if (joined) folds[f].followers.push_back(i);
    }
    if (joined) continue;
    folds.push_back({i, {}});
    rows.push_back(std::move(row));
  }
  return folds;
}

}  // namespace alike::search

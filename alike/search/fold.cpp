#include "alike/search/fold.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace alike::search {
namespace {

/// Numbers of two rows that are compared between checks for an early end.
constexpr std::size_t kPiece = 16;
/// Rounding of floats stays far below this.
constexpr float kMargin = 1e-3F;

bool near_duplicates(std::span<const float> a, std::span<const float> b) {
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double x = a[i], y = b[i];
    ab += x * y, aa += x * x, bb += y * y;
  }
  return aa > 0 && bb > 0 && ab >= kNearDuplicate * std::sqrt(aa * bb);
}

/// Whether two rows of length 1 are surely no near-duplicates: their squared distance is 2 minus
/// twice the cosine, and the sum of its first terms is past that soon.
bool surely_apart(std::span<const float> a, std::span<const float> b) {
  constexpr auto kFarthest = static_cast<float>(2 - 2 * kNearDuplicate) + kMargin;
  float distance = 0;
  for (std::size_t i = 0; i < a.size();) {
    for (const std::size_t end = std::min(a.size(), i + kPiece); i < end; ++i) {
      distance += (a[i] - b[i]) * (a[i] - b[i]);
    }
    if (distance > kFarthest) return true;
  }
  return false;
}

/// The rows as they are, but of length 1; rows of zeros stay so.
Matrix directions_of(const Matrix& rows) {
  Matrix scaled = rows;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    double square = 0;
    for (const float x : rows.row(i)) square += double{x} * x;
    if (square == 0) continue;
    const double length = std::sqrt(square);
    for (float& x : scaled.row(i)) x = static_cast<float>(x / length);
  }
  return scaled;
}

}  // namespace

std::vector<Fold> fold_near_duplicates(const collection::View& view, const Results& found) {
  std::vector<collection::ItemId> ids;
  for (const Result& result : found.results) ids.push_back(result.item.id);
  std::vector<bool> there;
  const Matrix rows = view.rows_of(ids, found.space.name, there);
  const Matrix directions = directions_of(rows);
  const auto same = [&](std::size_t a, std::size_t b) {
    return there[a] && there[b] && !surely_apart(directions.row(a), directions.row(b)) &&
           near_duplicates(rows.row(a), rows.row(b));
  };
  std::vector<Fold> folds;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto first =
        std::ranges::find_if(folds, [&](const Fold& fold) { return same(fold.best, i); });
    if (first != folds.end()) {
      first->followers.push_back(i);
    } else {
      folds.push_back({i, {}});
    }
  }
  return folds;
}

}  // namespace alike::search

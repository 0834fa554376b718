#include "alike/measure/learners/lloyd.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/index/kernels/kernels.h"

namespace alike::measure {
namespace {

constexpr std::size_t kLanes = index::kPanelQueries;
constexpr std::size_t kSomeRows = 64;  // multiplied together
constexpr std::size_t kPieces = 32;    // of the rows, each summed up by one thread
constexpr float kFar = std::numeric_limits<float>::infinity();

double squared_distance(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t kSums = 8;  // that do not wait for each other
  double sums[kSums] = {};
  const auto add = [&](std::size_t i) {
    const double step = double{a[i]} - double{b[i]};
    sums[i % kSums] += step * step;
  };
  std::size_t i = 0;
  for (; i + kSums <= a.size(); i += kSums) {
    for (std::size_t j = 0; j < kSums; ++j) add(i + j);
  }
  for (; i < a.size(); ++i) add(i);
  double all = 0;
  for (const double sum : sums) all += sum;
  return all;
}

}  // namespace

/// Centres as panels of `dot_panel`.
class CenterPanels {
 public:
  /// The nearest centre of a row, and |x - c|^2 - |x|^2 of it and of the next one.
  struct Nearest {
    std::size_t center = 0;
    float least = kFar, next = kFar;
  };

  /// Of the centres less `mean` (width), as rows are given.
  CenterPanels(const Matrix& centers, const std::vector<float>& mean)
      : count_(centers.rows()),
        width_(centers.width()),
        values_((count_ + kLanes - 1) / kLanes * width_ * kLanes) {
    for (std::size_t c = 0; c < count_; ++c) {
      float* panel = values_.data() + c / kLanes * width_ * kLanes + c % kLanes;
      double norm = 0;
      for (std::size_t j = 0; j < width_; ++j) {
        const float value = centers.row(c)[j] - mean[j];
        panel[j * kLanes] = value;
        norm += double{value} * double{value};
      }
      norms_.push_back(static_cast<float>(norm));
      longest_ = std::max(longest_, std::sqrt(static_cast<float>(norm)));
    }
  }
  /// Length of the longest centre.
  float longest() const { return longest_; }

  /// Calls `take(row, nearest)` for each of `count` rows.
  void nearest(const float* rows, std::size_t count, std::vector<float>& products,
               const auto& take) const {
    const std::size_t groups = (count_ + kLanes - 1) / kLanes;
    products.resize(groups * kSomeRows * kLanes);
    for (std::size_t g = 0; g < groups; ++g) {
      index::kernels().dot_panel(values_.data() + g * width_ * kLanes, rows, count, width_,
                                 products.data() + g * kSomeRows * kLanes);
    }
    for (std::size_t r = 0; r < count; ++r) {
      Nearest found;
      for (std::size_t c = 0; c < count_; ++c) {
        const float product = products[(c / kLanes * kSomeRows + r) * kLanes + c % kLanes];
        const float value = norms_[c] - 2 * product;
        if (value < found.least) {
          found = {c, value, found.least};
        } else {
          found.next = std::min(found.next, value);
        }
      }
      take(r, found);
    }
  }

 private:
  std::size_t count_, width_;
  std::vector<float> values_, norms_;
  float longest_ = 0;
};

Lloyd::Lloyd(MatrixView rows, const KMeansOptions& options)
    : rows_(rows),
      options_(options),
      clusters_(rows.rows, -1),
      near_(rows.rows, kFar),
      far_(rows.rows, 0),
      pieces_(std::min(kPieces, rows.rows)) {
  split();
  find_mean();
  find_lengths();
}

void Lloyd::for_pieces(const std::function<void(Piece&)>& work) {
  parallel_for(pieces_.size(), 1, options_.threads,
               [&](std::size_t at, std::size_t) { work(pieces_[at]); });
}

void Lloyd::split() {
  for (std::size_t p = 0; p < pieces_.size(); ++p) {
    pieces_[p].first = p * rows_.rows / pieces_.size();
    pieces_[p].end = (p + 1) * rows_.rows / pieces_.size();
    pieces_[p].sums.resize(options_.clusters * rows_.width);
    pieces_[p].counts.resize(options_.clusters);
    pieces_[p].gathered.resize(kSomeRows * rows_.width);
  }
}

void Lloyd::find_mean() {
  for_pieces([&](Piece& piece) {
    for (std::size_t r = piece.first; r < piece.end; ++r) {
      const float* row = rows_.row(r).data();
      for (std::size_t j = 0; j < rows_.width; ++j) piece.sums[j] += double{row[j]};
    }
  });
  mean_.resize(rows_.width);
  for (std::size_t j = 0; j < rows_.width; ++j) {
    double sum = 0;
    for (Piece& piece : pieces_) sum += std::exchange(piece.sums[j], 0.0);
    mean_[j] = static_cast<float>(sum / static_cast<double>(rows_.rows));
  }
}

/// Sets the lengths of the rows less the mean, and the mean variance of the columns.
void Lloyd::find_lengths() {
  lengths_.resize(rows_.rows);
  std::vector<double> squares(rows_.rows);
  for_pieces([&](Piece& piece) {
    for (std::size_t r = piece.first; r < piece.end; ++r) {
      squares[r] = squared_distance(rows_.row(r), mean_);
    }
  });
  for (std::size_t r = 0; r < rows_.rows; ++r) {
    const double length = std::sqrt(squares[r]);
    if (!(length < 1e18)) {
      throw Error(ErrorCode::invalid_argument,
                  "row " + std::to_string(r) + " is " + std::to_string(length) +
                      " away from the mean row; its square is too large for a float");
    }
    lengths_[r] = static_cast<float>(length);
    variance_ += squares[r];
  }
  variance_ /= static_cast<double>(rows_.rows * std::max<std::size_t>(1, rows_.width));
}

KMeans Lloyd::run(Matrix centers, const Watcher& watcher) {
  KMeans found;
  const double enough = options_.tolerance * variance_;
  std::vector<double> ways(centers.rows());  // that the centres went in the last round
  for (;;) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped; no clusters were found");
    }
    const std::size_t changed = assign(centers, ways);
    ++found.rounds;
    watcher.tell({found.rounds, options_.most_rounds, 0});
    if (changed == 0 || found.rounds >= options_.most_rounds) break;
    Matrix moved = means(centers);
    double all = 0;
    for (std::size_t c = 0; c < centers.rows(); ++c) {
      const double squared = squared_distance(centers.row(c), moved.row(c));
      ways[c] = std::sqrt(squared);
      all += squared;
    }
    centers = std::move(moved);
    if (all <= enough) {
      assign(centers, ways);
      break;
    }
  }
  found.inertia = inertia(centers);
  found.clusters = std::move(clusters_);
  found.centers = std::move(centers);
  return found;
}

/// Finds the nearest centres of `some` rows, at most kSomeRows, and moves them between the sums.
void Lloyd::measure(std::span<const std::uint32_t> some, const CenterPanels& panels, Piece& piece) {
  for (std::size_t i = 0; i < some.size(); ++i) {
    const float* row = rows_.row(some[i]).data();
    float* to = piece.gathered.data() + i * rows_.width;
    for (std::size_t j = 0; j < rows_.width; ++j) to[j] = row[j] - mean_[j];
  }
  panels.nearest(
      piece.gathered.data(), some.size(), piece.products, [&](std::size_t i, const auto& nearest) {
        const std::uint32_t r = some[i];
        // The rounding error of a squared distance (Higham 2002, 3.1).
        const float size = lengths_[r] + panels.longest();
        const float rounding = static_cast<float>(rows_.width + 8) * 0x1p-23F * size * size;
        const float square = lengths_[r] * lengths_[r];
        near_[r] = std::sqrt(std::max(0.0F, square + nearest.least) + rounding);
        far_[r] = std::sqrt(std::max(0.0F, square + nearest.next - rounding));
        const int before = std::exchange(clusters_[r], static_cast<int>(nearest.center));
        if (before == clusters_[r]) return;
        ++piece.changed;
        const auto add = [&](std::size_t center, double times) {
          double* sum = piece.sums.data() + center * rows_.width;
          const float* row = rows_.row(r).data();
          for (std::size_t j = 0; j < rows_.width; ++j) sum[j] += times * double{row[j]};
        };
        add(nearest.center, 1);
        ++piece.counts[nearest.center];
        if (before < 0) return;
        add(static_cast<std::size_t>(before), -1);
        --piece.counts[static_cast<std::size_t>(before)];
      });
}

/// Gives rows to their nearest centres, which went `ways` since the last time. Returns how many
/// changed.
std::size_t Lloyd::assign(const Matrix& centers, const std::vector<double>& ways) {
  const CenterPanels panels(centers, mean_);
  for_pieces([&](Piece& piece) {
    piece.changed = 0;
    std::vector<std::uint32_t> loose;
    for (std::size_t first = piece.first; first < piece.end; first += kSomeRows) {
      loosen(centers, ways, first, std::min(first + kSomeRows, piece.end), loose);
      while (loose.size() >= kSomeRows) {
        const auto last = std::span(loose).last(kSomeRows);
        measure(last, panels, piece);
        loose.resize(loose.size() - kSomeRows);
      }
    }
    if (!loose.empty()) measure(loose, panels, piece);
  });
  std::size_t changed = 0;
  for (const Piece& piece : pieces_) changed += piece.changed;
  return changed;
}

/// Widens the bounds of rows [first, end) by the ways of the centres, and appends to `loose` the
/// rows that may have another nearest centre now.
void Lloyd::loosen(const Matrix& centers, const std::vector<double>& ways, std::size_t first,
                   std::size_t end, std::vector<std::uint32_t>& loose) {
  constexpr float kUp = 1 + 0x1p-20F;  // bounds stay bounds, whatever is rounded here
  std::size_t most = 0;
  double next = 0;
  for (std::size_t c = 0; c < centers.rows(); ++c) {
    if (ways[c] > ways[most]) next = std::max(next, ways[most]), most = c;
    if (c != most) next = std::max(next, ways[c]);
  }
  for (std::size_t r = first; r < end; ++r) {
    if (clusters_[r] >= 0) {
      const auto own = static_cast<std::size_t>(clusters_[r]);
      near_[r] = (near_[r] + static_cast<float>(ways[own])) * kUp;
      far_[r] = far_[r] / kUp - static_cast<float>(own == most ? next : ways[most]) * kUp;
      if (near_[r] < far_[r]) continue;
    }
    loose.push_back(static_cast<std::uint32_t>(r));
  }
}

/// The mean row of each cluster; an empty one gets the row farthest from its centre.
Matrix Lloyd::means(const Matrix& centers) const {
  Matrix moved(centers.rows(), centers.width());
  std::vector<std::size_t> taken;
  for (std::size_t c = 0; c < centers.rows(); ++c) {
    std::vector<double> sum(rows_.width);
    std::size_t count = 0;
    for (const Piece& piece : pieces_) {
      count += piece.counts[c];
      for (std::size_t j = 0; j < rows_.width; ++j) sum[j] += piece.sums[c * rows_.width + j];
    }
    if (count == 0) {
      taken.push_back(farthest(centers, taken));
      std::ranges::copy(rows_.row(taken.back()), moved.row(c).begin());
      continue;
    }
    for (std::size_t j = 0; j < rows_.width; ++j) {
      moved.row(c)[j] = static_cast<float>(sum[j] / static_cast<double>(count));
    }
  }
  return moved;
}

/// The row farthest from its centre but for those that were taken.
std::size_t Lloyd::farthest(const Matrix& centers, const std::vector<std::size_t>& taken) const {
  std::size_t best = 0;
  double most = -1;
  for (std::size_t r = 0; r < rows_.rows; ++r) {
    if (std::ranges::count(taken, r) > 0) continue;
    const auto center = static_cast<std::size_t>(clusters_[r]);
    const double away = squared_distance(rows_.row(r), centers.row(center));
    if (away > most) best = r, most = away;
  }
  return best;
}

double Lloyd::inertia(const Matrix& centers) {
  std::vector<double> of_piece(pieces_.size());
  parallel_for(pieces_.size(), 1, options_.threads, [&](std::size_t at, std::size_t) {
    for (std::size_t r = pieces_[at].first; r < pieces_[at].end; ++r) {
      const auto center = static_cast<std::size_t>(clusters_[r]);
      of_piece[at] += squared_distance(rows_.row(r), centers.row(center));
    }
  });
  double all = 0;
  for (const double piece : of_piece) all += piece;
  return all;
}

}  // namespace alike::measure

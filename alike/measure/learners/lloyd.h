// Lloyd's iteration, of rows and their centres.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/measure/learners/kmeans.h"

namespace alike::measure {

class CenterPanels;

/// Gives each row to its nearest centre and moves the centres to the means, round by round. A row
/// is measured again only where the centres have moved so far that another may be nearer: an upper
/// bound of its distance from its own centre and a lower one from all others are kept (Hamerly, SDM
/// 2010), widened by the rounding error. The clusters are those of measuring all.
class Lloyd {
 public:
  /// Keeps references. Throws `invalid_argument` for a row too far from the mean for floats.
  Lloyd(MatrixView rows, const KMeansOptions& options);

  KMeans run(Matrix centers, const Watcher& watcher);

 private:
  /// Consecutive rows, which one thread at a time works on.
  struct Piece {
    std::size_t first = 0, end = 0;
    std::vector<double> sums;               // (clusters, width) of the rows of each cluster
    std::vector<std::size_t> counts;        // of them
    std::size_t changed = 0;                // rows that went to another cluster in this round
    std::vector<float> gathered, products;  // room for the rows that are measured together
  };

  /// Calls `work(piece)` for each piece, on several threads.
  void for_pieces(const std::function<void(Piece&)>& work);
  void split();
  void find_mean();
  void find_lengths();
  void measure(std::span<const std::uint32_t> some, const CenterPanels& panels, Piece& piece);
  std::size_t assign(const Matrix& centers, const std::vector<double>& ways);
  void loosen(const Matrix& centers, const std::vector<double>& ways, std::size_t first,
              std::size_t end, std::vector<std::uint32_t>& loose);
  Matrix means(const Matrix& centers) const;
  std::size_t farthest(const Matrix& centers, const std::vector<std::size_t>& taken) const;
  double inertia(const Matrix& centers);

  MatrixView rows_;
  const KMeansOptions& options_;
  std::vector<float> mean_;        // row, which products are relative to
  double variance_ = 0;            // mean of the columns
  std::vector<float> lengths_;     // of the rows less the mean
  std::vector<int> clusters_;      // of the rows; -1: not measured yet
  std::vector<float> near_, far_;  // bounds of the distances to the own and the next centre
  std::vector<Piece> pieces_;
};

}  // namespace alike::measure

// `factor_vae_score` of disentanglement.h.
#include <algorithm>
#include <limits>
#include <vector>

#include "alike/base/parallel.h"
#include "alike/measure/factors/factor_batches.h"
#include "alike/measure/factors/factor_check.h"

namespace alike::measure {
namespace {

/// Variance (n − 1) of each dimension over rows that are added one by one; relative to the first of
/// them, so that equal rows give 0 exactly.
class Variances {
 public:
  explicit Variances(std::size_t dims) : sums_(dims), squares_(dims) {}

  void add(std::span<const float> row) {
    if (count_++ == 0) first_.assign(row.begin(), row.end());
    for (std::size_t d = 0; d < sums_.size(); ++d) {
      const double value = row[d] - first_[d];
      sums_[d] += value;
      squares_[d] += value * value;
    }
  }
  double of(std::size_t dim) const {
    const auto count = static_cast<double>(count_);
    return std::max(0.0, squares_[dim] - sums_[dim] * sums_[dim] / count) / (count - 1);
  }

 private:
  std::vector<double> first_, sums_, squares_;
  std::size_t count_ = 0;
};

struct Vote {
  std::size_t dim = 0, factor = 0;
};

}  // namespace

double factor_vae_score(MatrixView codes, const FactorTable& factors,
                        const DisentanglementOptions& options) {
  check_options(options);
  check_codes(codes, factors);
  const FactorBatches batches(factors, value_counts(factors));
  Variances all(codes.width);
  for (std::size_t i = 0; i < codes.rows; ++i) all.add(codes.row(i));
  const auto vote_of = [&](std::size_t number) {
    Random random(random_bits(options.seed, number));
    Vote vote{0, random.below(factors.factors())};
    const std::uint32_t row = batches.any_row(random);
    Variances batch(codes.width);
    for (std::size_t i = 0; i < options.batch; ++i) {
      batch.add(codes.row(batches.row_like(row, vote.factor, random)));
    }
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t d = 0; d < codes.width; ++d) {
      if (!(all.of(d) > 0) || batch.of(d) / all.of(d) >= least) continue;
      least = batch.of(d) / all.of(d);
      vote.dim = d;
    }
    return vote;
  };
  std::vector<Vote> votes(options.train_votes + options.test_votes);
  parallel_for(votes.size(), 64, options.threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) votes[i] = vote_of(i);
  });
  // (dims, factors) votes of the first batches: each dimension stands for the factor it has most
  // of.
  const std::size_t count = factors.factors();
  std::vector<std::size_t> learnt(codes.width * count);
  for (std::size_t i = 0; i < options.train_votes; ++i) {
    ++learnt[votes[i].dim * count + votes[i].factor];
  }
  double right = 0;
  for (std::size_t i = options.train_votes; i < votes.size(); ++i) {
    const auto of_dim = std::span(learnt).subspan(votes[i].dim * count, count);
    const auto best = std::ranges::max_element(of_dim) - of_dim.begin();
    right += static_cast<std::size_t>(best) == votes[i].factor ? 1 : 0;
  }
  return right / static_cast<double>(options.test_votes);
}

}  // namespace alike::measure

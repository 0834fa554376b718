#include "alike/encode/run/transform.h"

#include <Eigen/Core>
#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <cstring>

#include "alike/base/error.h"
#include "alike/base/file.h"

namespace alike::encode {
namespace {

using Columns = Eigen::MatrixXd;
using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::array<char, 8> kMagic{'a', 'l', 'i', 'k', 'e', 'P', 'C', 'A'};
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kMaxWidth = 1U << 28;
constexpr Eigen::Index kBlock = 1024;  ///< Columns or rows taken to double at a time.
constexpr double kNoVariance = 1e-12;  ///< Of the largest: below it a direction is rounding.

Eigen::Index index(std::size_t value) { return static_cast<Eigen::Index>(value); }

/// Eigenvectors of a covariance, largest eigenvalue first.
struct Axes {
  Eigen::MatrixXd vectors;  ///< In columns.
  Eigen::VectorXd values;
};

Axes largest(const Eigen::MatrixXd& lower, Eigen::Index count) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(lower);
  return {solver.eigenvectors().rightCols(count).rowwise().reverse(),
          solver.eigenvalues().tail(count).reverse().cwiseMax(0)};
}

/// The sample with its mean taken off, a block at a time.
class Centered {
 public:
  explicit Centered(MatrixView sample)
      : rows_(sample.data, index(sample.rows), index(sample.width)),
        mean_(Eigen::RowVectorXd::Zero(rows_.cols())) {
    for (Eigen::Index i = 0; i < rows_.rows(); ++i) mean_ += rows_.row(i).cast<double>();
    mean_ /= static_cast<double>(rows_.rows());
  }

  const Eigen::RowVectorXd& mean() const { return mean_; }
  double freedom() const {
    return static_cast<double>(std::max<Eigen::Index>(1, rows_.rows() - 1));
  }

  /// (width, width), its lower half.
  Eigen::MatrixXd covariance() const {
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(rows_.cols(), rows_.cols());
    for (Eigen::Index i = 0; i < rows_.rows(); i += kBlock) {
      const auto count = std::min(kBlock, rows_.rows() - i);
      const Columns block = rows_.middleRows(i, count).cast<double>().rowwise() - mean_;
      sum.selfadjointView<Eigen::Lower>().rankUpdate(block.transpose());
    }
    return sum / freedom();
  }

  /// (rows, rows), its lower half: the same eigenvalues as the covariance where rows are fewer.
  Eigen::MatrixXd gram() const {
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(rows_.rows(), rows_.rows());
    for_columns([&](Eigen::Index, const Columns& block) {
      sum.selfadjointView<Eigen::Lower>().rankUpdate(block);
    });
    return sum / freedom();
  }

  template <class Use>
  void for_columns(const Use& use) const {
    for (Eigen::Index j = 0; j < rows_.cols(); j += kBlock) {
      const auto count = std::min(kBlock, rows_.cols() - j);
      const Columns block =
          rows_.middleCols(j, count).cast<double>().rowwise() - mean_.segment(j, count);
      use(j, block);
    }
  }

 private:
  Eigen::Map<const Rows> rows_;
  Eigen::RowVectorXd mean_;
};

/// Axes of the covariance from those of the gram matrix: Xᵀu / |Xᵀu|.
Axes widened(const Axes& small, const Centered& centered, Eigen::Index width) {
  Axes axes{Eigen::MatrixXd(width, small.vectors.cols()), small.values};
  centered.for_columns([&](Eigen::Index j, const Columns& block) {
    axes.vectors.middleRows(j, block.cols()) = block.transpose() * small.vectors;
  });
  return axes;
}

/// Unit length, the largest entry positive, and zero where the sample does not vary: else the signs
/// would depend on the solver.
void settle(Axes& axes) {
  for (Eigen::Index k = 0; k < axes.values.size(); ++k) {
    auto axis = axes.vectors.col(k);
    if (axes.values[k] <= kNoVariance * axes.values[0]) {
      axis.setZero();
      axes.values[k] = 0;
      continue;
    }
    Eigen::Index largest = 0;
    axis.cwiseAbs().maxCoeff(&largest);
    axis /= axis[largest] < 0 ? -axis.norm() : axis.norm();
  }
}

/// The head before the numbers in the bytes.
struct Head {
  std::array<char, 8> magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t whiten = 0;
  std::uint32_t input = 0;
  std::uint32_t output = 0;
  std::uint64_t sample = 0;
};
static_assert(sizeof(Head) == 32);

std::uint64_t file_size(const Head& head) {
  const std::uint64_t floats =
      std::uint64_t{head.input} * (head.output + 1ULL) + 2ULL * head.output;
  return sizeof head + sizeof(std::int64_t) * head.sample + sizeof(float) * floats +
         sizeof(std::uint64_t);
}

}  // namespace

struct Pca::State {
  bool whiten = false;
  Eigen::VectorXf mean;
  Rows components;            ///< (output, input), not yet whitened.
  Eigen::VectorXf deviation;  ///< Of each component over the sample.
  std::vector<float> explained;
  std::vector<std::int64_t> ids;

  // From the above:
  Rows map;
  Eigen::VectorXf offset;

  /// y = map · x + offset.
  void make_map() {
    map = components;
    if (whiten) {
      for (Eigen::Index k = 0; k < map.rows(); ++k) {
        if (deviation[k] > 0) map.row(k) /= deviation[k];
      }
    }
    offset = (-map.cast<double>() * mean.cast<double>()).cast<float>();
  }
};

Pca Pca::fit(MatrixView sample, std::span<const std::int64_t> sample_ids,
             const PcaOptions& options) {
  const std::size_t most = std::min(sample.rows, sample.width);
  if (options.dimensions < 1 || options.dimensions > most) {
    throw Error(ErrorCode::invalid_argument, "PCA to " + std::to_string(options.dimensions) +
                                                 " dimensions needs that many rows "
                                                 "and numbers in each; there are " +
                                                 std::to_string(sample.rows) + " rows of " +
                                                 std::to_string(sample.width) + ": ask for 1 to " +
                                                 std::to_string(most));
  }
  const Centered centered(sample);
  const Eigen::Index count = index(options.dimensions);
  const bool few = sample.rows < sample.width;
  const Eigen::MatrixXd products = few ? centered.gram() : centered.covariance();
  Axes axes = largest(products, count);
  if (few) axes = widened(axes, centered, index(sample.width));
  settle(axes);

  auto state = std::make_shared<State>();
  state->whiten = options.whiten;
  state->mean = centered.mean().transpose().cast<float>();
  state->components = axes.vectors.transpose().cast<float>();
  state->deviation = axes.values.cwiseSqrt().cast<float>();
  const double total = std::max(products.trace(), 1e-300);
  for (const double value : axes.values) {
    state->explained.push_back(static_cast<float>(value / total));
  }
  state->ids.assign(sample_ids.begin(), sample_ids.end());
  state->make_map();
  Pca pca;
  pca.state_ = std::move(state);
  return pca;
}

std::size_t Pca::input_width() const { return static_cast<std::size_t>(state_->map.cols()); }
std::size_t Pca::output_width() const { return static_cast<std::size_t>(state_->map.rows()); }
bool Pca::whitens() const { return state_->whiten; }
std::span<const float> Pca::explained_variance() const { return state_->explained; }
std::span<const std::int64_t> Pca::sample_ids() const { return state_->ids; }

void Pca::apply(std::span<const float> row, std::span<float> out) const {
  const Eigen::Map<const Eigen::VectorXf> x(row.data(), index(row.size()));
  Eigen::Map<Eigen::VectorXf> y(out.data(), index(out.size()));
  y.noalias() = state_->map * x;
  y += state_->offset;
}

std::vector<std::byte> Pca::bytes() const {
  const Head head{.whiten = state_->whiten ? 1U : 0U,
                  .input = static_cast<std::uint32_t>(input_width()),
                  .output = static_cast<std::uint32_t>(output_width()),
                  .sample = state_->ids.size()};
  std::vector<std::byte> bytes(file_size(head));
  std::byte* to = bytes.data();
  const auto put = [&](const void* from, std::size_t size) {
    if (size > 0) std::memcpy(to, from, size);
    to += size;
  };
  const auto put_all = [&](const auto& values) {
    put(values.data(), static_cast<std::size_t>(values.size()) * sizeof(*values.data()));
  };
  put(&head, sizeof head);
  put_all(state_->ids);
  put_all(state_->mean);
  put_all(state_->deviation);
  put_all(state_->explained);
  put_all(state_->components);
  const std::uint64_t sum = checksum(std::span(bytes).first(bytes.size() - sizeof(std::uint64_t)));
  put(&sum, sizeof sum);
  return bytes;
}

Pca Pca::from_bytes(std::span<const std::byte> bytes, const std::string& what) {
  const auto refuse = [&](const std::string& trouble) {
    throw Error(ErrorCode::corrupt, what + " " + trouble + "; fill the space anew");
  };
  Head head;
  std::uint64_t sum = 0;
  if (bytes.size() < sizeof head + sizeof sum) refuse("is cut short");
  std::memcpy(&head, bytes.data(), sizeof head);
  std::memcpy(&sum, bytes.data() + bytes.size() - sizeof sum, sizeof sum);
  if (head.magic != kMagic || checksum(bytes.first(bytes.size() - sizeof sum)) != sum) {
    refuse("is damaged: its checksum differs");
  }
  if (head.version != kVersion) {
    throw Error(ErrorCode::unsupported, what + " has version " + std::to_string(head.version) +
                                            "; this alike reads version 1");
  }
  if (head.input < 1 || head.output < 1 || head.input > kMaxWidth || head.output > head.input ||
      head.sample > bytes.size()) {
    refuse("has impossible sizes");
  }
  if (bytes.size() != file_size(head)) {
    refuse("has another size than it says");
  }
  auto state = std::make_shared<State>();
  state->whiten = head.whiten != 0;
  state->ids.resize(head.sample);
  state->mean.resize(head.input);
  state->deviation.resize(head.output);
  state->explained.resize(head.output);
  state->components.resize(head.output, head.input);
  const std::byte* from = bytes.data() + sizeof head;
  const auto take = [&](auto& values) {
    const auto size = static_cast<std::size_t>(values.size()) * sizeof(*values.data());
    if (size > 0) std::memcpy(values.data(), from, size);
    from += size;
  };
  take(state->ids);
  take(state->mean);
  take(state->deviation);
  take(state->explained);
  take(state->components);
  state->make_map();
  Pca pca;
  pca.state_ = std::move(state);
  return pca;
}

void normalize(std::span<float> row) {
  double sum = 0;
  for (const float value : row) sum += double{value} * value;
  if (!(sum > 0)) return;
  const double scale = 1 / std::sqrt(sum);
  for (float& value : row) value = static_cast<float>(value * scale);
}

}  // namespace alike::encode

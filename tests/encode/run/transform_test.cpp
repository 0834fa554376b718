#include "alike/encode/run/transform.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "alike/base/file.h"
#include "tests/support/damage.h"

namespace alike::encode {
namespace {

/// Rows with directions of clearly different variance, not along the axes.
Matrix sample_rows(std::size_t rows, std::size_t width, std::uint64_t seed = 1) {
  Random random(seed);
  Matrix matrix(rows, width);
  for (std::size_t i = 0; i < rows; ++i) {
    std::vector<double> hidden(width);
    for (std::size_t j = 0; j < width; ++j) {
      hidden[j] = (random.uniform() - 0.5) * std::pow(0.6, static_cast<double>(j)) * 10;
    }
    for (std::size_t j = 0; j < width; ++j) {
      matrix.row(i)[j] =
          static_cast<float>(hidden[j] + 0.5 * hidden[(j + 1) % width] + static_cast<double>(j));
    }
  }
  return matrix;
}

std::vector<std::int64_t> ids(std::size_t rows) {
  std::vector<std::int64_t> numbers(rows);
  std::iota(numbers.begin(), numbers.end(), 50);
  return numbers;
}

/// The obvious twin: power iteration on the covariance, one direction after the other.
class SlowPca {
 public:
  SlowPca(const Matrix& sample, std::size_t count) : width_(sample.width()), mean_(width_) {
    for (std::size_t i = 0; i < sample.rows(); ++i) {
      for (std::size_t j = 0; j < width_; ++j) mean_[j] += sample.row(i)[j];
    }
    for (auto& value : mean_) value /= static_cast<double>(sample.rows());
    covariance_.resize(width_ * width_);
    for (std::size_t i = 0; i < sample.rows(); ++i) {
      for (std::size_t a = 0; a < width_; ++a) {
        for (std::size_t b = 0; b < width_; ++b) {
          covariance_[a * width_ + b] += (sample.row(i)[a] - mean_[a]) *
                                         (sample.row(i)[b] - mean_[b]) /
                                         static_cast<double>(sample.rows() - 1);
        }
      }
    }
    for (std::size_t j = 0; j < width_; ++j) total_ += covariance_[j * width_ + j];
    for (std::size_t k = 0; k < count; ++k) find_axis();
  }

  std::vector<double> apply(std::span<const float> row, bool whiten) const {
    std::vector<double> out;
    for (std::size_t k = 0; k < axes_.size(); ++k) {
      double sum = 0;
      for (std::size_t j = 0; j < width_; ++j) sum += (row[j] - mean_[j]) * axes_[k][j];
      out.push_back(whiten ? sum / std::sqrt(variances_[k]) : sum);
    }
    return out;
  }
  double share(std::size_t k) const { return variances_[k] / total_; }

 private:
  void find_axis() {
    std::vector<double> axis(width_, 1);
    double length = 0;
    for (int step = 0; step < 3000; ++step) {
      std::vector<double> next(width_);
      for (std::size_t a = 0; a < width_; ++a) {
        for (std::size_t b = 0; b < width_; ++b) next[a] += covariance_[a * width_ + b] * axis[b];
      }
      length = std::sqrt(std::inner_product(next.begin(), next.end(), next.begin(), 0.0));
      for (std::size_t j = 0; j < width_; ++j) axis[j] = next[j] / length;
    }
    double most = 0;  // the largest entry is positive
    for (const double value : axis) {
      if (std::abs(value) > std::abs(most)) most = value;
    }
    for (auto& value : axis) value = most < 0 ? -value : value;
    for (std::size_t a = 0; a < width_; ++a) {
      for (std::size_t b = 0; b < width_; ++b) {
        covariance_[a * width_ + b] -= length * axis[a] * axis[b];
      }
    }
    axes_.push_back(axis);
    variances_.push_back(length);
  }

  std::size_t width_;
  std::vector<double> mean_;
  std::vector<double> covariance_;
  double total_ = 0;
  std::vector<std::vector<double>> axes_;
  std::vector<double> variances_;
};

std::vector<float> applied(const Pca& pca, std::span<const float> row) {
  std::vector<float> out(pca.output_width());
  pca.apply(row, out);
  return out;
}

void expect_equal_to_the_twin(std::size_t rows, std::size_t width) {
  const Matrix sample = sample_rows(rows, width);
  const SlowPca slow(sample, 3);
  for (const bool whiten : {false, true}) {
    const Pca pca = Pca::fit(sample, ids(rows), {3, whiten});
    for (std::size_t i = 0; i < rows; ++i) {
      const auto got = applied(pca, sample.row(i));
      const auto wanted = slow.apply(sample.row(i), whiten);
      for (std::size_t k = 0; k < 3; ++k) ASSERT_NEAR(got[k], wanted[k], 2e-4) << i << " " << k;
    }
    for (std::size_t k = 0; k < 3; ++k)
      EXPECT_NEAR(pca.explained_variance()[k], slow.share(k), 1e-5);
  }
}

TEST(Pca, equals_power_iteration_where_rows_are_many) { expect_equal_to_the_twin(60, 8); }

TEST(Pca, equals_power_iteration_where_rows_are_few) { expect_equal_to_the_twin(9, 20); }

TEST(Pca, whitened_components_have_deviation_1_and_no_correlation) {
  const Matrix sample = sample_rows(200, 12);
  const Pca pca = Pca::fit(sample, ids(200), {5, true});
  std::vector<double> products(25);
  for (std::size_t i = 0; i < 200; ++i) {
    const auto row = applied(pca, sample.row(i));
    for (std::size_t a = 0; a < 5; ++a) {
      for (std::size_t b = 0; b < 5; ++b) products[a * 5 + b] += double{row[a]} * row[b] / 199;
    }
  }
  for (std::size_t a = 0; a < 5; ++a) {
    for (std::size_t b = 0; b < 5; ++b) EXPECT_NEAR(products[a * 5 + b], a == b ? 1 : 0, 1e-3);
  }
}

TEST(Pca, full_width_keeps_distances) {
  const Matrix sample = sample_rows(40, 6);
  const Pca pca = Pca::fit(sample, ids(40), {6, false});
  const auto distance = [](std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += (double{a[i]} - b[i]) * (double{a[i]} - b[i]);
    return std::sqrt(sum);
  };
  for (std::size_t i = 1; i < 40; ++i) {
    EXPECT_NEAR(distance(applied(pca, sample.row(0)), applied(pca, sample.row(i))),
                distance(sample.row(0), sample.row(i)), 1e-4);
  }
}

TEST(Pca, directions_in_which_the_sample_does_not_vary_become_zero) {
  Matrix sample(10, 4);
  for (std::size_t i = 0; i < 10; ++i) {
    sample.row(i)[0] = static_cast<float>(i);
    sample.row(i)[1] = 7;
  }
  for (const bool whiten : {false, true}) {
    const Pca pca = Pca::fit(sample, ids(10), {3, whiten});
    for (std::size_t i = 0; i < 10; ++i) {
      const auto row = applied(pca, sample.row(i));
      EXPECT_TRUE(std::isfinite(row[0]));
      EXPECT_EQ(row[1], 0);
      EXPECT_EQ(row[2], 0);
    }
  }
  const Pca flat = Pca::fit(Matrix(5, 4), ids(5), {2, true});
  EXPECT_EQ(applied(flat, Matrix(1, 4).row(0)), (std::vector<float>{0, 0}));
}

TEST(Pca, more_dimensions_than_rows_or_numbers_are_refused) {
  const auto refused = [](std::size_t rows, std::size_t width, std::size_t dimensions) {
    EXPECT_EQ(test::outcome([&] {
                Pca::fit(Matrix(rows, width), ids(rows), {dimensions, false});
              }),
              ErrorCode::invalid_argument);
  };
  refused(5, 8, 6);
  refused(8, 5, 6);
  refused(8, 5, 0);
  refused(0, 5, 1);
}

TEST(Pca, bytes_give_the_same_transform_back) {
  const Matrix sample = sample_rows(30, 7);
  for (const bool whiten : {false, true}) {
    const Pca pca = Pca::fit(sample, ids(30), {4, whiten});
    const Pca read = Pca::from_bytes(pca.bytes(), "it");
    EXPECT_EQ(read.input_width(), 7u);
    EXPECT_EQ(read.output_width(), 4u);
    EXPECT_EQ(read.whitens(), whiten);
    EXPECT_TRUE(std::ranges::equal(read.sample_ids(), ids(30)));
    EXPECT_TRUE(std::ranges::equal(read.explained_variance(), pca.explained_variance()));
    EXPECT_EQ(applied(read, sample.row(3)), applied(pca, sample.row(3)));
    EXPECT_EQ(read.bytes(), pca.bytes());
  }
}

std::string small_file() {
  const auto bytes = Pca::fit(sample_rows(6, 4), ids(6), {2, true}).bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::optional<ErrorCode> outcome(const std::string& file) {
  return test::outcome([&] { Pca::from_bytes(std::as_bytes(std::span(file)), "it"); });
}

TEST(Pca, every_truncation_and_flipped_bit_is_corrupt) {
  test::each_truncation(
      small_file(), [](const std::string& file) { EXPECT_EQ(outcome(file), ErrorCode::corrupt); });
  test::each_flip(small_file(), 100'000,
                  [](const std::string& file) { EXPECT_EQ(outcome(file), ErrorCode::corrupt); });
}

TEST(Pca, sizes_that_cannot_be_are_refused_behind_a_valid_checksum) {
  const auto with = [](std::size_t place, auto value) {
    std::string file = small_file();
    std::memcpy(file.data() + place, &value, sizeof value);
    const auto sum = checksum(bytes_of(file.substr(0, file.size() - 8)));
    std::memcpy(file.data() + file.size() - 8, &sum, sizeof sum);
    return outcome(file);
  };
  constexpr std::size_t kVersion = 8;
  constexpr std::size_t kInput = 16;
  constexpr std::size_t kOutput = 20;
  constexpr std::size_t kSample = 24;
  EXPECT_EQ(with(kVersion, 2U), ErrorCode::unsupported);
  for (const auto size : {0U, 3U, 5U, 1U << 20, ~0U}) {
    EXPECT_EQ(with(kInput, size), ErrorCode::corrupt);
    EXPECT_EQ(with(kOutput, size), ErrorCode::corrupt);
  }
  for (const std::uint64_t size : {0ULL, 7ULL, ~0ULL, 1ULL << 61}) {
    EXPECT_EQ(with(kSample, size), ErrorCode::corrupt);
  }
}

TEST(Normalise, gives_length_1_and_leaves_zeros) {
  std::vector<float> row{3, -4, 0};
  normalize(row);
  EXPECT_EQ(row, (std::vector<float>{0.6F, -0.8F, 0}));
  std::vector<float> zeros(4);
  normalize(zeros);
  EXPECT_EQ(zeros, std::vector<float>(4));
  std::vector<float> large(100, 3e38F);
  normalize(large);
  EXPECT_NEAR(large[0], 0.1, 1e-6);
  std::vector<float> tiny(4, 1e-40F);
  normalize(tiny);
  EXPECT_NEAR(tiny[0], 0.5, 1e-6);
}

}  // namespace
}  // namespace alike::encode

#include "alike/map/pca_layout.h"

#include <gtest/gtest.h>

#include <Eigen/Dense>
#include <cmath>
#include <limits>
#include <string>

#include "alike/base/error.h"
#include "tests/support/matrix_rows.h"
#include "tests/support/random_matrix.h"

namespace alike::map {
namespace {

using index::Metric;
using test::MatrixRows;

PcaLayout layout_of(const Matrix& rows, Metric metric = Metric::l2, int threads = 1) {
  return pca_layout(std::make_shared<MatrixRows>(rows, 37), metric, threads);
}

/// The slow obvious twin: all eigenvectors of the covariance.
PcaLayout by_covariance(const Matrix& rows) {
  Eigen::MatrixXd x(rows.rows(), rows.width());
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    for (std::size_t i = 0; i < rows.width(); ++i) {
      x(static_cast<Eigen::Index>(r), static_cast<Eigen::Index>(i)) = rows.row(r)[i];
    }
  }
  x.rowwise() -= Eigen::RowVectorXd(x.colwise().mean());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solved(x.transpose() * x);
  PcaLayout layout;
  layout.points = Matrix(rows.rows(), 2);
  for (Eigen::Index axis = 0; axis < 2; ++axis) {
    Eigen::VectorXd component = solved.eigenvectors().col(x.cols() - 1 - axis);
    Eigen::Index at = 0;
    component.cwiseAbs().maxCoeff(&at);
    if (component(at) < 0) component = -component;
    const Eigen::VectorXd along = x * component;
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      layout.points.row(r)[static_cast<std::size_t>(axis)] =
          static_cast<float>(along(static_cast<Eigen::Index>(r)));
    }
    layout.explained[static_cast<std::size_t>(axis)] =
        solved.eigenvalues()(x.cols() - 1 - axis) / solved.eigenvalues().sum();
  }
  return layout;
}

TEST(PcaLayout, is_along_the_leading_eigenvectors_of_the_covariance) {
  for (const std::size_t width : {3U, 40U}) {
    const Matrix rows = test::clustered_matrix(500, width, 3, 1, 6);
    const PcaLayout layout = layout_of(rows), twin = by_covariance(rows);
    for (std::size_t axis = 0; axis < 2; ++axis) {
      EXPECT_NEAR(layout.explained[axis], twin.explained[axis], 1e-5) << width;
      for (std::size_t r = 0; r < rows.rows(); ++r) {
        ASSERT_NEAR(layout.points.row(r)[axis], twin.points.row(r)[axis], 5e-3) << width;
      }
    }
    EXPECT_GT(layout.explained[0], layout.explained[1]);
  }
}

TEST(PcaLayout, is_the_same_for_any_number_of_threads) {
  const Matrix rows = test::clustered_matrix(9000, 24, 4, 1);
  const PcaLayout one = layout_of(rows, Metric::cosine, 1);
  for (const int threads : {2, 4}) {
    const PcaLayout other = layout_of(rows, Metric::cosine, threads);
    EXPECT_TRUE(std::equal(one.points.data(), one.points.data() + 18000, other.points.data()));
    EXPECT_EQ(one.explained, other.explained);
  }
}

TEST(PcaLayout, of_cosine_is_of_rows_of_length_one) {
  Matrix rows = test::clustered_matrix(200, 12, 5, 1);
  Matrix unit = rows;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    double squares = 0;
    for (const float value : rows.row(r)) squares += double{value} * value;
    for (float& value : unit.row(r)) value /= static_cast<float>(std::sqrt(squares));
    for (float& value : rows.row(r)) value *= static_cast<float>(1 + r % 7);
  }
  const PcaLayout a = layout_of(rows, Metric::cosine), b = layout_of(unit);
  for (std::size_t i = 0; i < 400; ++i) EXPECT_NEAR(a.points.data()[i], b.points.data()[i], 1e-4);
}

TEST(PcaLayout, passes_over_dead_rows) {
  const auto source = std::make_shared<MatrixRows>(test::clustered_matrix(90, 8, 6, 1), 16);
  Matrix living(60, 8);
  for (std::size_t i = 0, to = 0; i < 90; ++i) {
    source->dead()[i] = i % 3 == 1 ? 1 : 0;
    if (i % 3 != 1) std::ranges::copy(source->rows().row(i), living.row(to++).begin());
  }
  const PcaLayout a = pca_layout(source, Metric::l2, 2), b = layout_of(living);
  ASSERT_EQ(a.points.rows(), 60U);
  for (std::size_t i = 0; i < 120; ++i) EXPECT_NEAR(a.points.data()[i], b.points.data()[i], 1e-4);
}

TEST(PcaLayout, of_rows_that_differ_in_nothing_or_little_is_finite) {
  Matrix line(30, 5);
  for (std::size_t r = 0; r < 30; ++r) line.row(r)[2] = static_cast<float>(r);
  const PcaLayout along = layout_of(line);
  EXPECT_NEAR(along.explained[0], 1, 1e-6);
  EXPECT_NEAR(along.explained[1], 0, 1e-6);
  EXPECT_NEAR(along.points.row(29)[0] - along.points.row(0)[0], 29, 1e-3);

  Matrix equal(20, 5);
  for (std::size_t i = 0; i < 100; ++i) equal.data()[i] = 3.3F;
  for (const Matrix& rows : {equal, Matrix(1, 5), Matrix(2, 1), test::random_matrix(2, 3, 1)}) {
    const PcaLayout layout = layout_of(rows);
    for (std::size_t i = 0; i < 2 * rows.rows(); ++i) {
      EXPECT_TRUE(std::isfinite(layout.points.data()[i]));
    }
    EXPECT_LE(layout.explained[0], 1);
  }
  EXPECT_EQ(layout_of(equal).points.row(3)[0], 0);
}

TEST(PcaLayout, refuses_what_has_none) {
  EXPECT_THROW(layout_of(Matrix(0, 3)), Error);
  Matrix rows = test::random_matrix(50, 3, 1);
  rows.row(41)[1] = std::numeric_limits<float>::infinity();
  try {
    layout_of(rows);
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("row 41"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace alike::map

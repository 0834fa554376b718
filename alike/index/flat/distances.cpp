#include "alike/index/flat/distances.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>

#include "alike/base/error.h"

namespace alike::index {
namespace {

void dot_rows(const float* query, const float* rows, std::size_t count, std::size_t width,
              float* out, float* norms) {
  kernels().dot_rows(query, rows, count, width, out, norms);
}
void dot_rows(const float* query, const Half* rows, std::size_t count, std::size_t width,
              float* out, float* norms) {
  kernels().dot_half_rows(query, rows, count, width, out, norms);
}
void l2_squared_rows(const float* query, const float* rows, std::size_t count, std::size_t width,
                     float* out) {
  kernels().l2_squared_rows(query, rows, count, width, out);
}
void l2_squared_rows(const float* query, const Half* rows, std::size_t count, std::size_t width,
                     float* out) {
  kernels().l2_squared_half_rows(query, rows, count, width, out);
}

/// Cosine distances below this are measured anew: 1 − product keeps too few digits of them.
constexpr float kNearCosine = 1e-4F;
/// Squares between these are whole floats, with room for sums of them.
constexpr float kLeastSquare = 1e-30F, kMostSquare = 1e36F;

double number(float value) { return value; }
double number(Half value) {
  float wide = 0;
  kernels().widen(&value, 1, &wide);
  return wide;
}

template <class Number>
double square_of(const Number* row, std::size_t width) {
  double sum = 0;
  for (std::size_t i = 0; i < width; ++i) sum += number(row[i]) * number(row[i]);
  return sum;
}

/// |a/|a| − b/|b||² / 2, which is 1 − the cosine, to all digits of a float however small it is.
template <class Number>
float precise_cosine(std::span<const float> a, const Number* b) {
  const double of_a = square_of(a.data(), a.size()), of_b = square_of(b, a.size());
  if (of_a == 0 || of_b == 0) return 1;
  const double scale_a = 1 / std::sqrt(of_a), scale_b = 1 / std::sqrt(of_b);
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = a[i] * scale_a - number(b[i]) * scale_b;
    sum += difference * difference;
  }
  return static_cast<float>(std::min(sum / 2, 2.0));
}

template <class Number>
float precise_l2(std::span<const float> a, const Number* b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = a[i] - number(b[i]);
    sum += difference * difference;
  }
  return static_cast<float>(std::sqrt(sum));
}

/// Rows of length 1, so that a cosine is one product less per pair; a row of zeros stays.
Matrix unit_rows(MatrixView rows) {
  Matrix unit(rows.rows, rows.width);
  for (std::size_t r = 0; r < rows.rows; ++r) {
    double norm = 0;
    for (const double value : rows.row(r)) norm += value * value;
    const double scale = norm > 0 ? 1 / std::sqrt(norm) : 0;
    std::transform(rows.row(r).begin(), rows.row(r).end(), unit.row(r).begin(),
                   [&](float value) { return static_cast<float>(value * scale); });
  }
  return unit;
}

}  // namespace

float scale_of(float norm) { return norm > 0 ? 1 / std::sqrt(norm) : 0; }

void check_search(MatrixView queries, std::size_t width, const SearchOptions& options) {
  const auto refuse = [](const std::string& sentence) {
    throw Error(ErrorCode::invalid_argument, sentence);
  };
  if (options.k == 0) refuse("k is 0; ask for at least 1 neighbour");
  if (std::isnan(options.within)) refuse("the distance to look within is not a number");
  if (queries.width != width) {
    refuse("the query has " + std::to_string(queries.width) + " numbers and the rows have " +
           std::to_string(width) + "; use a query made by the same encoder and layer");
  }
  for (std::size_t i = 0; i < queries.rows * queries.width; ++i) {
    if (std::isfinite(queries.data[i])) continue;
    refuse("number " + std::to_string(i % width) + " of query " + std::to_string(i / width) +
           " is " + std::to_string(queries.data[i]) + "; queries must be finite");
  }
}

Distances::Distances(Metric metric, MatrixView queries) : metric_(metric), queries_(queries) {
  if (metric == Metric::cosine) unit_ = unit_rows(queries);
}

template <class Number>
void Distances::measure_rows(std::size_t q, const Number* rows, std::size_t count,
                             Scratch& scratch) const {
  const auto query = queries().row(q);
  scratch.distances.resize(count);
  float* out = scratch.distances.data();
  if (metric_ == Metric::l2) {
    l2_squared_rows(query.data(), rows, count, query.size(), out);
    for (std::size_t r = 0; r < count; ++r) {
      const bool whole = out[r] >= kLeastSquare && out[r] <= kMostSquare;
      out[r] = whole ? std::sqrt(out[r]) : precise_l2(query, rows + r * query.size());
    }
    return;
  }
  const bool scales_wanted = metric_ == Metric::cosine && scratch.scales.empty();
  if (scales_wanted) scratch.scales.resize(count);
  float* norms = scales_wanted ? scratch.scales.data() : nullptr;
  dot_rows(query.data(), rows, count, query.size(), out, norms);
  if (metric_ == Metric::inner_product) {
    for (std::size_t r = 0; r < count; ++r) out[r] = -out[r];
    return;
  }
  for (std::size_t r = 0; norms != nullptr && r < count; ++r) {
    const bool whole = norms[r] >= kLeastSquare && norms[r] <= kMostSquare;
    norms[r] = whole ? scale_of(norms[r]) : std::numeric_limits<float>::quiet_NaN();
  }
  for (std::size_t r = 0; r < count; ++r) {
    const float distance = 1 - out[r] * scratch.scales[r];
    const bool precise = distance >= kNearCosine && distance <= 2;
    out[r] = precise ? distance : precise_cosine(queries_.row(q), rows + r * query.size());
  }
}

void Distances::measure(std::size_t q, const float* rows, std::size_t count,
                        Scratch& scratch) const {
  measure_rows(q, rows, count, scratch);
}

void Distances::measure(std::size_t q, const Half* rows, std::size_t count,
                        Scratch& scratch) const {
  measure_rows(q, rows, count, scratch);
}

}  // namespace alike::index

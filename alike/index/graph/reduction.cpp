#include "alike/index/graph/reduction.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <tuple>
#include <utility>

#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/index/kernels/kernels.h"

namespace alike::index {
namespace {

constexpr std::uint64_t kSeed = 20110607;
constexpr std::size_t kSampleRows = 8192;
constexpr std::size_t kSampleBytes = 256 << 20;
constexpr double kRestCosine = 0.5;  ///< ρ that queries take; 0.3 to 0.6 find alike many.
constexpr int kRounds = 3;
constexpr float kLargest = 127;
constexpr int kOffset = 128;  // of the bytes of rows, which have no sign

/// The squared distance beyond which a row is far from all others: 16 times the median distance.
double far_square(std::vector<double> squares) {
  if (squares.empty()) return 0;
  const auto middle = squares.begin() + static_cast<std::ptrdiff_t>(squares.size() / 2);
  std::nth_element(squares.begin(), middle, squares.end());
  constexpr double kFar = 16;
  return kFar * kFar * *middle;
}

/// Added up in doubles and in one order, so that a graph does not depend on the level of a
/// processor: its links are made of this and of `dot_panel`.
double product_of(std::span<const float> a, std::span<const float> b) {
  constexpr std::size_t kChains = 8;
  double sums[kChains] = {};
  std::size_t i = 0;
  for (; i + kChains <= a.size(); i += kChains) {
    for (std::size_t c = 0; c < kChains; ++c) sums[c] += double{a[i + c]} * double{b[i + c]};
  }
  for (; i < a.size(); ++i) sums[0] += double{a[i]} * double{b[i]};
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

/// Infinite where a float could not hold it.
double square_of(std::span<const float> row) {
  const double square = product_of(row, row);
  return square <= double{std::numeric_limits<float>::max()}
             ? square
             : std::numeric_limits<double>::infinity();
}

double length_of(std::span<const float> row) { return std::sqrt(square_of(row)); }

/// `rows` as `Kernels::dot_panel` reads them, one panel after the other; zeros behind the last row.
std::vector<float> pack_panels(MatrixView rows) {
  const std::size_t panels = (rows.rows + kPanelQueries - 1) / kPanelQueries;
  std::vector<float> packed(panels * rows.width * kPanelQueries);
  for (std::size_t r = 0; r < rows.rows; ++r) {
    float* panel = packed.data() + r / kPanelQueries * rows.width * kPanelQueries;
    for (std::size_t i = 0; i < rows.width; ++i) {
      panel[i * kPanelQueries + r % kPanelQueries] = rows.data[r * rows.width + i];
    }
  }
  return packed;
}

/// Sets `out` (rows, count) to the products with the first `count` rows that were packed.
void multiply(const std::vector<float>& panels, MatrixView rows, std::size_t count, float* out) {
  std::vector<float> some(rows.rows * kPanelQueries);
  for (std::size_t first = 0; first < count; first += kPanelQueries) {
    kernels().dot_panel(panels.data() + first * rows.width, rows.data, rows.rows, rows.width,
                        some.data());
    const std::size_t wanted = std::min(kPanelQueries, count - first);
    for (std::size_t r = 0; r < rows.rows; ++r) {
      std::copy_n(some.data() + r * kPanelQueries, wanted, out + r * count + first);
    }
  }
}

/// (rows of b, rows of a): their products.
Matrix products(MatrixView a, MatrixView b, int threads) {
  Matrix all(b.rows, a.rows);
  const std::vector<float> panels = pack_panels(a);
  constexpr std::size_t kSome = 32;
  parallel_for(b.rows, kSome, threads, [&](std::size_t begin, std::size_t end) {
    multiply(panels, {b.data + begin * b.width, end - begin, b.width}, a.rows,
             all.data() + begin * a.rows);
  });
  return all;
}

Matrix transposed(MatrixView rows) {
  Matrix columns(rows.width, rows.rows);
  for (std::size_t r = 0; r < rows.rows; ++r) {
    for (std::size_t c = 0; c < rows.width; ++c) columns.row(c)[r] = rows.data[r * rows.width + c];
  }
  return columns;
}

void fill(std::span<float> row, Random& random) {
  for (float& value : row) value = static_cast<float>(random.uniform() - 0.5);
}

/// Makes the rows orthonormal (Gram-Schmidt, twice); one that depends on those before it is drawn
/// anew.
void orthonormalize(Matrix& rows, Random& random) {
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    const auto row = rows.row(r);
    for (int attempt = 0; attempt < 3; ++attempt) {
      const double before = length_of(row);
      for (std::size_t other = 0; other < 2 * r; ++other) {
        const auto done = rows.row(other % r);
        const auto along = static_cast<float>(product_of(done, row));
        for (std::size_t i = 0; i < row.size(); ++i) row[i] -= along * done[i];
      }
      const double left = length_of(row);
      if (left > 1e-5 * before && std::isfinite(left)) {
        for (float& value : row) value = static_cast<float>(value / left);
        break;
      }
      fill(row, random);
    }
  }
}

/// The centre of the rows and their squared distances from it. One row far from all others would
/// draw the mean away from them, until bytes could not tell them apart: those much farther than the
/// median are left out of it.
std::pair<std::vector<float>, std::vector<double>> robust_center(const Matrix& rows) {
  constexpr int kMostRounds = 4;
  const std::size_t count = rows.rows();
  std::vector<bool> usual(count, true);
  std::vector<float> center(rows.width());
  std::vector<double> squares(count);
  for (int round = 0; round < kMostRounds; ++round) {
    std::vector<double> sum(rows.width());
    std::size_t counted = 0;
    for (std::size_t r = 0; r < count; ++r) {
      if (!usual[r]) continue;
      ++counted;
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += rows.row(r)[i];
    }
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const auto mean = static_cast<float>(counted > 0 ? sum[i] / static_cast<double>(counted) : 0);
      center[i] = std::isfinite(mean) ? mean : 0;
    }
    std::vector<float> rest(rows.width());
    for (std::size_t r = 0; r < count; ++r) {
      for (std::size_t i = 0; i < rest.size(); ++i) rest[i] = rows.row(r)[i] - center[i];
      squares[r] = square_of(rest);
    }
    const double most = far_square(squares);
    bool changed = false;
    for (std::size_t r = 0; r < count; ++r) {
      const bool is_usual = squares[r] <= most;
      changed = changed || is_usual != usual[r];
      usual[r] = is_usual;
    }
    if (!changed) break;
  }
  return {std::move(center), std::move(squares)};
}

/// The rows that are not far from `center`, less it.
Matrix usual_rows(const Matrix& rows, const std::vector<float>& center,
                  const std::vector<double>& squares) {
  const double most = far_square(squares);
  const auto count = static_cast<std::size_t>(
      std::ranges::count_if(squares, [&](double square) { return square <= most; }));
  Matrix usual(count, rows.width());
  std::size_t to = 0;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    if (squares[r] > most) continue;
    for (std::size_t i = 0; i < center.size(); ++i) usual.row(to)[i] = rows.row(r)[i] - center[i];
    ++to;
  }
  return usual;
}

/// The rows of an even sample that are there.
Matrix sample_of(const RowSource& rows, Metric metric) {
  const std::size_t width = rows.width();
  std::uint64_t all = 0;
  for (std::size_t b = 0; b < rows.block_count(); ++b) all += rows.block_rows(b);
  const std::uint64_t most =
      std::clamp<std::uint64_t>(kSampleBytes / (sizeof(float) * width), 1, kSampleRows);
  const std::uint64_t step = std::max<std::uint64_t>(1, all / most);
  std::vector<float> values;
  std::uint64_t before = 0;
  for (std::size_t b = 0; b < rows.block_count(); ++b) {
    const std::size_t count = rows.block_rows(b);
    const std::uint64_t first = (step - before % step) % step;
    before += count;
    if (first >= count) continue;
    const RowBlock keys = rows.keys(b);
    for (std::size_t r = first; r < count; r += step) {
      if (keys.dead != nullptr && keys.dead[r] != 0) continue;
      const std::span<const float> row(rows.values(b, r), width);
      const double length = metric == Metric::cosine ? length_of(row) : 1;
      if (!std::isfinite(length)) continue;
      for (const float value : row) {
        values.push_back(length > 0 ? static_cast<float>(value / length) : 0);
      }
    }
  }
  Matrix sample(values.size() / width, width);
  std::copy(values.begin(), values.end(), sample.data());
  return sample;
}

}  // namespace

Reduction Reduction::fit(const RowSource& rows, Metric metric, std::size_t stride, int threads) {
  Parts made;
  made.metric = metric;
  made.stride = stride;
  Matrix sample = sample_of(rows, metric);
  std::vector<double> squares;
  std::tie(made.center, squares) = robust_center(sample);
  // Products need the longest of all, however far it lies.
  for (const double square : squares) made.longest = std::max(made.longest, square);
  sample = usual_rows(sample, made.center, squares);
  double variance = 0;
  for (std::size_t r = 0; r < sample.rows(); ++r) variance += square_of(sample.row(r));
  const std::size_t room = stride - kFactorBytes;
  made.dimensions = std::min(rows.width(), room);
  if (rows.width() <= room) return Reduction(std::move(made));
  made.dimensions = std::clamp<std::size_t>(sample.rows(), 1, room);  // few rows span no more

  Random random(kSeed);
  Matrix basis(made.dimensions, rows.width());
  for (std::size_t d = 0; d < made.dimensions; ++d) fill(basis.row(d), random);
  orthonormalize(basis, random);
  if (sample.rows() > 0) {
    const Matrix columns = transposed(sample);
    for (int round = 0; round < kRounds; ++round) {
      const Matrix along = products(sample, basis, threads);
      basis = products(columns, along, threads);
      orthonormalize(basis, random);
    }
    const Matrix along = products(sample, basis, threads);
    double kept = 0;
    for (std::size_t d = 0; d < along.rows(); ++d) {
      kept += square_of(along.row(d));
    }
    made.explained = variance > 0 ? std::min(1.0, kept / variance) : 1;
  }
  // Turned at random, so that no component is much larger than the others and bytes fit all.
  Matrix turn(made.dimensions, made.dimensions);
  for (std::size_t d = 0; d < made.dimensions; ++d) fill(turn.row(d), random);
  orthonormalize(turn, random);
  made.components = pack_panels(products(transposed(basis), turn, threads));
  return Reduction(std::move(made));
}

/// Rows less the centre.
struct Reduction::Projected {
  Matrix components;            // (rows, dimensions)
  std::vector<double> squares;  // (rows) their squared lengths
  std::vector<bool> zero;       // (rows) zeros under cosine, which are at right angles to all
};

Reduction::Projected Reduction::project(MatrixView rows, bool are_queries) const {
  const bool product = parts_.metric == Metric::inner_product;
  Matrix rest(rows.rows, width());
  Projected made{Matrix(rows.rows, parts_.dimensions), {}, std::vector<bool>(rows.rows)};
  for (std::size_t r = 0; r < rows.rows; ++r) {
    const auto row = rows.row(r);
    float factor = 1;
    if (parts_.metric == Metric::cosine || (product && are_queries)) {
      // The length of a query does not change the order of its products.
      const double length = length_of(row);
      const double wanted = product ? std::sqrt(parts_.longest) : 1;
      factor = length > 0 ? static_cast<float>(wanted / length) : 0;
      made.zero[r] = !product && length == 0;
    }
    // The centre adds the same to all products of a query, so that queries of products keep theirs.
    const float less = product && are_queries ? 0 : 1;
    for (std::size_t i = 0; i < row.size(); ++i) {
      rest.row(r)[i] = row[i] * factor - less * parts_.center[i];
    }
    made.squares.push_back(square_of(rest.row(r)));
  }
  if (parts_.components.empty()) {
    made.components = std::move(rest);
  } else {
    multiply(parts_.components, rest, parts_.dimensions, made.components.data());
  }
  return made;
}

namespace {

/// Numbers as whole multiples of one scale.
struct Levels {
  float scale = 0;
  double square = 0;  // of their values
  std::int32_t sum = 0;
};

/// Writes the bytes of `components` plus `offset` to `out`.
Levels to_bytes(std::span<const float> components, int offset, std::uint8_t* out) {
  float largest = 0;
  for (const float value : components) largest = std::max(largest, std::abs(value));
  Levels levels;
  levels.scale = std::isfinite(largest) ? largest / kLargest : 0;
  const float inverse = levels.scale > 0 ? 1 / levels.scale : 0;
  for (std::size_t d = 0; d < components.size(); ++d) {
    const float scaled = std::clamp(components[d] * inverse, -kLargest, kLargest);
    const int level = std::isfinite(scaled) ? static_cast<int>(std::nearbyint(scaled)) : 0;
    levels.sum += level;
    levels.square += double{levels.scale} * levels.scale * level * level;
    out[d] = static_cast<std::uint8_t>(level + offset);
  }
  return levels;
}

}  // namespace

void Reduction::encode(const float* rows, std::size_t count, std::uint8_t* out) const {
  const bool product = parts_.metric == Metric::inner_product;
  const Projected projected = project({rows, count, width()}, false);
  std::fill_n(out, count * parts_.stride, std::uint8_t{0});
  for (std::size_t r = 0; r < count; ++r, out += parts_.stride) {
    const Levels levels = to_bytes(projected.components.row(r), kOffset, out);
    // As if a row of zeros had its length 1 in a direction of its own.
    const double whole =
        product ? parts_.longest : projected.squares[r] + (projected.zero[r] ? 1 : 0);
    const double beyond = std::isfinite(whole) ? std::max(0.0, whole - levels.square) : 0;
    const float factors[] = {levels.scale,
                             static_cast<float>(product ? whole : levels.square + beyond),
                             static_cast<float>(std::sqrt(beyond))};
    std::memcpy(out + parts_.stride - kFactorBytes, factors, kFactorBytes);
  }
}

std::vector<ReducedQuery> Reduction::queries(MatrixView queries) const {
  const Projected projected = project(queries, true);
  std::vector<ReducedQuery> made(queries.rows);
  for (std::size_t q = 0; q < queries.rows; ++q) {
    made[q].values.resize(parts_.stride);
    const Levels levels = to_bytes(projected.components.row(q), 0, made[q].values.data());
    const double square = projected.squares[q] + (projected.zero[q] ? 1 : 0);
    made[q].bias = kOffset * levels.sum;
    made[q].scale = 2 * levels.scale;
    made[q].square = static_cast<float>(square);
    if (parts_.metric == Metric::inner_product) continue;
    const double rest = 2 * std::sqrt(std::max(0.0, square - levels.square));
    made[q].beyond = static_cast<float>(kRestCosine * rest);
    made[q].slack = static_cast<float>((1 - kRestCosine) * rest);
  }
  return made;
}

void Reduction::as_query(const std::uint8_t* row, ReducedQuery& query) const {
  query.values.resize(parts_.stride);
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < parts_.stride; ++i) query.values[i] = row[i] ^ 128;
  for (std::size_t i = parts_.dimensions; i < parts_.stride; ++i) query.values[i] = 0;
  for (std::size_t i = 0; i < parts_.stride; ++i) sum += static_cast<std::int8_t>(query.values[i]);
  const auto* factors = reinterpret_cast<const float*>(row + parts_.stride - kFactorBytes);
  query.bias = kOffset * sum;
  query.scale = 2 * factors[0];
  query.square = factors[1];
  query.beyond = 2 * factors[2];
  query.slack = 0;
}

}  // namespace alike::index

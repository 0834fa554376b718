// The loops that the vector levels share; a level brings its vector type and nothing else.
#pragma once

#include <cstddef>

#include "alike/index/kernels/kernels.h"

namespace alike::index {

/// `V` defines a vector of floats: `Register`, `kLanes`, `kTileRows`, `zero`, `fill`, `load`,
/// `load_part` (the first `count` floats, zeros after them), both also of `Half`, `store`, `add`,
/// `subtract`, `fma`, `total`. It must be a type of one source file only, since each level is
/// compiled for another processor; for the same reason nothing here calls a function that other
/// files may share, such as std::min.
template <class V>
struct Loops {
  using Register = typename V::Register;

  struct Product {
    Register sum = V::zero();
    void add(Register a, Register b) { sum = V::fma(a, b, sum); }
    void join(const Product& other) { sum = V::add(sum, other.sum); }
  };
  struct SquaredDifference {
    Register sum = V::zero();
    void add(Register a, Register b) {
      const Register difference = V::subtract(a, b);
      sum = V::fma(difference, difference, sum);
    }
    void join(const SquaredDifference& other) { sum = V::add(sum, other.sum); }
  };
  /// Both while b is in a register: one query waits for memory.
  struct ProductAndNorm {
    Product product, norm;
    void add(Register a, Register b) {
      product.add(a, b);
      norm.add(b, b);
    }
    void join(const ProductAndNorm& other) {
      product.join(other.product);
      norm.join(other.norm);
    }
  };

  /// The sum over all (aᵢ, bᵢ) on four chains, enough to hide the latency of the multiply-add.
  template <class Sum, class Number>
  static Sum sum_of(const float* a, const Number* b, std::size_t width) {
    constexpr std::size_t kN = V::kLanes;
    Sum s0, s1, s2, s3;
    std::size_t i = 0;
    for (; i + 4 * kN <= width; i += 4 * kN) {
      s0.add(V::load(a + i), V::load(b + i));
      s1.add(V::load(a + i + kN), V::load(b + i + kN));
      s2.add(V::load(a + i + 2 * kN), V::load(b + i + 2 * kN));
      s3.add(V::load(a + i + 3 * kN), V::load(b + i + 3 * kN));
    }
    for (; i + kN <= width; i += kN) s0.add(V::load(a + i), V::load(b + i));
    if (i < width) s1.add(V::load_part(a + i, width - i), V::load_part(b + i, width - i));
    s0.join(s1);
    s2.join(s3);
    s0.join(s2);
    return s0;
  }

  template <class Number>
  static float dot(const float* a, const Number* b, std::size_t width) {
    return V::total(sum_of<Product>(a, b, width).sum);
  }

  template <class Number>
  static float l2_squared(const float* a, const Number* b, std::size_t width) {
    return V::total(sum_of<SquaredDifference>(a, b, width).sum);
  }

  template <class Number>
  static void dot_rows(const float* query, const Number* rows, std::size_t row_count,
                       std::size_t width, float* out, float* norms) {
    for (std::size_t r = 0; r < row_count; ++r, rows += width) {
      if (norms == nullptr) {
        out[r] = dot(query, rows, width);
        continue;
      }
      const auto both = sum_of<ProductAndNorm>(query, rows, width);
      out[r] = V::total(both.product.sum);
      norms[r] = V::total(both.norm.sum);
    }
  }

  template <class Number>
  static void l2_squared_rows(const float* query, const Number* rows, std::size_t row_count,
                              std::size_t width, float* out) {
    for (std::size_t r = 0; r < row_count; ++r) out[r] = l2_squared(query, rows + r * width, width);
  }

  static void widen(const Half* numbers, std::size_t count, float* out) {
    constexpr std::size_t kN = V::kLanes;
    std::size_t i = 0;
    for (; i + kN <= count; i += kN) V::store(out + i, V::load(numbers + i));
    if (i == count) return;
    float rest[kN];
    V::store(rest, V::load_part(numbers + i, count - i));
    for (std::size_t lane = 0; i < count; ++i, ++lane) out[i] = rest[lane];
  }

  /// The products of R rows with two registers of a panel's queries, a chain each. GCC 12 leaves
  /// the sums in memory without a pragma to unroll.
  template <std::size_t R>
  static void tile(const float* panel, const float* rows, std::size_t width, float* out) {
    Register left[R], right[R];
#pragma GCC unroll 16
    for (std::size_t r = 0; r < R; ++r) left[r] = right[r] = V::zero();
    for (std::size_t i = 0; i < width; ++i, panel += kPanelQueries) {
      const Register queries = V::load(panel), others = V::load(panel + V::kLanes);
#pragma GCC unroll 16
      for (std::size_t r = 0; r < R; ++r) {
        const Register value = V::fill(rows[r * width + i]);
        left[r] = V::fma(queries, value, left[r]);
        right[r] = V::fma(others, value, right[r]);
      }
    }
#pragma GCC unroll 16
    for (std::size_t r = 0; r < R; ++r) {
      V::store(out + r * kPanelQueries, left[r]);
      V::store(out + r * kPanelQueries + V::kLanes, right[r]);
    }
  }

  /// Tiles for all rows. The last ones overlap rather than leave rows to a slower loop.
  static void dot_panel(const float* panel, const float* rows, std::size_t row_count,
                        std::size_t width, float* out) {
    constexpr std::size_t kFew = 4;
    if (row_count == 0) return;  // `out` may be null
    for (std::size_t column = 0; column < kPanelQueries; column += 2 * V::kLanes) {
      const float* queries = panel + column;
      float* to = out + column;
      std::size_t r = 0;
      for (; r + V::kTileRows <= row_count; r += V::kTileRows) {
        tile<V::kTileRows>(queries, rows + r * width, width, to + r * kPanelQueries);
      }
      while (r < row_count) {
        if (row_count < kFew) {
          tile<1>(queries, rows + r * width, width, to + r * kPanelQueries);
          ++r;
          continue;
        }
        if (r + kFew > row_count) r = row_count - kFew;
        tile<kFew>(queries, rows + r * width, width, to + r * kPanelQueries);
        r += kFew;
      }
    }
  }

  static constexpr Kernels kTable{dot,      l2_squared,      dot_rows, l2_squared_rows,
                                  dot_rows, l2_squared_rows, widen,    dot_panel};
};

}  // namespace alike::index

// The loops that the vector levels share; a level brings its vector type and nothing else.
#pragma once

#include <cstddef>

#include "alike/index/kernels.h"

namespace alike::index {

/// `V` says what a vector of floats is: `Register`, `kLanes`, `kTileRows`, `zero`, `load`,
/// `load_part` (the first `count` floats, zeros after them), `add`, `subtract`, `fma`, `total`. It
/// must be a type of one source file only, since each level is compiled for another processor; for
/// the same reason nothing here calls a function that other files may share, such as std::min.
template <class V>
struct Loops {
  using Register = typename V::Register;

  template <std::size_t R>
  struct Rows {};

  struct Product {
    static Register add(Register a, Register b, Register sum) { return V::fma(a, b, sum); }
  };
  struct SquaredDifference {
    static Register add(Register a, Register b, Register sum) {
      const Register difference = V::subtract(a, b);
      return V::fma(difference, difference, sum);
    }
  };

  /// Σ term(aᵢ, bᵢ) on four chains, enough to hide the latency of the multiply-add.
  template <class Term>
  static float pair(const float* a, const float* b, std::size_t width) {
    constexpr std::size_t kN = V::kLanes;
    Register s0 = V::zero(), s1 = s0, s2 = s0, s3 = s0;
    std::size_t i = 0;
    for (; i + 4 * kN <= width; i += 4 * kN) {
      s0 = Term::add(V::load(a + i), V::load(b + i), s0);
      s1 = Term::add(V::load(a + i + kN), V::load(b + i + kN), s1);
      s2 = Term::add(V::load(a + i + 2 * kN), V::load(b + i + 2 * kN), s2);
      s3 = Term::add(V::load(a + i + 3 * kN), V::load(b + i + 3 * kN), s3);
    }
    for (; i + kN <= width; i += kN) s0 = Term::add(V::load(a + i), V::load(b + i), s0);
    if (i < width) {
      s1 = Term::add(V::load_part(a + i, width - i), V::load_part(b + i, width - i), s1);
    }
    return V::total(V::add(V::add(s0, s1), V::add(s2, s3)));
  }

  /// Adds the sums over `count` numbers of Q × R pairs to `out`. One chain a pair, whatever Q and R
  /// are, so that a pair's result does not depend on the tile it falls into.
  template <class Term, std::size_t Q, std::size_t R>
  static void tile(const float* queries, const float* rows, std::size_t width, std::size_t count,
                   float* out, std::size_t out_width) {
    Register sums[Q][R];
    for (auto& of_query : sums) {
      for (auto& sum : of_query) sum = V::zero();
    }
    const auto step = [&](std::size_t i, auto load) {
      Register row[R];
      for (std::size_t r = 0; r < R; ++r) row[r] = load(rows + r * width + i);
      for (std::size_t q = 0; q < Q; ++q) {
        const Register query = load(queries + q * width + i);
        for (std::size_t r = 0; r < R; ++r) sums[q][r] = Term::add(query, row[r], sums[q][r]);
      }
    };
    std::size_t i = 0;
    for (; i + V::kLanes <= count; i += V::kLanes) {
      step(i, [](const float* p) { return V::load(p); });
    }
    if (i < count) step(i, [&](const float* p) { return V::load_part(p, count - i); });
    for (std::size_t q = 0; q < Q; ++q) {
      for (std::size_t r = 0; r < R; ++r) out[q * out_width + r] += V::total(sums[q][r]);
    }
  }

  /// `tile` for any number of queries against R rows.
  template <class Term, std::size_t R>
  static void strip(const float* queries, std::size_t query_count, const float* rows,
                    std::size_t width, std::size_t count, float* out, std::size_t out_width) {
    std::size_t q = 0;
    for (; q + kTileQueries <= query_count; q += kTileQueries) {
      tile<Term, kTileQueries, R>(queries + q * width, rows, width, count, out + q * out_width,
                                  out_width);
    }
    for (; q < query_count; ++q) {
      tile<Term, 1, R>(queries + q * width, rows, width, count, out + q * out_width, out_width);
    }
  }

  /// All pairs, kStrip numbers at a time: long rows keep their rounding small and the queries in
  /// the first-level cache. The norms follow while the rows are still there.
  template <class Term>
  static void tiles(const float* queries, std::size_t query_count, const float* rows,
                    std::size_t row_count, std::size_t width, float* out, float* norms) {
    for (std::size_t i = 0; i < query_count * row_count; ++i) out[i] = 0;
    for (std::size_t r = 0; norms != nullptr && r < row_count; ++r) norms[r] = 0;
    for (std::size_t from = 0; from < width; from += kStrip) {
      const std::size_t count = width - from < kStrip ? width - from : kStrip;
      std::size_t r = 0;
      const auto go = [&]<std::size_t R>(Rows<R>) {
        for (; r + R <= row_count; r += R) {
          const float* some = rows + r * width + from;
          strip<Term, R>(queries + from, query_count, some, width, count, out + r, row_count);
          if (norms == nullptr) continue;
          for (std::size_t i = 0; i < R; ++i) {
            norms[r + i] += pair<Product>(some + i * width, some + i * width, count);
          }
        }
      };
      if (query_count > 1) go(Rows<V::kTileRows>{});  // one query reads memory in order instead
      go(Rows<1>{});
    }
  }

  static void dot_tile(const float* queries, std::size_t query_count, const float* rows,
                       std::size_t row_count, std::size_t width, float* out, float* norms) {
    tiles<Product>(queries, query_count, rows, row_count, width, out, norms);
  }

  static void l2_squared_tile(const float* queries, std::size_t query_count, const float* rows,
                              std::size_t row_count, std::size_t width, float* out) {
    tiles<SquaredDifference>(queries, query_count, rows, row_count, width, out, nullptr);
  }

  static constexpr std::size_t kStrip = 2048;

  static constexpr Kernels kTable{pair<Product>, pair<SquaredDifference>, dot_tile,
                                  l2_squared_tile};
};

}  // namespace alike::index

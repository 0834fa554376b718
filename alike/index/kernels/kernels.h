// Vector kernels: scalar, AVX2 and AVX-512 twins behind one table, chosen at run time.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/cpu.h"

namespace alike::index {

/// Queries that one pass over the rows serves at best.
inline constexpr std::size_t kPanelQueries = 32;

/// A number of IEEE 754 binary16, as its bits.
enum class Half : std::uint16_t {};

/// One level's functions. Widths are any number from 0; pointers need float alignment only, but
/// rows are read fastest from a multiple of 64 bytes. Results of two levels differ only by
/// rounding: at most about width · 2⁻²⁴ · Σ|aᵢbᵢ|.
struct Kernels {
  /// Σ aᵢ bᵢ
  float (*dot)(const float* a, const float* b, std::size_t width);
  /// Σ (aᵢ − bᵢ)²
  float (*l2_squared)(const float* a, const float* b, std::size_t width);
  /// out[r] = dot(query, row r) and norms[r] = dot(row r, row r), the same to the last bit, for
  /// compact rows; `norms` may be null.
  void (*dot_rows)(const float* query, const float* rows, std::size_t row_count, std::size_t width,
                   float* out, float* norms);
  /// out[r] = l2_squared(query, row r), as `dot_rows`.
  void (*l2_squared_rows)(const float* query, const float* rows, std::size_t row_count,
                          std::size_t width, float* out);
  /// `dot_rows` and `l2_squared_rows` for rows of half precision, each number taken as the float it
  /// is.
  void (*dot_half_rows)(const float* query, const Half* rows, std::size_t row_count,
                        std::size_t width, float* out, float* norms);
  void (*l2_squared_half_rows)(const float* query, const Half* rows, std::size_t row_count,
                               std::size_t width, float* out);
  /// out[i] = numbers[i], exactly.
  void (*widen)(const Half* numbers, std::size_t count, float* out);
  /// out[r · kPanelQueries + q] = ⟨query q, row r⟩ for a panel, which has number i of query q at
  /// [i · kPanelQueries + q]. Several times as fast as `dot` for each, and rounded otherwise: a
  /// chain of multiply-adds from i = 0, the same to the last bit at every level.
  void (*dot_panel)(const float* panel, const float* rows, std::size_t row_count, std::size_t width,
                    float* out);
};

/// The table of `level`; the processor must have it.
const Kernels& kernels(Simd level);
/// The table of `simd_level()`.
const Kernels& kernels();

}  // namespace alike::index

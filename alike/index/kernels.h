// Vector kernels: scalar, AVX2 and AVX-512 twins behind one table, chosen at run time.
#pragma once

#include <cstddef>
#include <span>

#include "alike/base/cpu.h"

namespace alike::index {

/// Queries that one pass over a row serves at best.
inline constexpr std::size_t kTileQueries = 4;

/// One level's functions. Widths are any number from 0; pointers need float alignment only. Results
/// of two levels differ only by rounding: at most about width · 2⁻²⁴ · Σ|aᵢbᵢ|.
struct Kernels {
  /// Σ aᵢ bᵢ
  float (*dot)(const float* a, const float* b, std::size_t width);
  /// Σ (aᵢ − bᵢ)²
  float (*l2_squared)(const float* a, const float* b, std::size_t width);
  /// out[q · row_count + r] = ⟨query q, row r⟩ and norms[r] = ⟨row r, row r⟩ for compact queries
  /// and rows; `norms` may be null. A pair's number does not depend on what else is in the call.
  /// Fastest for a multiple of `kTileQueries` queries.
  void (*dot_tile)(const float* queries, std::size_t query_count, const float* rows,
                   std::size_t row_count, std::size_t width, float* out, float* norms);
  /// out[q · row_count + r] = Σ (queryᵢ − rowᵢ)², as `dot_tile`.
  void (*l2_squared_tile)(const float* queries, std::size_t query_count, const float* rows,
                          std::size_t row_count, std::size_t width, float* out);
};

/// The table of `level`; the processor must have it.
const Kernels& kernels(Simd level);
/// The table of `simd_level()`.
const Kernels& kernels();

}  // namespace alike::index

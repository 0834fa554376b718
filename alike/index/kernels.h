// Vector kernels: scalar, AVX2 and AVX-512 twins behind one table, chosen at run time.
#pragma once

#include <cstddef>
#include <span>

#include "alike/base/cpu.h"

namespace alike::index {

/// One level's functions. Widths are any number from 0; pointers need float alignment only. Results
/// of two levels differ only by rounding: at most about width · 2⁻²⁴ · Σ|aᵢbᵢ|.
struct Kernels {
  /// Σ aᵢ bᵢ
  float (*dot)(const float* a, const float* b, std::size_t width);
  /// Σ (aᵢ − bᵢ)²
  float (*l2_squared)(const float* a, const float* b, std::size_t width);
  /// out[r] = ⟨query, row r⟩ and norms[r] = ⟨row r, row r⟩ for `rows` compact rows; `norms` may be
  /// null.
  void (*dot_rows)(const float* query, const float* rows, std::size_t count, std::size_t width,
                   float* out, float* norms);
  /// out[r] = Σ (queryᵢ − row rᵢ)²
  void (*l2_squared_rows)(const float* query, const float* rows, std::size_t count,
                          std::size_t width, float* out);
};

/// The table of `level`; the processor must have it.
const Kernels& kernels(Simd level);
/// The table of `simd_level()`.
const Kernels& kernels();

}  // namespace alike::index

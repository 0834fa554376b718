// Fourier transforms of eight lines at once, with the same bits on every machine.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "alike/base/cpu.h"

namespace alike::map {

/// Lines that are transformed side by side.
inline constexpr std::size_t kLines = 8;

/// Eight complex lines: number i of line j is at [i · kLines + j].
struct Lines {
  explicit Lines(std::size_t size) : re(size * kLines), im(size * kLines) {}
  std::vector<double> re, im;
};

struct FourierPlan;

/// The discrete Fourier transform X(k) = Σ x(n) e^(−2πi kn/size) of one size, by Stockham's
/// self-sorting algorithm of radix 4, 3 and 2 (Van Loan, Computational Frameworks for the FFT,
/// 1992). Immutable; safe from several threads.
class Fourier {
 public:
  /// `size` is 2ᵃ · 3ᵇ. The processor must have `level`, which changes no bit.
  explicit Fourier(std::size_t size, Simd level = simd_level());
  ~Fourier();
  std::size_t size() const { return size_; }
  /// Transforms `lines` in place; `room` is as large. With `re` and `im` exchanged before and after
  /// it is the inverse, but for the factor 1 / size.
  void transform(Lines& lines, Lines& room) const;

 private:
  std::unique_ptr<FourierPlan> plan_;
  std::size_t size_;
  Simd level_;
};

/// cos(2πx) for x in [0, 1], within 2e-15, by arithmetic alone.
double cosine_of_turns(double x);

}  // namespace alike::map

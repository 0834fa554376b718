// Fourier transforms of eight lines at once, with the same bits on every machine.
#pragma once

#include <cstddef>
#include <vector>

namespace alike::map {

/// Lines that are transformed side by side.
inline constexpr std::size_t kLines = 8;

/// Eight complex lines: number i of line j is at [i · kLines + j].
struct Lines {
  explicit Lines(std::size_t size) : re(size * kLines), im(size * kLines) {}
  std::vector<double> re, im;
};

/// The discrete Fourier transform X(k) = Σ x(n) e^(−2πi kn/size) of one size, by Stockham's
/// self-sorting algorithm of radix 4, 3 and 2 (Van Loan, Computational Frameworks for the FFT,
/// 1992). Immutable; safe from several threads.
class Fourier {
 public:
  /// `size` is 2ᵃ or 3 · 2ᵃ.
  explicit Fourier(std::size_t size);
  std::size_t size() const { return cosines_.size(); }
  /// Transforms `lines` in place; `room` is as large. With `re` and `im` exchanged before and after
  /// it is the inverse, but for the factor 1 / size.
  void transform(Lines& lines, Lines& room) const;

 private:
  std::vector<double> cosines_, sines_;  // of 2π i / size
  std::vector<std::size_t> radices_;
};

/// cos(2πx) for x in [0, 1], within 2e-15, by arithmetic alone.
double cosine_of_turns(double x);

}  // namespace alike::map

// The passes of a Fourier transform: scalar, AVX2 and AVX-512 twins, equal to the last bit.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/map/layout/fourier.h"

namespace alike::map {

/// The parameters of the passes.
struct FourierPlan {
  std::vector<double> cosines, sines;  ///< (size) of 2π i / size
  std::vector<std::size_t> radices;    ///< 2, 3 or 4; their product is the size.
};

void fourier_scalar(Lines& lines, Lines& room, const FourierPlan& plan);
/// Call only where `Simd::avx2` is.
void fourier_avx2(Lines& lines, Lines& room, const FourierPlan& plan);
/// Call only where `Simd::avx512` is.
void fourier_avx512(Lines& lines, Lines& room, const FourierPlan& plan);

}  // namespace alike::map

// The arithmetic of `resize`: weights in fixed point and the two passes that apply them. Private.
#pragma once

#include <cstdint>
#include <vector>

#include "alike/image/resize.h"

namespace alike::image {

/// Fraction bits of a weight: as in Pillow for 8-bit pixels.
constexpr int kWeightBits = 32 - 8 - 2;

/// For each output pixel of one direction, where its input begins and how its inputs are weighted.
struct Weights {
  int taps = 0;             ///< Weights kept for each output, padded with zeros.
  std::vector<int> first;   ///< (outputs) first input.
  std::vector<int> count;   ///< (outputs) inputs used, at most `taps`.
  std::vector<int> weight;  ///< (outputs, taps), scaled by 2^kWeightBits.
};

/// The weights that scale [begin, begin + extent) of `inputs` pixels to `outputs`, as Pillow's
/// precompute_coeffs makes them.
Weights make_weights(int inputs, double begin, double extent, int outputs,
                     Interpolation interpolation);

/// `rows` rows of `pixels` RGB pixels → as many rows of weights.first.size() pixels.
using RowPass = void (*)(const std::uint8_t* from, int pixels, int rows, const Weights& weights,
                         std::uint8_t* to);
/// Output row `y` of `bytes` values out of rows of that length; `from` is row 0.
using ColumnPass = void (*)(const std::uint8_t* from, std::size_t bytes, const Weights& weights,
                            std::size_t y, std::uint8_t* to);

struct Passes {
  RowPass row;
  ColumnPass column;
};

/// Plain C++, any processor: the truth.
Passes scalar_passes() noexcept;
/// For processors with AVX2; the same values to the bit.
Passes avx2_passes() noexcept;

}  // namespace alike::image

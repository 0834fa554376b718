// Common damage to pictures, of graded strength (after Hendrycks & Dietterich, ICLR 2019; noise,
// blur, JPEG and brightness have their numbers for ImageNet). Noise and JPEG work on the pixels
// given: the smaller a picture, the more they hurt.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "alike/image/image.h"

namespace alike::image {

enum class Corruption {
  noise,       ///< Gaussian, of standard deviation 0.08, 0.12, 0.18, 0.26, 0.38 of the full range.
  blur,        ///< Gaussian, of radius (σ) 1, 2, 3, 4, 6 pixels at a shorter side of 224.
  jpeg,        ///< Compressed at quality 25, 18, 15, 10, 7.
  crop,        ///< A part of the picture of 0.9, 0.8, 0.7, 0.6, 0.5 of its sides, scaled back.
  rotation,    ///< By 5, 10, 20, 30, 45 degrees, either way; corners repeat the nearest edge.
  brightness,  ///< 0.1, 0.2, 0.3, 0.4, 0.5 more of the full range (V of HSV).
};

inline constexpr std::array kCorruptions{Corruption::noise,    Corruption::blur,
                                         Corruption::jpeg,     Corruption::crop,
                                         Corruption::rotation, Corruption::brightness};
inline constexpr int kStrengths = 5;

/// "noise", "blur", "jpeg", "crop", "rotation", "brightness".
std::string_view name_of(Corruption corruption) noexcept;
/// Throws `invalid_argument` for another name.
Corruption corruption_from(std::string_view name);

/// The number of the list above for a strength of 1 to 5, the mildest first. Throws
/// `invalid_argument` for another.
double parameter_of(Corruption corruption, int strength);

/// The damaged picture, as large as the picture. `seed` decides the noise, the place of the crop
/// and the way of the rotation: give each picture its own. The same bytes for the same seed,
/// everywhere. Throws as `parameter_of`, and `invalid_argument` for a picture without pixels.
Image corrupt(const Image& picture, Corruption corruption, int strength, std::uint64_t seed);

}  // namespace alike::image

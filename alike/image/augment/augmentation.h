// Random changes to pictures, so that a network learning from them sees each one in many ways.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "alike/image/image.h"

namespace alike::image {

/// How pictures are changed. The parts come in this order, each where its chance or range says so;
/// the defaults change nothing but the size. `simclr_augmentation` is a strong one.
struct Augmentation {
  /// Share of the picture's area that is kept, and width ÷ height of that before it is scaled to a
  /// square ("random resized crop", Szegedy et al. 1409.4842). Where none of ten tries lies in the
  /// picture, the largest part in its middle is taken whose aspect is allowed, whatever its area.
  /// Where all are 1 the whole picture is kept, whatever its aspect.
  std::pair<double, double> area{1, 1};
  std::pair<double, double> aspect{1, 1};
  double flip = 0;  ///< Chance that left and right change places.
  /// Chance that the colours change, and by how much: factors of brightness, contrast and
  /// saturation within 1 ± these, a turn of the hue within ± this, [0, 0.5].
  double jitter = 0;
  double brightness = 0, contrast = 0, saturation = 0, hue = 0;
  double gray = 0;  ///< Chance that the colours go.
  double blur = 0;  ///< Chance of a Gaussian blur, and the range of its σ, pixels.
  std::pair<double, double> sigma{0.1, 2};
  double cut_out = 0;  ///< Chance that a square becomes grey, and its share of the area.
  double hole = 0.25;
};

/// That of SimCLR for pictures of so many pixels a side (Chen et al. 2002.05709, appendix A): crop
/// of 0.08 to 1, jitter 0.8, 0.8, 0.8, 0.2, grey 0.2, blur 0.5; no blur below 64 pixels.
Augmentation simclr_augmentation(int size);

/// `picture` changed and scaled to size × size pixels. The same bytes for the same seed, on every
/// machine and thread: give each picture of each epoch its own. Throws `invalid_argument` for a
/// picture without pixels, a size below 1 and a range or a chance that is none.
Image augment(const Image& picture, const Augmentation& how, int size, std::uint64_t seed);

/// Left and right change places.
Image flipped(Image picture);
/// Turned clockwise by `turns` quarters, 0 to 3 (RotNet, Gidaris et al. 1803.07728).
Image turned(const Image& picture, int turns);
/// Without colours: the luma of ITU-R BT.601 in all three channels, as Pillow rounds it.
Image without_color(Image picture);
/// Colours changed, in this order: brightness by a factor, contrast towards the mean luma,
/// saturation towards the luma, and the hue turned by a part of the circle. 1, 1, 1, 0 changes
/// nothing.
Image recolored(Image picture, double brightness, double contrast, double saturation, double hue);
/// `side`² squares of the picture, row by row, of the largest size that is whole (jigsaw, Noroozi
/// and Favaro 1603.09246). Throws `invalid_argument` for a side below 1 or above the picture's.
std::vector<Image> tiles(const Image& picture, int side);

}  // namespace alike::image

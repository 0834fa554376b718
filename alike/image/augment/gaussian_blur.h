// Blur by a Gaussian.
#pragma once

#include "alike/image/image.h"

namespace alike::image {

/// The picture blurred by a Gaussian of standard deviation `sigma`, pixels, cut off at 4 of them;
/// pixels of the edge go on beyond it. As it is for a `sigma` below 0.001. The same bytes
/// everywhere. Throws `invalid_argument` for one above 1000 and for NaN.
Image gaussian_blur(Image picture, double sigma);

}  // namespace alike::image

// Small pictures of large ones.
#pragma once

#include <cstddef>
#include <span>

#include "alike/image/image.h"

namespace alike::image {

/// The picture no larger than width × height, in its own proportions, not enlarged; upright, as
/// `decode`. Decodes no more than needed. Throws as `decode`.
Image thumbnail(std::span<const std::byte> bytes, int width, int height);

}  // namespace alike::image

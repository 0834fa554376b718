// Which libraries decode.
#pragma once

#include <string>

namespace alike::image {

/// "libjpeg-turbo 2.1.5, libpng 1.6.39, libwebp 1.2.4, …" of this process; libjpeg-turbo, giflib
/// and libtiff of the build. Libraries that the build lacks are not among them.
std::string codec_versions();

}  // namespace alike::image

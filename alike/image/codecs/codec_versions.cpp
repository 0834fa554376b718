#include "alike/image/codecs/codec_versions.h"

#include <webp/decode.h>

#include <cstdio>

// jpeglib.h needs size_t and FILE before it.
#include <jpeglib.h>
#include <png.h>

namespace alike::image {
namespace {

#define ALIKE_TEXT_OF(name) #name
#define ALIKE_TEXT(name) ALIKE_TEXT_OF(name)
constexpr const char* kJpeg = ALIKE_TEXT(LIBJPEG_TURBO_VERSION);

std::string webp_version() {
  const auto version = static_cast<unsigned>(WebPGetDecoderVersion());  // 0xMMmmrr
  return std::to_string(version >> 16) + "." + std::to_string(version >> 8 & 0xFF) + "." +
         std::to_string(version & 0xFF);
}

}  // namespace

std::string codec_versions() {
  return std::string("libjpeg-turbo ") + kJpeg + ", libpng " + png_get_libpng_ver(nullptr) +
         ", libwebp " + webp_version();
}

}  // namespace alike::image

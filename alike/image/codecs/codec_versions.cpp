#include "alike/image/codecs/codec_versions.h"

#include <webp/decode.h>

#ifdef ALIKE_GIF
#include <gif_lib.h>
#endif
#ifdef ALIKE_TIFF
#include <tiffvers.h>
#endif
#ifdef ALIKE_HEIF
#include <libheif/heif.h>
#endif

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

/// Of the libraries that a build may lack.
std::string further_versions() {
  std::string text;
#ifdef ALIKE_GIF
  text += ", giflib " ALIKE_TEXT(GIFLIB_MAJOR) "." ALIKE_TEXT(GIFLIB_MINOR) "." ALIKE_TEXT(
      GIFLIB_RELEASE);
#endif
#ifdef ALIKE_TIFF
  text += ", libtiff " ALIKE_TEXT(TIFFLIB_MAJOR_VERSION) "." ALIKE_TEXT(
      TIFFLIB_MINOR_VERSION) "." ALIKE_TEXT(TIFFLIB_MICRO_VERSION);
#endif
#ifdef ALIKE_HEIF
  text += std::string(", libheif ") + heif_get_version();
#endif
  return text;
}

}  // namespace

std::string codec_versions() {
  return std::string("libjpeg-turbo ") + kJpeg + ", libpng " + png_get_libpng_ver(nullptr) +
         ", libwebp " + webp_version() + further_versions();
}

}  // namespace alike::image

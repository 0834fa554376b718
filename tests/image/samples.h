// Pictures made for the tests, and files of them in the shapes of untrusted ones.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <jpeglib.h>
#include <lcms2.h>
#include <png.h>
#include <webp/encode.h>

#include "alike/base/error.h"
#include "alike/image/image.h"

namespace alike::image {

using File = std::vector<std::byte>;

inline std::size_t size(int value) { return static_cast<std::size_t>(value); }

inline std::uint8_t* pixel(Image& image, int x, int y) {
  return image.rgb.data() + 3 * (size(y) * size(image.width) + size(x));
}
inline const std::uint8_t* pixel(const Image& image, int x, int y) {
  return image.rgb.data() + 3 * (size(y) * size(image.width) + size(x));
}

/// Sharp and dense: a hard picture. The formula is also in reference_pillow.py.
inline Image patterned(int width, int height) {
  Image image{width, height, std::vector<std::uint8_t>(3 * size(width) * size(height))};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      for (int c = 0; c < 3; ++c) {
        pixel(image, x, y)[c] =
            static_cast<std::uint8_t>((37 * x + 91 * y + 53 * c + 7 * x * y) % 256);
      }
    }
  }
  return image;
}

/// Soft and coloured: like a photograph, survives JPEG well.
inline Image smooth(int width, int height) {
  Image image{width, height, std::vector<std::uint8_t>(3 * size(width) * size(height))};
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      pixel(image, x, y)[0] = static_cast<std::uint8_t>(40 + 180 * x / width);
      pixel(image, x, y)[1] = static_cast<std::uint8_t>(30 + 200 * y / height);
      pixel(image, x, y)[2] = static_cast<std::uint8_t>(200 - 150 * (x + y) / (width + height));
    }
  }
  return image;
}

inline int largest_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.width, b.width);
  EXPECT_EQ(a.height, b.height);
  if (a.rgb.size() != b.rgb.size()) return 256;
  int largest = 0;
  for (std::size_t i = 0; i < a.rgb.size(); ++i)
    largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

inline double mean_difference(const Image& a, const Image& b) {
  EXPECT_EQ(a.rgb.size(), b.rgb.size());
  double sum = 0;
  for (std::size_t i = 0; i < std::min(a.rgb.size(), b.rgb.size()); ++i)
    sum += std::abs(a.rgb[i] - b.rgb[i]);
  return sum / static_cast<double>(a.rgb.size());
}

/// The code of the error that `work` throws; none is a failure.
inline ErrorCode code_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_FALSE(std::string(error.what()).empty());
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::busy;
}

/// Runs `work`; an Error is fine, a picture is fine.
inline void survive(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error&) {
  }
}

inline File bytes_of_text(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

/// `parts` one after the other. (GCC 12 warns of std::string's operator+ where nothing is wrong.)
inline std::string joined(std::initializer_list<std::string_view> parts) {
  std::string text;
  for (const std::string_view part : parts) text.append(part);
  return text;
}

inline std::string big_endian(std::uint32_t value) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift & 255);
  return text;
}

inline std::string little_endian(std::uint32_t value, int count = 4) {
  std::string text;
  for (int i = 0; i < count; ++i) text += static_cast<char>(value >> (8 * i) & 255);
  return text;
}

/// A TIFF block that holds `orientation` alone.
inline std::string exif(int orientation, bool big = false) {
  std::string text = big ? std::string("MM\0*\0\0\0\x8\0\x1\x1\x12\0\x3\0\0\0\x1\0", 19)
                         : std::string("II*\0\x8\0\0\0\x1\0\x12\x1\x3\0\x1\0\0\0", 18);
  text += static_cast<char>(orientation);
  text.resize(26, '\0');
  return text;
}

/// How a JPEG is written.
struct JpegStyle {
  J_COLOR_SPACE space = JCS_RGB;  ///< Of the values given: RGB, GRAYSCALE or CMYK.
  J_COLOR_SPACE stored = JCS_UNKNOWN;
  bool progressive = false;
  bool subsampled = true;
  std::vector<std::array<int, 2>> sampling = {};  ///< (across, down) of each component, if given.
  bool adobe = true;                              ///< Adobe's marker, where libjpeg writes it.
  int quality = 95;
  std::string exif = {};     ///< TIFF block.
  std::string profile = {};  ///< ICC.
  bool one_row = false;      ///< The values are one row, which all rows are like.
  bool arithmetic = false;
};

inline File jpeg(std::span<const std::uint8_t> values, int width, int height,
                 const JpegStyle& style = {}) {
  jpeg_compress_struct session{};
  jpeg_error_mgr errors{};
  session.err = jpeg_std_error(&errors);
  jpeg_create_compress(&session);
  unsigned char* bytes = nullptr;
  unsigned long count = 0;
  jpeg_mem_dest(&session, &bytes, &count);
  session.image_width = static_cast<JDIMENSION>(width);
  session.image_height = static_cast<JDIMENSION>(height);
  session.in_color_space = style.space;
  session.input_components = style.space == JCS_CMYK ? 4 : style.space == JCS_GRAYSCALE ? 1 : 3;
  jpeg_set_defaults(&session);
  if (style.stored != JCS_UNKNOWN) jpeg_set_colorspace(&session, style.stored);
  jpeg_set_quality(&session, style.quality, TRUE);
  if (!style.subsampled)
    session.comp_info[0].h_samp_factor = session.comp_info[0].v_samp_factor = 1;
  for (std::size_t i = 0; i < style.sampling.size(); ++i) {
    session.comp_info[i].h_samp_factor = style.sampling[i][0];
    session.comp_info[i].v_samp_factor = style.sampling[i][1];
  }
  if (!style.adobe) session.write_Adobe_marker = FALSE;
  if (style.progressive) jpeg_simple_progression(&session);
  session.arith_code = style.arithmetic ? TRUE : FALSE;
  jpeg_start_compress(&session, TRUE);
  const auto mark = [&](int marker, const std::string& body) {
    jpeg_write_marker(&session, marker, reinterpret_cast<const JOCTET*>(body.data()),
                      static_cast<unsigned>(body.size()));
  };
  if (!style.exif.empty()) mark(JPEG_APP0 + 1, std::string("Exif\0\0", 6) + style.exif);
  if (!style.profile.empty())
    mark(JPEG_APP0 + 2, std::string("ICC_PROFILE\0\1\1", 14) + style.profile);
  const std::size_t row = size(session.input_components) * size(width);
  while (session.next_scanline < session.image_height) {
    const std::size_t line = style.one_row ? 0 : session.next_scanline;
    JSAMPROW from = const_cast<JSAMPROW>(values.data() + row * line);
    jpeg_write_scanlines(&session, &from, 1);
  }
  jpeg_finish_compress(&session);
  jpeg_destroy_compress(&session);
  const File file(reinterpret_cast<std::byte*>(bytes), reinterpret_cast<std::byte*>(bytes) + count);
  std::free(bytes);
  return file;
}

inline File jpeg(const Image& image, const JpegStyle& style = {}) {
  return jpeg(image.rgb, image.width, image.height, style);
}

/// A PNG out of raw rows (`values` as libpng stores them: 16 bit big-endian).
struct PngStyle {
  int type = PNG_COLOR_TYPE_RGB;
  int bits = 8;
  bool interlaced = false;
  std::vector<png_color> palette = {};
  std::vector<png_byte> palette_alpha = {};
  std::string profile = {};
  bool one_row = false;  ///< The values are one row, which all rows are like.
};

inline File png(std::span<const std::uint8_t> values, int width, int height,
                const PngStyle& style = {}) {
  File file;
  png_structp session = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(session);
  png_set_write_fn(
      session, &file,
      [](png_structp s, png_bytep from, std::size_t count) {
        auto& to = *static_cast<File*>(png_get_io_ptr(s));
        const auto* first = reinterpret_cast<const std::byte*>(from);
        to.insert(to.end(), first, first + count);
      },
      nullptr);
  png_set_IHDR(session, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height),
               style.bits, style.type, style.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  if (!style.palette.empty())
    png_set_PLTE(session, info, style.palette.data(), static_cast<int>(style.palette.size()));
  if (!style.palette_alpha.empty()) {
    png_set_tRNS(session, info, style.palette_alpha.data(),
                 static_cast<int>(style.palette_alpha.size()), nullptr);
  }
  if (!style.profile.empty()) {
    png_set_iCCP(session, info, "profile", PNG_COMPRESSION_TYPE_BASE,
                 reinterpret_cast<png_const_bytep>(style.profile.data()),
                 static_cast<png_uint_32>(style.profile.size()));
  }
  png_write_info(session, info);
  std::vector<png_bytep> rows;
  for (int y = 0; y < height; ++y) {
    rows.push_back(const_cast<png_bytep>(values.data() + (style.one_row ? 0 : size(y)) *
                                                             png_get_rowbytes(session, info)));
  }
  png_write_image(session, rows.data());
  png_write_end(session, info);
  png_destroy_write_struct(&session, &info);
  return file;
}

inline File png(const Image& image, const PngStyle& style = {}) {
  return png(image.rgb, image.width, image.height, style);
}

/// A PNG chunk with its checksum (CRC-32 as the PNG specification's appendix D computes it).
inline std::string png_chunk(std::string_view name, const std::string& body) {
  const std::string checked = std::string(name) + body;
  std::uint32_t sum = 0xffffffff;
  for (const char c : checked) {
    sum ^= static_cast<std::uint8_t>(c);
    for (int i = 0; i < 8; ++i) sum = (sum & 1) != 0 ? 0xedb88320 ^ sum >> 1 : sum >> 1;
  }
  return big_endian(static_cast<std::uint32_t>(body.size())) + checked + big_endian(~sum);
}

/// `file` with `chunk` after its IHDR.
inline File with_chunk(File file, const std::string& chunk) {
  const File bytes = bytes_of_text(chunk);
  file.insert(file.begin() + 33, bytes.begin(), bytes.end());
  return file;
}

inline File webp(const Image& image) {
  std::uint8_t* bytes = nullptr;
  const std::size_t count =
      WebPEncodeLosslessRGB(image.rgb.data(), image.width, image.height, 3 * image.width, &bytes);
  const File file(reinterpret_cast<std::byte*>(bytes), reinterpret_cast<std::byte*>(bytes) + count);
  WebPFree(bytes);
  return file;
}

inline std::string riff_chunk(std::string_view name, std::string body) {
  const std::string head =
      std::string(name) + little_endian(static_cast<std::uint32_t>(body.size()));
  if (body.size() % 2 != 0) body += '\0';
  return head + body;
}

/// The coded picture inside a simple WebP file, as a chunk.
inline std::string webp_frame(const Image& image) {
  const File file = webp(image);
  return {reinterpret_cast<const char*>(file.data()) + 12, file.size() - 12};
}

/// An extended WebP of a (width, height) canvas with `chunks` after its head.
inline File extended_webp(int width, int height, std::uint8_t flags, const std::string& chunks) {
  const std::string head =
      riff_chunk("VP8X", std::string(1, static_cast<char>(flags)) + std::string(3, '\0') +
                             little_endian(static_cast<std::uint32_t>(width - 1), 3) +
                             little_endian(static_cast<std::uint32_t>(height - 1), 3));
  return bytes_of_text(riff_chunk("RIFF", joined({"WEBP", head, chunks})));
}

/// An RGB profile of wide primaries (those of Adobe RGB) and gamma 2.2.
inline std::string wide_profile() {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries{{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
  cmsToneCurve* curve = cmsBuildGamma(nullptr, 2.2);
  cmsToneCurve* curves[3] = {curve, curve, curve};
  cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
  cmsUInt32Number count = 0;
  cmsSaveProfileToMem(profile, nullptr, &count);
  std::string bytes(count, '\0');
  cmsSaveProfileToMem(profile, bytes.data(), &count);
  cmsCloseProfile(profile);
  cmsFreeToneCurve(curve);
  return bytes;
}

}  // namespace alike::image

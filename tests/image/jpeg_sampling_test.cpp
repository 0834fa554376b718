// Cut and reduced JPEGs of every legal sampling against libjpeg's own decoding of the whole.
#include <gtest/gtest.h>

#include <array>
#include <csetjmp>

#include "alike/image/decode.h"
#include "tests/image/samples.h"

namespace alike::image {
namespace {

/// Sampling factors of one component.
struct Factors {
  int across = 1;
  int down = 1;
  int blocks() const { return across * down; }
};
using Sampling = std::array<Factors, 3>;

std::string name_of(const Sampling& sampling) {
  std::string name;
  for (const Factors& each : sampling) {
    name += ' ' + std::to_string(each.across) + 'x' + std::to_string(each.down);
  }
  return name;
}

struct Errors {
  jpeg_error_mgr manager{};
  std::jmp_buf back{};
};

void install(Errors& errors) {
  jpeg_std_error(&errors.manager);
  errors.manager.error_exit = [](j_common_ptr session) {
    std::longjmp(reinterpret_cast<Errors*>(session->err)->back, 1);
  };
}

/// The whole picture at 1/`scale` by libjpeg alone; false where it does not read this sampling.
bool read_whole(const File& file, unsigned scale, Image& image) {
  jpeg_decompress_struct session{};
  Errors errors;
  install(errors);
  session.err = &errors.manager;
  jpeg_create_decompress(&session);
  if (setjmp(errors.back) != 0) {
    jpeg_destroy_decompress(&session);
    return false;
  }
  jpeg_mem_src(&session, reinterpret_cast<const unsigned char*>(file.data()), file.size());
  jpeg_read_header(&session, TRUE);
  session.out_color_space = JCS_RGB;
  session.scale_denom = scale;
  jpeg_start_decompress(&session);
  image.width = static_cast<int>(session.output_width);
  image.height = static_cast<int>(session.output_height);
  image.rgb.resize(3 * size(image.width) * size(image.height));
  while (session.output_scanline < session.output_height) {
    JSAMPROW row = pixel(image, 0, static_cast<int>(session.output_scanline));
    jpeg_read_scanlines(&session, &row, 1);
  }
  jpeg_destroy_decompress(&session);
  return true;
}

bool divides(const Factors& each, const Sampling& sampling) {
  Factors most;
  for (const Factors& other : sampling) {
    most = {std::max(most.across, other.across), std::max(most.down, other.down)};
  }
  return most.across % each.across == 0 && most.down % each.down == 0;
}

/// Whole enlargements that fit the ten blocks of an interleaved scan, the only ones that libjpeg
/// writes and reads; chroma planes that differ from each other in some.
std::vector<Sampling> every_sampling() {
  std::vector<Factors> all;
  for (int across = 1; across <= 4; ++across) {
    for (int down = 1; down <= 4; ++down) all.push_back({across, down});
  }
  std::vector<Sampling> samplings;
  for (const Factors& luma : all) {
    for (const Factors& blue : all) {
      for (const Factors& red : {blue, Factors{luma.across, 1}}) {
        const Sampling sampling{luma, blue, red};
        const bool fits = luma.blocks() + blue.blocks() + red.blocks() <= 10;
        if (fits &&
            std::ranges::all_of(sampling, [&](auto& each) { return divides(each, sampling); })) {
          samplings.push_back(sampling);
        }
      }
    }
  }
  return samplings;
}

File sampled(const Image& image, const Sampling& sampling, bool progressive) {
  JpegStyle style{.progressive = progressive};
  for (const Factors& each : sampling) style.sampling.push_back({each.across, each.down});
  return jpeg(image, style);
}

Image cut(const Image& image, int x, int y, int width, int height) {
  Image part{width, height, {}};
  for (int row = 0; row < height; ++row) {
    const std::uint8_t* from = pixel(image, x, y + row);
    part.rgb.insert(part.rgb.end(), from, from + 3 * width);
  }
  return part;
}

/// Boxes of a (width, height) picture: the whole, corners, and some off every grid.
std::vector<std::array<int, 4>> boxes_of(int width, int height) {
  const int w = width / 3, h = height / 3;
  return {{0, 0, width, height},         {0, 0, w, h},
          {width - w, height - h, w, h}, {w, h, w, h},
          {width / 2 + 1, 0, w, height}, {0, height / 2 + 1, width, h},
          {w - 1, h + 1, 2, 2},          {5, 3, width - 8, height - 5}};
}

TEST(JpegSampling, cut_and_reduced_pixels_are_those_of_the_whole) {
  // Wide enough for several blocks of the largest factor at each scale, and no multiple of any.
  const Image image = patterned(141, 115);
  int read = 0;
  for (const Sampling& sampling : every_sampling()) {
    for (const bool progressive : {false, true}) {
      const File file = sampled(image, sampling, progressive);
      for (const int scale : {1, 2, 4, 8}) {
        Image whole;
        if (!read_whole(file, static_cast<unsigned>(scale), whole)) continue;
        ++read;
        for (const auto& [x, y, w, h] : boxes_of(141 / scale, 115 / scale)) {
          const Box box{double(scale * x), double(scale * y), double(scale * w), double(scale * h)};
          const Crop crop = decode_crop(file, box, w, h);
          ASSERT_EQ(crop.box.width, w);
          EXPECT_TRUE(crop.pixels.rgb == cut(whole, x, y, w, h).rgb)
              << name_of(sampling) << (progressive ? " progressive" : "") << " at 1/" << scale
              << ", box " << x << ',' << y << ' ' << w << 'x' << h;
        }
      }
    }
  }
  EXPECT_GT(read, 400);
}

TEST(JpegSampling, a_large_4_1_0_picture_is_the_same_each_time) {
  const Image image = smooth(1200, 1200);
  for (const Sampling& sampling :
       {Sampling{{{4, 2}, {1, 1}, {1, 1}}}, Sampling{{{2, 4}, {1, 1}, {1, 1}}}}) {
    const File file = sampled(image, sampling, false);
    Image whole;
    ASSERT_TRUE(read_whole(file, 2, whole));
    EXPECT_TRUE(decode_crop(file, {75, 75, 1050, 1050}, 448, 448).pixels.rgb ==
                cut(whole, 37, 37, 526, 526).rgb);
  }
}

}  // namespace
}  // namespace alike::image

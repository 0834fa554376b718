#include "alike/image/resize.h"

#include <cmath>

#include "alike/base/cpu.h"
#include "alike/image/decode.h"
#include "alike/image/resample.h"
#include "tests/image/reference_pillow.h"
#include "tests/image/samples.h"

namespace alike::image {
namespace {

double weight_of(double x, bool cubic) {
  x = std::abs(x);
  if (!cubic) return x < 1 ? 1 - x : 0;
  if (x < 1) return 1.5 * x * x * x - 2.5 * x * x + 1;
  return x < 2 ? -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2 : 0;
}

/// One value of a scaled picture in double precision, both directions at once.
double slow_value(const Image& source, const Box& box, int width, int height, bool cubic, int x,
                  int y, int c) {
  const double step_x = box.width / width;
  const double step_y = box.height / height;
  double sum = 0;
  double weights = 0;
  for (int v = 0; v < source.height; ++v) {
    const double wy =
        weight_of((v + 0.5 - box.y - (y + 0.5) * step_y) / std::max(1., step_y), cubic);
    if (wy == 0) continue;
    for (int u = 0; u < source.width; ++u) {
      const double wx =
          weight_of((u + 0.5 - box.x - (x + 0.5) * step_x) / std::max(1., step_x), cubic);
      sum += wx * wy * pixel(source, u, v)[c];
      weights += wx * wy;
    }
  }
  return std::clamp(sum / weights, 0., 255.);
}

TEST(Resize, equals_pillow_to_the_bit) {
  for (const PillowCase& wanted : kPillowCases) {
    const Image made =
        resize(patterned(23, 17), wanted.box, wanted.width, wanted.height, wanted.interpolation);
    EXPECT_EQ(made.rgb, wanted.rgb) << wanted.width << " × " << wanted.height;
  }
}

TEST(Resize, equals_its_slow_twin_on_soft_pictures) {
  const Image source = smooth(61, 47);
  const Box box{2.5, 1.25, 50, 41.5};
  for (const Interpolation kind : {Interpolation::bilinear, Interpolation::bicubic}) {
    const Image made = resize(source, box, 19, 70, kind);
    for (int y = 0; y < made.height; ++y) {
      for (int x = 0; x < made.width; ++x) {
        for (int c = 0; c < 3; ++c) {
          const double slow =
              slow_value(source, box, 19, 70, kind == Interpolation::bicubic, x, y, c);
          ASSERT_NEAR(pixel(made, x, y)[c], slow, 1.1) << x << ' ' << y;
        }
      }
    }
  }
}

TEST(Resample, vector_passes_equal_the_scalar_ones) {
  if (simd_level() == Simd::scalar) GTEST_SKIP() << "needs AVX2";
  for (const int width : {1, 2, 3, 4, 5, 6, 7, 8, 17, 64, 333}) {
    const Image source = patterned(width, 9);
    for (const int outputs : {1, 2, 5, 6, 23, 224}) {
      const Weights weights = make_weights(width, 0, width, outputs, Interpolation::bicubic);
      std::vector<std::uint8_t> slow(3 * size(outputs) * 9);
      std::vector<std::uint8_t> fast(slow.size());
      scalar_passes().row(source.rgb.data(), width, 9, weights, slow.data());
      avx2_passes().row(source.rgb.data(), width, 9, weights, fast.data());
      ASSERT_EQ(slow, fast) << width << " to " << outputs;
      const Weights down = make_weights(9, 0, 9, outputs, Interpolation::bicubic);
      const std::size_t row = 3 * size(width);
      slow.assign(row, 0);
      fast.assign(row, 0);
      for (std::size_t y = 0; y < size(outputs); ++y) {
        scalar_passes().column(source.rgb.data(), row, down, y, slow.data());
        avx2_passes().column(source.rgb.data(), row, down, y, fast.data());
        ASSERT_EQ(slow, fast) << width << " row " << y;
      }
    }
  }
}

TEST(Resize, leaves_a_picture_of_the_wanted_size_alone) {
  const Image source = patterned(12, 9);
  EXPECT_EQ(resize(source, {0, 0, 12, 9}, 12, 9, Interpolation::bicubic).rgb, source.rgb);
}

TEST(Resize, refuses_impossible_sizes_and_boxes) {
  const Image source = patterned(12, 9);
  const auto code = [&](const Box& box, int width) {
    return code_of([&] { resize(source, box, width, 4, Interpolation::bicubic); });
  };
  EXPECT_EQ(code({0, 0, 12, 9}, 0), ErrorCode::invalid_argument);
  EXPECT_EQ(code({0, 0, 12.5, 9}, 4), ErrorCode::invalid_argument);
  EXPECT_EQ(code({-1, 0, 5, 5}, 4), ErrorCode::invalid_argument);
  EXPECT_EQ(code({0, 0, 0, 5}, 4), ErrorCode::invalid_argument);
  EXPECT_EQ(code({std::nan(""), 0, 5, 5}, 4), ErrorCode::invalid_argument);
}

TEST(CentreSquare, sends_odd_remainders_up) {
  const Box box = center_square(500, 375, {});
  EXPECT_EQ(box.width, 328);
  EXPECT_EQ(box.x, 86);
  EXPECT_EQ(box.y, 24);
  EXPECT_EQ(center_square(1, 1, {}).width, 1);
}

TEST(Prepare, equals_crop_then_resize) {
  const File file = jpeg(smooth(301, 222));
  const Image full = decode(file);
  const Box box = center_square(full.width, full.height, {});
  Image square{static_cast<int>(box.width), static_cast<int>(box.height), {}};
  for (int y = 0; y < square.height; ++y) {
    const std::uint8_t* row = pixel(full, static_cast<int>(box.x), y + static_cast<int>(box.y));
    square.rgb.insert(square.rgb.end(), row, row + 3 * square.width);
  }
  const Image wanted =
      resize(square, {0, 0, box.width, box.height}, 224, 224, Interpolation::bicubic);
  EXPECT_EQ(prepare(file, {}).rgb, wanted.rgb);
}

TEST(Prepare, takes_a_region_and_refuses_one_outside) {
  const File file = png(smooth(100, 80));
  EXPECT_EQ(prepare(file, {.size = 32}, Box{10.5, 0, 50, 80}).width, 32);
  const auto code = [&](const Box& region) { return code_of([&] { prepare(file, {}, region); }); };
  EXPECT_EQ(code({60, 0, 50, 50}), ErrorCode::invalid_argument);
  EXPECT_EQ(code({0, 0, std::nan(""), 50}), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { prepare(file, {.size = 0}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { prepare(file, {.crop_fraction = 1.5}); }), ErrorCode::invalid_argument);
}

TEST(Prepare, of_a_big_jpeg_is_close_to_full_decoding) {
  const File file = jpeg(smooth(2000, 1500));
  const Image full = decode(file);
  const Box box = center_square(full.width, full.height, {.size = 100});
  const Image wanted = resize(full, box, 100, 100, Interpolation::bicubic);
  EXPECT_LT(mean_difference(prepare(file, {.size = 100}), wanted), 0.5);
}

}  // namespace
}  // namespace alike::image

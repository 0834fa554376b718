#include "alike/image/thumbnail.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"
#include "alike/image/write.h"
#include "tests/support/pictures.h"

namespace alike::image {
namespace {

TEST(Thumbnail, keeps_the_proportions_and_never_enlarges) {
  const auto bytes = encode_png(test::made_up_image(1, 400, 100));
  const Image small = thumbnail(bytes, 64, 64);
  EXPECT_EQ(small.width, 64);
  EXPECT_EQ(small.height, 16);
  const Image same = thumbnail(bytes, 1000, 1000);
  EXPECT_EQ(same.width, 400);
  EXPECT_EQ(same.height, 100);
  const Image thin = thumbnail(encode_png(test::made_up_image(1, 500, 2)), 64, 64);
  EXPECT_EQ(thin.height, 1);  // and not none
}

TEST(Thumbnail, is_what_resizing_the_whole_picture_gives) {
  const Image picture = test::made_up_image(2, 300, 200);
  const Image small = thumbnail(encode_png(picture), 96, 96);
  const Image whole = resize(picture, {0, 0, 300, 200}, 96, 64, Interpolation::bicubic);
  EXPECT_EQ(small.rgb, whole.rgb);
}

TEST(Thumbnail, refuses_what_is_no_picture) {
  EXPECT_THROW(thumbnail(std::as_bytes(std::span("no picture")), 64, 64), Error);
}

}  // namespace
}  // namespace alike::image

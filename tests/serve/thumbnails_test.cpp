#include "alike/serve/thumbnails.h"

#include <gtest/gtest.h>

#include "alike/base/file.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/image/write.h"
#include "alike/serve/api.h"
#include "tests/support/counting_decoder.h"
#include "tests/support/pictures.h"
#include "tests/support/temporary_folder.h"

namespace alike::serve {
namespace {

class ThumbnailsTest : public testing::Test {
 protected:
  ThumbnailsTest() {
    Matrix rows(1, 4);
    rows.row(0)[0] = 1;
    collection::import_rows(collection_, rows, {"a.png"}, "rows", index::Metric::cosine);
    replace_file(folder_ / "a.png", image::encode_png(test::made_up_image(1, 400, 300)));
  }

  test::TemporaryFolder folder_;
  collection::Collection collection_ =
      collection::Collection::create(folder_.path(), folder_ / ".alike");
  Api api_{1};
};

TEST_F(ThumbnailsTest, hold_the_pixels_that_the_file_has_and_none_of_those_of_searches) {
  std::uint64_t thumbnails = 0, searches = 0;
  const test::CountedDecoding counted([&] {
    thumbnails = api_.thumbnails.pixels();
    searches = api_.pixels.taken();
  });
  const auto item = collection_.item(0);
  ASSERT_EQ(item->width, 0);  // the catalog is not asked
  EXPECT_FALSE(api_.thumbnails.get(collection_, *item, 64)->empty());
  EXPECT_EQ(thumbnails, 120'000U);
  EXPECT_EQ(searches, 0U);
  EXPECT_EQ(api_.thumbnails.pixels(), 0U);
}

}  // namespace
}  // namespace alike::serve

#include "alike/search/fold.h"

#include <gtest/gtest.h>

#include <cmath>

#include "alike/collection/ingest/ingest.h"
#include "tests/support/temporary_folder.h"

namespace alike::search {
namespace {

/// Rows at these angles, degrees, as a collection; asked for the first.
class FoldTest : public testing::Test {
 protected:
  std::vector<Fold> folds(const std::vector<double>& degrees) {
    auto made = collection::Collection::create(folder_.path(), folder_ / ".alike");
    Matrix rows(degrees.size(), 2);
    for (std::size_t i = 0; i < degrees.size(); ++i) {
      const double angle = degrees[i] * std::acos(-1) / 180;
      rows.row(i)[0] = static_cast<float>(std::cos(angle));
      rows.row(i)[1] = static_cast<float>(std::sin(angle));
    }
    collection::import_rows(made, rows, {}, "angles", index::Metric::cosine);
    const auto collection = std::make_shared<const collection::Collection>(std::move(made));
    Query query;
    query.examples.push_back(parse_example("id:0"));
    query.k = degrees.size();
    found_ = Searcher(collection).search(query);
    return fold_near_duplicates(collection::View(*collection), found_);
  }

  test::TemporaryFolder folder_;
  Results found_;
};

TEST_F(FoldTest, joins_what_is_nearly_the_same_to_the_best_of_it) {
  // cos 14° is 0.970, cos 15° 0.966.
  const auto made = folds({0, 20, 22, 33.9, 35.5, 90});
  ASSERT_EQ(made.size(), 3U);
  EXPECT_EQ(made[0].best, 0U);                                     // 20°
  EXPECT_EQ(made[0].followers, (std::vector<std::size_t>{1, 2}));  // 22° and 33.9°
  EXPECT_EQ(made[1].best, 3U);  // 35.5°: near to a follower, but not to the best
  EXPECT_TRUE(made[1].followers.empty());
  EXPECT_EQ(made[2].best, 4U);
}

TEST_F(FoldTest, keeps_strangers_apart_and_every_result_once) {
  const auto made = folds({0, 30, 60, 90, 120});
  std::size_t count = 0;
  for (const Fold& fold : made) count += 1 + fold.followers.size();
  EXPECT_EQ(made.size(), 4U);
  EXPECT_EQ(count, found_.results.size());
}

}  // namespace
}  // namespace alike::search

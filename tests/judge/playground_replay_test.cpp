#include "alike/judge/playground_replay.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "tests/support/random_matrix.h"

namespace alike::judge {
namespace {

/// A file that tests/judge/golden/playground.py made to the playground's format.
std::string golden(const std::string& name) {
  return read_text(std::filesystem::path(ALIKE_GOLDEN) / ("playground_" + name + ".json"));
}

TEST(PlaygroundReplay, meets_published_scores_to_the_last_digit) {
  const auto datasets = playground_datasets_from(golden("dictionary"), "the dictionary");
  ASSERT_EQ(datasets.size(), 1U);
  EXPECT_EQ(datasets[0].name, "made24");
  const auto scores = playground_scores_from(golden("scores"), "the scores");
  ASSERT_EQ(scores.size(), 2U);
  for (const LayerScores& of : scores) {
    const auto similarity = playground_similarity_from(golden(of.layer), of.layer);
    const Replay same = replay(similarity, datasets[0], of.scores);
    EXPECT_TRUE(same.exact()) << of.layer;
    EXPECT_EQ(same.replayed.values, of.scores);
    auto wrong = of.scores;
    wrong[5] += 0.5;
    wrong[7] += 1e-13;
    const Replay other = replay(similarity, datasets[0], wrong);
    EXPECT_FALSE(other.exact());
    EXPECT_EQ(other.same_digits, 22U);
    ASSERT_EQ(other.different.size(), 1U);
    EXPECT_EQ(other.different[0].image, 5U);
    EXPECT_EQ(other.different[0].published, wrong[5]);
  }
}

TEST(PlaygroundReplay, of_what_rows_give_meets_their_scores) {
  const Matrix rows = test::clustered_matrix(120, 10, 1, 2, 6);
  PlaygroundDataset dataset{"made", {}};
  std::vector<int> labels;
  for (std::size_t i = 0; i < rows.rows(); ++i) {
    labels.push_back(static_cast<int>(i * i % 5));
    dataset.classes.push_back("class " + std::to_string(labels.back()));
  }
  for (const index::Metric metric : {index::Metric::cosine, index::Metric::l2}) {
    const measure::PlaygroundOptions options{metric, 15, 2};
    const auto similarity = playground_similarity(rows, options);
    const auto read = playground_similarity_from(text_of(similarity), "the copy");
    ASSERT_EQ(read.of[7].size(), 16U);
    EXPECT_EQ(read.of[7][0].image, 7U);
    EXPECT_EQ(read.of[7][0].value, metric == index::Metric::cosine ? 1 : 0);
    EXPECT_NEAR(read.of[7][15].value, similarity.of[7][15].value, 0.0005);
    const measure::Measure scores = measure::playground_scores(rows, labels, options);
    EXPECT_TRUE(replay(read, dataset, scores.values).exact());
  }
  EXPECT_THROW(playground_similarity(rows, {index::Metric::inner_product, 15, 1}), Error);
  EXPECT_THROW(playground_similarity(rows, {index::Metric::l2, 0, 1}), Error);
}

TEST(PlaygroundReplay, refuses_scores_of_other_images) {
  const auto similarity = playground_similarity_from(golden("block1_conv1"), "whole");
  EXPECT_THROW(replay(similarity, {"a", {"b"}}, std::vector<double>(24)), Error);
}

}  // namespace
}  // namespace alike::judge

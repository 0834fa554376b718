#include "alike/judge/playground_files.h"

#include <gtest/gtest.h>

#include "alike/base/error.h"
#include "alike/base/file.h"

namespace alike::judge {
namespace {

/// A file that tests/judge/golden/playground.py made to the playground's format.
std::string golden(const std::string& name) {
  return read_text(std::filesystem::path(ALIKE_GOLDEN) / ("playground_" + name + ".json"));
}

ErrorCode code_of(const auto& read) {
  try {
    read();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::io;
}

TEST(PlaygroundFiles, are_written_as_they_are_read) {
  const auto similarity = playground_similarity_from(golden("block5_conv3"), "a");
  EXPECT_EQ(similarity.of.size(), 24U);
  EXPECT_EQ(similarity.of[3].size(), 16U);
  EXPECT_EQ(similarity.of[3][0].image, 3U);
  EXPECT_EQ(similarity.of[3][2].value, 0.938);
  const std::string written = text_of(similarity);
  EXPECT_EQ(text_of(playground_similarity_from(written, "b")), written);
  EXPECT_NE(written.find(R"({"0":[["0","1.0"],)"), std::string::npos);

  const auto points = playground_points_from(golden("umap"), "c");
  ASSERT_EQ(points.size(), 24U);
  EXPECT_EQ(points[23].class_name, "tractor");
  EXPECT_EQ(text_of(points), golden("umap") + "\n");

  const auto scores = playground_scores_from(golden("scores"), "d");
  EXPECT_EQ(playground_scores_from(text_of(scores), "e")[1].scores, scores[1].scores);
  const auto nested = playground_model_scores_from(golden("modelscores"), "f");
  ASSERT_EQ(nested.size(), 1U);
  EXPECT_EQ(nested[0].dataset + nested[0].model + nested[0].metric, "made24vgg16cosine");
  EXPECT_EQ(nested[0].layers[0].scores, scores[0].scores);
  EXPECT_EQ(text_of(playground_model_scores_from(text_of(nested), "g")), text_of(nested));
  const auto datasets = playground_datasets_from(golden("dictionary"), "h");
  EXPECT_EQ(playground_datasets_from(text_of(datasets), "i")[0].classes, datasets[0].classes);
}

TEST(PlaygroundFiles, that_are_none_are_refused) {
  const auto refused = [](std::string_view text) {
    return code_of([&] { playground_similarity_from(text, "the file"); }) == ErrorCode::corrupt;
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused("[]"));
  EXPECT_TRUE(refused(R"({"0": 1})"));
  EXPECT_TRUE(refused(R"({"1": []})"));              // a gap
  EXPECT_TRUE(refused(R"({"00": []})"));             // no name of an image
  EXPECT_TRUE(refused(R"({"0": [["1", "1.0"]]})"));  // no such image
  EXPECT_TRUE(refused(R"({"0": [["0", "nan"]]})"));
  EXPECT_TRUE(refused(R"({"0": [["0", "1.0x"]]})"));
  EXPECT_TRUE(refused(R"({"0": [[0, 1.0]]})"));
  EXPECT_TRUE(refused(R"({"0": [["0"]]})"));
  EXPECT_EQ(code_of([] { playground_points_from(R"([{"x": 1, "y": 2}])", "p"); }),
            ErrorCode::corrupt);
  EXPECT_EQ(code_of([] { playground_points_from(R"([{"x": 1e999, "y": 2, "class": ""}])", "p"); }),
            ErrorCode::corrupt);
  EXPECT_EQ(code_of([] { playground_scores_from(R"({"a": ["1"]})", "s"); }), ErrorCode::corrupt);
  EXPECT_EQ(code_of([] { playground_datasets_from(R"({"dictionary": {"a": {"0": 1}}})", "d"); }),
            ErrorCode::corrupt);
  EXPECT_EQ(code_of([] { playground_points_from(std::string(kMaxPlaygroundBytes + 1, ' '), "p"); }),
            ErrorCode::unsupported);
}

TEST(PlaygroundFiles, cut_short_are_refused) {
  const std::string whole = golden("block1_conv1");
  for (std::size_t size = 0; size < whole.size(); size += 97) {
    EXPECT_EQ(code_of([&] { playground_similarity_from(whole.substr(0, size), "cut"); }),
              ErrorCode::corrupt);
  }
  EXPECT_EQ(playground_similarity_from(whole, "whole").of.size(), 24U);
}

}  // namespace
}  // namespace alike::judge

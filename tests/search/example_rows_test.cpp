#include "alike/search/example_rows.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cmath>
#include <memory>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/image/write.h"
#include "alike/search/searcher.h"
#include "tests/support/counting_decoder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_onnx.h"

namespace alike::search {
namespace {

namespace fs = std::filesystem;

constexpr int kSide = 2 * test::TinyNetwork::kSize;

/// Four patches of colours that `seed` decides.
image::Image patches(std::uint64_t seed) {
  image::Image image{kSide, kSide, {}};
  for (int y = 0; y < kSide; ++y) {
    for (int x = 0; x < kSide; ++x) {
      const auto patch = static_cast<std::uint64_t>(2 * (y / 16) + x / 16);
      for (std::uint64_t c = 0; c < 3; ++c) {
        image.rgb.push_back(static_cast<std::uint8_t>(random_bits(seed, 3 * patch + c)));
      }
    }
  }
  return image;
}

class ExampleRowsTest : public testing::Test {
 protected:
  ExampleRowsTest() {
    ::setenv("ALIKE_HOME", (folder_ / "home").c_str(), 1);
    test::install_tiny_package(folder_ / "home");
    fs::create_directories(pictures());
    for (std::uint64_t i = 0; i < 25; ++i) {
      replace_file(pictures() / (std::to_string(i) + ".png"), image::encode_png(patches(i)));
    }
    auto made = collection::Collection::create(pictures(), pictures() / ".alike");
    collection::IngestOptions options;
    options.encoder = "tiny";
    collection::ingest(made, options, {});
    collection_ = std::make_shared<const collection::Collection>(std::move(made));
  }

  fs::path pictures() const { return folder_ / "pictures"; }
  collection::ItemId id_of(const std::string& path) const { return collection_->item_at(path)->id; }
  Query query_for(const std::string& word) const {
    Query query;
    query.examples.push_back(parse_example(word, pictures()));
    return query;
  }
  std::vector<float> row(const Query& query) const {
    const collection::View view(*collection_);
    return ExampleRows(collection_, 1).row(query, view.space(), view);
  }
  ErrorCode code_of(const Query& query) const {
    try {
      row(query);
    } catch (const Error& error) {
      return error.code();
    }
    return ErrorCode::busy;  // never thrown here
  }

  test::TemporaryFolder folder_;
  std::shared_ptr<const collection::Collection> collection_;
};

TEST_F(ExampleRowsTest, make_of_a_picture_the_row_that_indexing_made) {
  EXPECT_EQ(row(query_for("3.png")), *collection_->row(id_of("3.png")));
  const std::string item = "id:" + std::to_string(id_of("3.png"));
  EXPECT_EQ(row(query_for(item)), *collection_->row(id_of("3.png")));
}

TEST_F(ExampleRowsTest, let_a_picture_find_its_own_copy) {
  replace_file(folder_ / "copy.png", image::encode_png(patches(3)));
  const auto found = Searcher(collection_).search(query_for((folder_ / "copy.png").native()));
  ASSERT_EQ(found.results.size(), 10U);
  EXPECT_EQ(found.results[0].item.path, "3.png");
  EXPECT_NEAR(found.results[0].distance, 0, 1e-6);
  EXPECT_GT(found.timings.encode_ms, 0);
}

TEST_F(ExampleRowsTest, look_at_a_region_of_a_file_or_an_item) {
  const image::Box corner{16, 0, 16, 16};
  image::Image cut{16, 16, {}};
  const auto whole = patches(3);
  for (int y = 0; y < 16; ++y) {
    const auto begin = whole.rgb.begin() + 3 * (y * kSide + 16);
    cut.rgb.insert(cut.rgb.end(), begin, begin + 48);
  }
  replace_file(folder_ / "cut.png", image::encode_png(cut));
  const auto expected = row(query_for((folder_ / "cut.png").native()));
  for (const std::string& word : {std::string("3.png"), "id:" + std::to_string(id_of("3.png"))}) {
    auto query = query_for(word);
    query.region = corner;
    EXPECT_EQ(row(query), expected) << word;
    query.region = image::Box{20, 20, 16, 16};
    EXPECT_EQ(code_of(query), ErrorCode::invalid_argument) << word;
  }
}

TEST_F(ExampleRowsTest, look_at_the_region_of_the_first_positive_example_only) {
  auto query = query_for("-4.png");
  query.examples.push_back(parse_example("3.png", pictures()));
  query.examples.push_back(parse_example("5.png", pictures()));
  query.region = image::Box{16, 0, 16, 16};
  auto region = query_for("3.png");
  region.region = query.region;
  const auto a = row(region), b = row(query_for("5.png")), c = row(query_for("4.png"));
  const auto found = row(query);
  double length = 0;
  for (std::size_t i = 0; i < a.size(); ++i) length += std::pow((a[i] + b[i]) / 2 - 0.3F * c[i], 2);
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_NEAR(found[i], ((a[i] + b[i]) / 2 - 0.3F * c[i]) / std::sqrt(length), 1e-5);
  }
}

TEST_F(ExampleRowsTest, embed_bytes_once_however_many_examples_they_are) {
  const auto bytes = image::encode_png(patches(3)), others = image::encode_png(patches(4));
  Example given;
  given.kind = Example::Kind::bytes;
  given.bytes = bytes;
  Query query;
  query.examples.assign(31, given);
  given.bytes = others;
  given.positive = false;
  query.examples.push_back(given);
  query.region = image::Box{0, 0, kSide, kSide};  // all of it, which is the same row
  const test::CountedDecoding counted;
  const auto found = row(query);
  EXPECT_EQ(counted.decoded.prepared, 3);
  query.region.reset();
  EXPECT_EQ(row(query), found);
  EXPECT_EQ(counted.decoded.prepared, 5);
}

TEST_F(ExampleRowsTest, say_which_file_is_not_there_or_no_picture) {
  EXPECT_EQ(code_of(query_for("penguin.png")), ErrorCode::not_found);
  fs::create_directory(pictures() / "birds.png");
  EXPECT_EQ(code_of(query_for("birds.png")), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of(query_for("penguin")), ErrorCode::unsupported);
  replace_file(folder_ / "notes.png", std::string_view("no picture"));
  EXPECT_EQ(code_of(query_for((folder_ / "notes.png").native())), ErrorCode::unsupported);
  try {
    row(query_for("penguin.png"));
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("penguin.png"), std::string::npos);
  }
}

TEST_F(ExampleRowsTest, refuse_an_encoder_that_is_not_the_one_of_the_space) {
  test::install_tiny_package(folder_ / "home", "tiny", 2);
  EXPECT_EQ(code_of(query_for("3.png")), ErrorCode::invalid_argument);
  fs::remove_all(folder_ / "home/models/tiny");
  EXPECT_EQ(code_of(query_for("3.png")), ErrorCode::not_found);
  EXPECT_EQ(row(query_for("id:" + std::to_string(id_of("3.png")))),
            *collection_->row(id_of("3.png")));
}

}  // namespace
}  // namespace alike::search

#include "alike/encode/random_twin.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "alike/base/file.h"
#include "alike/encode/encoder.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_onnx.h"

namespace alike::encode {
namespace {

class RandomTwin : public testing::Test {
 protected:
  RandomTwin() { ::setenv("ALIKE_HOME", folder_.path().c_str(), 1); }
  ~RandomTwin() override { ::unsetenv("ALIKE_HOME"); }

  std::vector<float> embedded(const Package& package, const std::string& layer) const {
    const Encoder encoder(package, {.layer = layer});
    image::Image picture{test::TinyNetwork::kSize, test::TinyNetwork::kSize, {}};
    for (int i = 0; i < 3 * picture.width * picture.height; ++i) {
      picture.rgb.push_back(static_cast<std::uint8_t>(37 * i % 256));
    }
    std::vector<float> row(encoder.width());
    encoder.embed(picture, row);
    return row;
  }

  test::TemporaryFolder folder_;
};

TEST_F(RandomTwin, has_the_layers_and_other_weights) {
  const Package package = test::install_tiny_package(folder_.path(), "tiny");
  const Package twin = random_twin(package);
  EXPECT_NE(twin.sha256, package.sha256);
  EXPECT_EQ(twin.layers.size(), package.layers.size());
  for (const char* layer : {"block1", "block2", "pooled"}) {
    const auto row = embedded(twin, layer), learnt = embedded(package, layer);
    EXPECT_EQ(row.size(), learnt.size());
    EXPECT_NE(row, learnt);
    EXPECT_GT(std::ranges::max(row), 0.01F) << layer << " is dead";
    EXPECT_LT(std::ranges::max(row), 100.0F) << layer << " explodes";
  }
}

TEST_F(RandomTwin, is_the_same_for_a_seed_and_another_for_another) {
  const Package package = test::install_tiny_package(folder_.path(), "tiny");
  const Package first = random_twin(package);
  EXPECT_EQ(random_twin(package).sha256, first.sha256);  // from the cache
  std::filesystem::remove_all(first.folder);
  EXPECT_EQ(random_twin(package).sha256, first.sha256);  // made anew
  EXPECT_NE(random_twin(package, 2).sha256, first.sha256);
}

TEST_F(RandomTwin, is_not_among_the_packages) {
  const Package package = test::install_tiny_package(folder_.path(), "tiny");
  random_twin(package);
  EXPECT_EQ(list_packages().size(), 1U);
}

}  // namespace
}  // namespace alike::encode

#include "alike/encode/package/random_twin.h"

#include <gtest/gtest.h>
#include <onnx/onnx_pb.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "alike/base/file.h"
#include "alike/base/paths.h"
#include "alike/encode/package/onnx_builder.h"
#include "alike/encode/package/sha256.h"
#include "alike/encode/run/encoder.h"
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

/// He et al. 1502.01852: behind a ReLU 2 / fan-in, elsewhere 1 / fan-in.
TEST_F(RandomTwin, has_weights_of_the_variance_that_keeps_signals_alive) {
  OnnxBuilder network("two layers");
  network.input("picture", {3, 16, 16});
  const OnnxBuilder::Attribute pads{"pads", OnnxBuilder::Shape{1, 1, 1, 1}};
  network.constant("first", {64, 3, 3, 3}, std::vector<float>(64 * 27, 1));
  network.add("Conv", {"picture", "first"}, "map", {pads});
  network.add("Relu", {"map"}, "rectified");
  network.constant("second", {64, 64, 3, 3}, std::vector<float>(64 * 576, 1));
  network.add("Conv", {"rectified", "second"}, "more", {pads});
  network.add("GlobalAveragePool", {"more"}, "mean");
  network.output("mean", {64, 1, 1});
  Package package = test::install_tiny_package(folder_.path(), "tiny");
  replace_file(package.folder / "model.onnx", bytes_of(network.bytes()));
  package.sha256 = sha256(bytes_of(network.bytes()));

  onnx::ModelProto twin;
  ASSERT_TRUE(twin.ParseFromString(read_text(random_twin(package).folder / "model.onnx")));
  ASSERT_EQ(twin.graph().initializer_size(), 2);
  for (const auto& tensor : twin.graph().initializer()) {
    std::vector<float> values(tensor.raw_data().size() / sizeof(float));
    std::memcpy(values.data(), tensor.raw_data().data(), tensor.raw_data().size());
    const auto count = static_cast<double>(values.size());
    const double variance = tensor.name() == "first" ? 1.0 / 27 : 2.0 / 576;
    double sum = 0, squares = 0, within = 0;
    for (const double value : values) {
      sum += value;
      squares += value * value;
      within += value * value < variance ? 1 : 0;
    }
    // Five standard errors each.
    EXPECT_NEAR(sum / count, 0, 5 * std::sqrt(variance / count)) << tensor.name();
    EXPECT_NEAR(squares / count / variance, 1, 5 * std::sqrt(2 / count)) << tensor.name();
    EXPECT_NEAR(within / count, 0.6827, 5 * std::sqrt(0.217 / count)) << tensor.name();
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

/// Processes that begin at once, each with nothing kept: all have the same twin, and a file that is
/// seen is whole.
TEST_F(RandomTwin, can_be_made_by_many_processes_at_once) {
  const Package package = test::install_tiny_package(folder_.path(), "tiny");
  const Package twin = random_twin(package);
  for (int round = 0; round < 5; ++round) {
    std::filesystem::remove_all(twin.folder);
    std::vector<pid_t> children;
    for (int i = 0; i < 4; ++i) {
      children.push_back(::fork());
      ASSERT_GE(children.back(), 0);
      if (children.back() != 0) continue;
      try {
        const Package made = random_twin(package);
        const auto file = made.folder / "model.onnx";
        std::_Exit(
            made.sha256 == twin.sha256 && sha256(bytes_of(read_text(file))) == twin.sha256 ? 0 : 1);
      } catch (const std::exception&) {
        std::_Exit(2);
      }
    }
    for (const pid_t child : children) {
      int status = -1;
      ASSERT_EQ(::waitpid(child, &status, 0), child);
      EXPECT_EQ(status, 0);
    }
    EXPECT_EQ(paths_in(twin.folder), std::vector{twin.folder / "model.onnx"});
  }
}

TEST_F(RandomTwin, is_not_among_the_packages) {
  const Package package = test::install_tiny_package(folder_.path(), "tiny");
  random_twin(package);
  EXPECT_EQ(list_packages().size(), 1U);
}

}  // namespace
}  // namespace alike::encode

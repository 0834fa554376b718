#include "alike/encode/package/efficientnet.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "alike/base/file.h"
#include "alike/encode/package/onnx_check.h"
#include "alike/encode/package/sha256.h"
#include "alike/encode/run/encoder.h"
#include "tests/support/damage.h"
#include "tests/support/temporary_folder.h"

namespace alike::encode {
namespace {

/// Lite0 but for narrow stages, so that a test of it is quick.
constexpr EfficientNetLite kSmall{32, {1, 2, 2, 1, 1, 2, 1}, {8, 8, 8, 16, 16, 16, 24}};
constexpr std::array<int, 7> kKernels{3, 3, 5, 3, 5, 5, 3};

/// The weights that `network` needs, all drawn, the variances positive.
class Weights {
 public:
  explicit Weights(const EfficientNetLite& network) {
    convolution("_conv_stem", "_bn0", {32, 3, 3, 3});
    int index = 0;
    std::int64_t in = 32;
    for (std::size_t stage = 0; stage < 7; ++stage) {
      const std::int64_t out = network.widths.at(stage);
      const std::int64_t kernel = kKernels.at(stage);
      for (int i = 0; i < network.repeats.at(stage); ++i, ++index, in = out) {
        const std::string block = "_blocks." + std::to_string(index) + ".";
        const std::int64_t inner = stage == 0 ? in : 6 * in;
        if (stage > 0) convolution(block + "_expand_conv", block + "_bn0", {inner, in, 1, 1});
        convolution(block + "_depthwise_conv", block + "_bn1", {inner, 1, kernel, kernel});
        convolution(block + "_project_conv", block + "_bn2", {out, inner, 1, 1});
      }
    }
    convolution("_conv_head", "_bn1", {1280, in, 1, 1});
    add("_fc.weight", {1000, 1280}, 0.05);
    add("_fc.bias", {1000}, 0.1);
  }

  std::vector<WeightTensor> tensors;

 private:
  void convolution(const std::string& name, const std::string& norm,
                   const std::vector<std::int64_t>& shape) {
    add(name + ".weight", shape, 0.3);
    add(norm + ".weight", {shape[0]}, 0.5, 1);
    add(norm + ".bias", {shape[0]}, 0.5);
    add(norm + ".running_mean", {shape[0]}, 0.5);
    add(norm + ".running_var", {shape[0]}, 0.5, 1);
  }
  void add(const std::string& name, const std::vector<std::int64_t>& shape, double span,
           double middle = 0) {
    std::int64_t count = 1;
    for (const auto side : shape) count *= side;
    WeightTensor tensor{name, shape, std::vector<float>(static_cast<std::size_t>(count))};
    for (auto& value : tensor.values) {
      value = static_cast<float>(middle + span * (2 * random_.uniform() - 1));
    }
    tensors.push_back(std::move(tensor));
  }

  Random random_{11};
};

std::string onnx(const std::vector<WeightTensor>& weights) {
  return efficientnet_onnx(kSmall, weights, "the weights");
}

class EfficientNetTest : public testing::Test {
 protected:
  EfficientNetTest() { ::setenv("ALIKE_HOME", folder_.path().c_str(), 1); }
  ~EfficientNetTest() override { ::unsetenv("ALIKE_HOME"); }

  /// A package of the small network.
  Package package() const {
    const std::string model = onnx(weights_.tensors);
    replace_file(folder_ / "model.onnx", model);
    Package package;
    package.name = "small";
    package.sha256 = sha256(bytes_of(model));
    package.input.framing.size = kSmall.size;
    package.input.mean = {127, 127, 127};
    package.input.scale = {128, 128, 128};
    for (const auto& name : efficientnet_layers()) {
      package.layers.push_back({.name = name, .tensor = name});
    }
    package.default_layer = "pooled";
    package.folder = folder_.path();
    return package;
  }

  test::TemporaryFolder folder_;
  Weights weights_{kSmall};
};

TEST_F(EfficientNetTest, is_a_network_that_the_check_lets_pass) {
  const std::string model = onnx(weights_.tensors);
  EXPECT_EQ(check_onnx(bytes_of(model), "it").sides, (std::vector<std::int64_t>{-1, 3, 32, 32}));
}

TEST_F(EfficientNetTest, the_same_weights_give_the_same_bytes_in_any_order) {
  const std::string model = onnx(weights_.tensors);
  std::ranges::reverse(weights_.tensors);
  EXPECT_EQ(onnx(weights_.tensors), model);
}

TEST_F(EfficientNetTest, every_named_layer_has_the_size_that_its_stage_says) {
  std::map<std::string, Layer> layers;
  for (const auto& layer : all_layers(package())) layers[layer.tensor] = layer;
  const auto expect = [&](const std::string& name, int channels, int side) {
    EXPECT_EQ(layers[name].channels, channels) << name;
    EXPECT_EQ(layers[name].height, side) << name;
    EXPECT_EQ(layers[name].width, side) << name;
  };
  expect("stem", 32, 16);
  constexpr std::array<int, 7> kSides{16, 8, 4, 2, 2, 1, 1};
  for (std::size_t i = 0; i < 7; ++i) {
    expect("block" + std::to_string(i + 1), kSmall.widths.at(i), kSides.at(i));
  }
  expect("head", 1280, 1);
  expect("pooled", 1280, 1);
  expect("logits", 1000, 1);
}

TEST_F(EfficientNetTest, the_stem_equals_convolution_normalisation_and_relu6_done_by_loops) {
  image::Image picture{32, 32, {}};
  for (std::uint64_t i = 0; i < 32 * 32 * 3; ++i) {
    picture.rgb.push_back(static_cast<std::uint8_t>(random_bits(3, i)));
  }
  const Encoder encoder(package(), {"stem", Pooling::none, 1});
  std::vector<float> row(encoder.width());
  encoder.embed(picture, row);
  const auto values = [&](const std::string& name) {
    return std::ranges::find(weights_.tensors, name, &WeightTensor::name)->values;
  };
  const auto kernel = values("_conv_stem.weight");
  const auto gain = values("_bn0.weight");
  const auto shift = values("_bn0.bias");
  const auto mean = values("_bn0.running_mean");
  const auto variance = values("_bn0.running_var");
  // SAME padding of TensorFlow for 32 px, kernel 3, stride 2: none before, one behind.
  for (std::size_t c = 0; c < 32; ++c) {
    for (std::size_t y = 0; y < 16; ++y) {
      for (std::size_t x = 0; x < 16; ++x) {
        double sum = 0;
        for (std::size_t in = 0; in < 3; ++in) {
          for (std::size_t ky = 0; ky < 3; ++ky) {
            for (std::size_t kx = 0; kx < 3; ++kx) {
              const std::size_t py = 2 * y + ky;
              const std::size_t px = 2 * x + kx;
              if (py >= 32 || px >= 32) continue;
              const double pixel = (picture.rgb[(py * 32 + px) * 3 + in] - 127.0) / 128;
              sum += pixel * kernel[((c * 3 + in) * 3 + ky) * 3 + kx];
            }
          }
        }
        const double normal = (sum - mean[c]) * gain[c] / std::sqrt(variance[c] + 1e-3) + shift[c];
        ASSERT_NEAR(row[(c * 16 + y) * 16 + x], std::clamp(normal, 0.0, 6.0), 1e-3);
      }
    }
  }
}

TEST_F(EfficientNetTest, a_missing_or_extra_tensor_or_another_shape_is_corrupt) {
  const auto outcome = [](const std::vector<WeightTensor>& weights) {
    return test::outcome([&] { onnx(weights); });
  };
  for (const std::size_t i : {std::size_t{0}, std::size_t{7}, weights_.tensors.size() - 1}) {
    auto weights = weights_.tensors;
    weights.erase(weights.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_EQ(outcome(weights), ErrorCode::corrupt);
    weights = weights_.tensors;
    weights[i].shape.push_back(1);
    EXPECT_EQ(outcome(weights), ErrorCode::corrupt);
  }
  auto weights = weights_.tensors;
  weights.push_back({"_blocks.99._bn0.bias", {1}, {0}});
  EXPECT_EQ(outcome(weights), ErrorCode::corrupt);
  EXPECT_EQ(outcome({}), ErrorCode::corrupt);
}

}  // namespace
}  // namespace alike::encode

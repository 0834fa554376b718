// The compiled network against a convolution written as loops, and the care taken of its cache.
#include "alike/encode/run/encoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <thread>

#include "alike/base/error.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_onnx.h"
#include "tests/support/tiny_twin.h"

namespace alike::encode {
namespace {

using test::Map;
using test::pool;
using test::TinyNetwork;
using test::twin;

image::Image noise(std::uint64_t seed, int side = TinyNetwork::kSize) {
  image::Image picture{side, side, {}};
  for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(side * side * 3); ++i) {
    picture.rgb.push_back(static_cast<std::uint8_t>(random_bits(seed, i) & 255));
  }
  return picture;
}

void expect_near(const std::vector<float>& got, const std::vector<float>& wanted) {
  ASSERT_EQ(got.size(), wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    ASSERT_NEAR(got[i], wanted[i], 2e-5 * (1 + std::abs(wanted[i]))) << "at " << i;
  }
}

ErrorCode code_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    return error.code();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorCode::io;
}

class EncoderTest : public testing::Test {
 protected:
  EncoderTest() {
    ::setenv("ALIKE_HOME", folder_.path().c_str(), 1);
    package_ = test::tiny_package(folder_ / "tiny");
  }
  ~EncoderTest() override { ::unsetenv("ALIKE_HOME"); }

  std::vector<float> embed(const EncoderOptions& options, const image::Image& picture) const {
    const Encoder encoder(package_, options);
    std::vector<float> row(encoder.width());
    encoder.embed(picture, row);
    return row;
  }
  std::vector<std::filesystem::path> cache_files() const {
    std::vector<std::filesystem::path> files;
    const auto cache = folder_ / "cache" / "compiled";
    if (!std::filesystem::exists(cache)) return files;
    for (const auto& entry : std::filesystem::directory_iterator(cache)) {
      files.push_back(entry.path());
    }
    return files;
  }
  /// Serves `model` under the tiny package's description.
  void replace_model(const std::string& model) {
    replace_file(package_.folder / "model.onnx", model);
    package_.sha256 = sha256(std::as_bytes(std::span(model)));
  }

  test::TemporaryFolder folder_;
  Package package_;
};

TEST_F(EncoderTest, every_layer_and_pooling_equals_the_loops) {
  const auto picture = noise(7);
  const auto tensors = twin(package_, picture);
  for (const auto& [name, map] : tensors) {
    for (const auto pooling : {Pooling::none, Pooling::avg, Pooling::max, Pooling::gem}) {
      SCOPED_TRACE(name + " " + std::string(name_of(pooling)));
      const auto wanted = map.side == 1 ? map.values : pool(map, pooling);
      expect_near(embed({name, pooling, 1}, picture), wanted);
    }
  }
}

TEST_F(EncoderTest, default_layer_is_the_packages) {
  const Encoder encoder(package_, {});
  EXPECT_EQ(encoder.layer().name, "pooled");
  EXPECT_EQ(encoder.width(), 8U);
}

TEST_F(EncoderTest, short_name_and_tensor_name_are_the_same_layer) {
  const auto picture = noise(8);
  EXPECT_EQ(embed({"block1", Pooling::none, 1}, picture),
            embed({"relu1", Pooling::none, 1}, picture));
  const Encoder encoder(package_, {"block1", Pooling::avg, 1});
  EXPECT_EQ(encoder.layer().tensor, "relu1");
  EXPECT_EQ(encoder.layer().channels, 4);
  EXPECT_EQ(encoder.layer().height, 8);
  EXPECT_EQ(encoder.layer().width, 8);
  EXPECT_NEAR(encoder.layer().cost, 6912. / 11560, 1e-9);
}

TEST_F(EncoderTest, bgr_swaps_the_channels_before_mean_and_scale) {
  package_.input.bgr = true;
  const auto picture = noise(9);
  expect_near(embed({"logits", Pooling::avg, 1}, picture),
              twin(package_, picture)["logits"].values);
}

TEST_F(EncoderTest, cached_network_answers_as_the_compiled_one) {
  const auto picture = noise(10);
  const auto cold = embed({"relu2", Pooling::gem, 1}, picture);
  ASSERT_EQ(cache_files().size(), 1U);
  const auto time = std::filesystem::last_write_time(cache_files().front());
  EXPECT_EQ(embed({"relu2", Pooling::gem, 1}, picture), cold);
  EXPECT_EQ(std::filesystem::last_write_time(cache_files().front()), time) << "compiled again";
  const Encoder warm(package_, {"relu2", Pooling::gem, 1});
  EXPECT_EQ(warm.layer().channels, 8);
  EXPECT_EQ(warm.layer().height, 4);
  EXPECT_EQ(warm.layer().tensor, "relu2");
}

TEST_F(EncoderTest, weights_in_the_current_folder_are_not_taken) {
  const auto before = std::filesystem::current_path();
  const auto row = embed({}, noise(1));  // compiled, and kept
  const auto here = folder_ / "pictures";
  std::filesystem::create_directory(here);
  replace_file(here / ".bin", std::string(100'000, 'x'));
  std::filesystem::current_path(here);
  EXPECT_EQ(embed({}, noise(1)), row);
  std::filesystem::current_path(before);
}

TEST_F(EncoderTest, damaged_cache_is_compiled_again_and_rewritten) {
  const EncoderOptions options{"relu2", Pooling::avg, 1};
  const auto picture = noise(11);
  const auto wanted = embed(options, picture);
  const auto file = cache_files().at(0);
  const auto whole = read_file(file, 1 << 24);
  const auto expect_repaired = [&](const std::vector<std::byte>& damaged, const std::string& how) {
    SCOPED_TRACE(how);
    replace_file(file, damaged);
    EXPECT_EQ(embed(options, picture), wanted);
    EXPECT_NE(read_file(file, 1 << 24), damaged) << "left as it was";
  };
  Random random(12);
  for (int i = 0; i < 40; ++i) {
    auto damaged = whole;
    const std::size_t at = i < 20 ? random.below(300) : random.below(whole.size());
    damaged[at] ^= static_cast<std::byte>(1 << random.below(8));
    expect_repaired(damaged, "bit flipped in byte " + std::to_string(at));
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, std::size_t{63}, std::size_t{56},
                                 std::size_t{200}, whole.size() / 2, whole.size() - 1}) {
    expect_repaired({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)},
                    "cut to " + std::to_string(size));
  }
}

TEST_F(EncoderTest, works_without_a_place_for_its_cache) {
  replace_file(folder_ / "cache", std::string_view("a file where the folder should be"));
  const auto picture = noise(13);
  expect_near(embed({"pooled", Pooling::avg, 1}, picture),
              twin(package_, picture)["pooled"].values);
}

TEST_F(EncoderTest, another_network_under_the_same_name_is_not_served_from_the_cache) {
  const auto picture = noise(14);
  const auto first = embed({}, picture);
  package_ = test::tiny_package(folder_ / "tiny", 2);
  const auto second = embed({}, picture);
  EXPECT_NE(first, second);
  expect_near(second, twin(package_, picture, 2)["pooled"].values);
}

TEST_F(EncoderTest, values_depend_neither_on_threads_nor_on_streams) {
  std::vector<std::vector<float>> wanted;
  for (std::uint64_t i = 0; i < 64; ++i) wanted.push_back(embed({}, noise(i)));
  const Encoder encoder(package_, {"", Pooling::avg, 2});
  std::vector<std::vector<float>> got(64, std::vector<float>(encoder.width()));
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 5; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = t; i < 64; i += 5) encoder.embed(noise(i), got[i]);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(got, wanted);
}

TEST_F(EncoderTest, all_layers_lists_each_tensor_with_size_and_cost) {
  const auto layers = all_layers(package_);
  std::map<std::string, Layer> by_tensor;
  for (const auto& layer : layers) by_tensor[layer.tensor] = layer;
  EXPECT_EQ(by_tensor.size(), 7U);
  EXPECT_EQ(layers.front().tensor, "conv1");
  EXPECT_EQ(layers.back().tensor, "logits");
  for (const auto& named : package_.layers) {
    const auto& layer = by_tensor[named.tensor];
    EXPECT_EQ(layer.name, named.name);
    EXPECT_EQ(layer.channels, named.channels);
    EXPECT_EQ(layer.height, named.height);
    EXPECT_EQ(layer.width, named.width);
    EXPECT_NEAR(layer.cost, named.cost, 1e-9);
  }
  EXPECT_TRUE(std::ranges::is_sorted(layers, {}, &Layer::cost));
}

TEST_F(EncoderTest, every_listed_name_is_accepted) {
  for (const auto& layer : all_layers(package_)) {
    const Encoder by_name(package_, {layer.name, Pooling::none, 1});
    EXPECT_EQ(by_name.width(),
              static_cast<std::size_t>(layer.channels * layer.height * layer.width));
    EXPECT_EQ(Encoder(package_, {layer.tensor, Pooling::avg, 1}).layer().channels, layer.channels);
  }
}

TEST_F(EncoderTest, open_input_size_is_fixed_to_the_packages) {
  replace_model(test::tiny_onnx(TinyNetwork(), true));
  const auto picture = noise(15);
  expect_near(embed({"logits", Pooling::avg, 1}, picture),
              twin(package_, picture)["logits"].values);
}

TEST_F(EncoderTest, channels_last_input_is_served_as_it_is) {
  test::Proto graph;
  graph
      .message(1, test::node_proto("Transpose", {"picture"}, "turned",
                                   {test::ints_attribute("perm", {0, 3, 1, 2})}))
      .message(1, test::node_proto("GlobalAveragePool", {"turned"}, "mean"))
      .text(2, "last")
      .message(11, test::value_proto("picture", {1, 16, 16, 3}))
      .message(12, test::value_proto("mean", {1, 3, 1, 1}));
  replace_model(test::model_bytes(graph));
  const auto picture = noise(16);
  std::vector<float> wanted(3);
  for (std::size_t i = 0; i < picture.rgb.size(); ++i) {
    wanted[i % 3] += (static_cast<float>(picture.rgb[i]) - package_.input.mean.at(i % 3)) /
                     package_.input.scale.at(i % 3) / 256;
  }
  expect_near(embed({"mean", Pooling::avg, 1}, picture), wanted);
}

TEST_F(EncoderTest, tokens_are_pooled_over_their_positions) {
  test::Proto graph;
  graph.message(1, test::node_proto("Reshape", {"picture", "shape"}, "rows"))
      .message(1, test::node_proto("Transpose", {"rows"}, "tokens",
                                   {test::ints_attribute("perm", {0, 2, 1})}))
      .text(2, "tokens")
      .message(5, test::shape_proto("shape", {1, 3, 256}))
      .message(11, test::value_proto("picture", {1, 3, 16, 16}))
      .message(12, test::value_proto("tokens", {1, 256, 3}));
  replace_model(test::model_bytes(graph));
  const auto picture = noise(17);
  Map planes{3, 16, {}};
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::size_t i = 0; i < 256; ++i) {
      planes.values.push_back(
          (static_cast<float>(picture.rgb[3 * i + c]) - package_.input.mean.at(c)) /
          package_.input.scale.at(c));
    }
  }
  for (const auto pooling : {Pooling::none, Pooling::avg, Pooling::max, Pooling::gem}) {
    expect_near(embed({"tokens", pooling, 1}, picture), pool(planes, pooling));
  }
  const Encoder encoder(package_, {"tokens", Pooling::avg, 1});
  EXPECT_EQ(encoder.layer().channels, 3);
  EXPECT_EQ(encoder.layer().height, 256);
  EXPECT_EQ(encoder.layer().width, 1);
}

TEST_F(EncoderTest, unknown_layer_names_the_nearest) {
  try {
    const Encoder encoder(package_, {"block3", Pooling::avg, 1});
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::not_found);
    EXPECT_NE(std::string(error.what()).find("'block2'"), std::string::npos) << error.what();
  }
}

TEST_F(EncoderTest, a_tensor_without_the_picture_is_no_layer) {
  EXPECT_EQ(code_of([&] {
              Encoder(package_, {"weight1", Pooling::avg, 1});
            }),
            ErrorCode::unsupported);
}

TEST_F(EncoderTest, changed_model_is_corrupt_cold_and_warm) {
  const auto warm = embed({}, noise(18));
  auto bytes = read_file(package_.folder / "model.onnx", 1 << 20);
  bytes.back() ^= std::byte{1};
  replace_file(package_.folder / "model.onnx", bytes);
  EXPECT_EQ(code_of([&] { Encoder(package_, {}); }), ErrorCode::corrupt);
  EXPECT_EQ(code_of([&] { Encoder(package_, {"relu1", Pooling::max, 1}); }), ErrorCode::corrupt);
  EXPECT_EQ(code_of([&] { all_layers(package_); }), ErrorCode::corrupt);
}

TEST_F(EncoderTest, bytes_that_are_no_network_are_corrupt) {
  replace_model("not a network");
  EXPECT_EQ(code_of([&] { Encoder(package_, {}); }), ErrorCode::corrupt);
}

TEST_F(EncoderTest, wrong_arguments_are_refused) {
  const Encoder encoder(package_, {});
  std::vector<float> row(8);
  std::vector<float> short_row(7);
  EXPECT_EQ(code_of([&] { encoder.embed(noise(1, 17), row); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { encoder.embed(noise(1), short_row); }), ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] {
              Encoder(package_, {"", Pooling::avg, 0});
            }),
            ErrorCode::invalid_argument);
  EXPECT_EQ(code_of([&] { pooling_from("mean"); }), ErrorCode::invalid_argument);
  EXPECT_EQ(pooling_from("gem"), Pooling::gem);
}

TEST_F(EncoderTest, input_of_another_size_is_refused) {
  package_.input.framing.size = 24;
  EXPECT_EQ(code_of([&] { Encoder(package_, {}); }), ErrorCode::unsupported);
}

TEST_F(EncoderTest, infinite_output_is_an_error_not_an_embedding) {
  TinyNetwork network;
  network.bias3[2] = std::numeric_limits<float>::infinity();
  replace_model(test::tiny_onnx(network));
  EXPECT_EQ(code_of([&] { embed({"logits", Pooling::avg, 1}, noise(19)); }), ErrorCode::corrupt);
  EXPECT_EQ(embed({"pooled", Pooling::avg, 1}, noise(19)).size(), 8U);
}

}  // namespace
}  // namespace alike::encode

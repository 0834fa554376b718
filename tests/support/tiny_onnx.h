// A network small enough to be computed by hand, as ONNX bytes and as an encoder package.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/encode/package/package.h"
#include "alike/encode/package/sha256.h"

namespace alike::test {

/// Writes one protobuf message field by field, so that a test can also write invalid ones.
/// The field numbers are those of onnx.proto.
class Proto {
 public:
  Proto& number(int field, std::int64_t value) {
    varint(static_cast<std::uint64_t>(field) << 3);
    varint(static_cast<std::uint64_t>(value));
    return *this;
  }
  Proto& text(int field, std::string_view value) {
    varint((static_cast<std::uint64_t>(field) << 3) | 2);
    varint(value.size());
    bytes_ += value;
    return *this;
  }
  Proto& message(int field, const Proto& value) { return text(field, value.bytes_); }
  Proto& real(int field, float value) {
    varint((static_cast<std::uint64_t>(field) << 3) | 5);
    char raw[sizeof value];
    std::memcpy(raw, &value, sizeof value);
    bytes_.append(raw, sizeof raw);
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  void varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>((value & 0x7f) | 0x80);
    bytes_ += static_cast<char>(value);
  }

  std::string bytes_;
};

using Dims = std::vector<std::int64_t>;

/// TensorProto, float32, raw data.
inline Proto tensor_proto(std::string_view name, const Dims& dims, std::span<const float> values) {
  Proto tensor;
  for (const auto dim : dims) tensor.number(1, dim);
  tensor.number(2, 1).text(8, name);
  return tensor.text(9, {reinterpret_cast<const char*>(values.data()), values.size_bytes()});
}

/// TensorProto, int64, raw data.
inline Proto shape_proto(std::string_view name, const Dims& values) {
  Proto tensor;
  tensor.number(1, static_cast<std::int64_t>(values.size())).number(2, 7).text(8, name);
  return tensor.text(9, {reinterpret_cast<const char*>(values.data()), values.size() * 8});
}

/// ValueInfoProto of a float32 tensor; a dimension of -1 is left open.
inline Proto value_proto(std::string_view name, const Dims& dims) {
  Proto shape;
  for (const auto dim : dims) {
    shape.message(1, dim < 0 ? Proto().text(2, "n") : Proto().number(1, dim));
  }
  return Proto().text(1, name).message(2,
                                       Proto().message(1, Proto().number(1, 1).message(2, shape)));
}

inline Proto int_attribute(std::string_view name, std::int64_t value) {
  return Proto().text(1, name).number(3, value).number(20, 2);
}

inline Proto ints_attribute(std::string_view name, const Dims& values) {
  Proto attribute;
  attribute.text(1, name);
  for (const auto value : values) attribute.number(8, value);
  return attribute.number(20, 7);
}

/// NodeProto with one output; its name is that output's.
inline Proto node_proto(std::string_view type, std::initializer_list<std::string_view> inputs,
                        std::string_view output, std::initializer_list<Proto> attributes = {}) {
  Proto node;
  for (const auto input : inputs) node.text(1, input);
  node.text(2, output).text(3, output).text(4, type);
  for (const auto& attribute : attributes) node.message(5, attribute);
  return node;
}

/// ModelProto around a GraphProto.
inline std::string model_bytes(const Proto& graph, std::int64_t opset = 13) {
  return Proto()
      .number(1, 8)
      .message(7, graph)
      .message(8, Proto().text(1, "").number(2, opset))
      .bytes();
}

/// conv1 3×3/2 → relu1 → conv2 3×3/2 → relu2 → gap → pooled (flatten) → logits (gemm), padding 1,
/// for pictures of `kSize` × `kSize`.
struct TinyNetwork {
  static constexpr int kSize = 16;
  static constexpr int kChannels1 = 4;
  static constexpr int kChannels2 = 8;
  static constexpr int kClasses = 5;
  std::vector<float> weight1, bias1;  ///< (4, 3, 3, 3), (4)
  std::vector<float> weight2, bias2;  ///< (8, 4, 3, 3), (8)
  std::vector<float> weight3, bias3;  ///< (5, 8), (5)

  explicit TinyNetwork(std::uint64_t seed = 1) {
    Random random(seed);
    const auto draw = [&](std::size_t count, std::size_t fan_in) {
      std::vector<float> values(count);
      const double span = std::sqrt(6.0 / static_cast<double>(fan_in));
      for (auto& value : values) value = static_cast<float>((2 * random.uniform() - 1) * span);
      return values;
    };
    weight1 = draw(4 * 27, 27);
    bias1 = draw(4, 27);
    weight2 = draw(8 * 36, 36);
    bias2 = draw(8, 36);
    weight3 = draw(5 * 8, 8);
    bias3 = draw(5, 8);
  }
};

/// The network as an ONNX file. With `open_size` the input is declared as (n, 3, n, n).
inline std::string tiny_onnx(const TinyNetwork& network = TinyNetwork(), bool open_size = false) {
  const auto convolution = [](std::string_view input, std::string_view n, std::string_view output) {
    const std::string weight = "weight" + std::string(n);
    const std::string bias = "bias" + std::string(n);
    return node_proto("Conv", {input, weight, bias}, output,
                      {ints_attribute("kernel_shape", {3, 3}), ints_attribute("strides", {2, 2}),
                       ints_attribute("pads", {1, 1, 1, 1})});
  };
  const std::int64_t side = open_size ? -1 : TinyNetwork::kSize;
  Proto graph;
  graph.message(1, convolution("picture", "1", "conv1"))
      .message(1, node_proto("Relu", {"conv1"}, "relu1"))
      .message(1, convolution("relu1", "2", "conv2"))
      .message(1, node_proto("Relu", {"conv2"}, "relu2"))
      .message(1, node_proto("GlobalAveragePool", {"relu2"}, "gap"))
      .message(1, node_proto("Flatten", {"gap"}, "pooled"))
      .message(1, node_proto("Gemm", {"pooled", "weight3", "bias3"}, "logits",
                             {int_attribute("transB", 1)}))
      .text(2, "tiny")
      .message(5, tensor_proto("weight1", {4, 3, 3, 3}, network.weight1))
      .message(5, tensor_proto("bias1", {4}, network.bias1))
      .message(5, tensor_proto("weight2", {8, 4, 3, 3}, network.weight2))
      .message(5, tensor_proto("bias2", {8}, network.bias2))
      .message(5, tensor_proto("weight3", {5, 8}, network.weight3))
      .message(5, tensor_proto("bias3", {5}, network.bias3))
      .message(11, value_proto("picture", {-1, 3, side, side}))
      .message(12, value_proto("logits", {-1, TinyNetwork::kClasses}));
  return model_bytes(graph);
}

/// Writes `folder`/model.onnx and returns the package that describes it (not its encoder.json).
inline encode::Package tiny_package(const std::filesystem::path& folder, std::uint64_t seed = 1) {
  const std::string model = tiny_onnx(TinyNetwork(seed));
  std::filesystem::create_directories(folder);
  replace_file(folder / "model.onnx", model);
  encode::Package package;
  package.name = folder.filename().string();
  package.title = "Tiny test network";
  package.licence = "Apache-2.0";
  package.source = "tests/support/tiny_onnx.h";
  package.trained_on = "nothing";
  package.sha256 = encode::sha256(std::as_bytes(std::span(model)));
  package.input.framing = {TinyNetwork::kSize, 1, image::Interpolation::bicubic};
  package.input.mean = {127, 120, 110};
  package.input.scale = {64, 60, 70};
  constexpr double kAll = 6912 + 4608 + 40;  // multiply-adds of conv1, conv2 and logits
  package.layers = {{"block1", "relu1", 4, 8, 8, 6912 / kAll},
                    {"block2", "relu2", 8, 4, 4, 11520 / kAll},
                    {"pooled", "pooled", 8, 1, 1, 11520 / kAll},
                    {"logits", "logits", 5, 1, 1, 1}};
  package.default_layer = "pooled";
  package.logits_tensor = "logits";
  package.folder = folder;
  return package;
}

/// The whole package folder `home`/models/`name`, as `encode::load_package(name)` finds it when
/// ALIKE_HOME is `home`. Another seed makes another network of the same shape.
inline encode::Package install_tiny_package(const std::filesystem::path& home,
                                            const std::string& name = "tiny",
                                            std::uint64_t seed = 1) {
  auto package = tiny_package(home / "models" / name, seed);
  encode::save_package(package);
  return package;
}

}  // namespace alike::test

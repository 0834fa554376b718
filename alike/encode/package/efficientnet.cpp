#include "alike/encode/package/efficientnet.h"

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "alike/base/error.h"
#include "alike/encode/package/onnx_builder.h"

namespace alike::encode {
namespace {

constexpr std::array<int, 7> kKernels{3, 3, 5, 3, 5, 5, 3};
constexpr std::array<int, 7> kStrides{1, 2, 2, 2, 1, 2, 1};
constexpr int kStemChannels = 32;
constexpr int kHeadChannels = 1280;
constexpr int kClasses = 1000;
constexpr int kExpansion = 6;  // of every stage but the first, which does not expand
constexpr double kBatchNormEpsilon = 1e-3;

using Shape = OnnxBuilder::Shape;

/// The weights by name; each must be asked for once, with the shape it has.
class Weights {
 public:
  Weights(std::span<const WeightTensor> tensors, const std::string& what) : what_(what) {
    for (const auto& tensor : tensors) by_name_.emplace(tensor.name, &tensor);
  }

  std::span<const float> take(const std::string& name, const Shape& shape) {
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) refuse("has no tensor '" + name + "'");
    if (found->second->shape != shape) refuse("has '" + name + "' in another shape");
    const WeightTensor& tensor = *found->second;
    by_name_.erase(found);
    return tensor.values;
  }

  void expect_none_left() const {
    if (!by_name_.empty()) refuse("has a tensor too many, '" + by_name_.begin()->first + "'");
  }

 private:
  [[noreturn]] void refuse(const std::string& trouble) const {
    throw Error(ErrorCode::corrupt, what_ + " " + trouble + "; it is not this EfficientNet-Lite");
  }

  const std::string& what_;
  std::unordered_map<std::string, const WeightTensor*> by_name_;
};

/// A tensor under construction: its name, channels and side.
struct Map {
  std::string name;
  int channels = 0;
  int side = 0;
};

/// The names of a convolution in the weights and in the graph, and its parameters.
struct Convolution {
  std::string weights;  ///< Such as "_blocks.3._expand_conv".
  std::string norm;     ///< The batch normalisation after it, such as "_blocks.3._bn0".
  std::string output;
  int channels = 0;
  int kernel = 1;
  int stride = 1;
  bool depthwise = false;
  bool relu6 = true;
};

class Builder {
 public:
  Builder(Weights& weights, OnnxBuilder& graph) : weights_(weights), graph_(graph) {
    graph_.constant("zero", {}, std::vector<float>{0});
    graph_.constant("six", {}, std::vector<float>{6});
  }

  Map convolve(const Map& in, const Convolution& convolution) {
    const auto [output, side] = add_convolution(in, convolution);
    add_weights(in, convolution);
    if (convolution.relu6) graph_.add("Clip", {output, "zero", "six"}, convolution.output);
    return {convolution.output, convolution.channels, side};
  }

  Map add(const Map& left, const Map& right, const std::string& output) {
    graph_.add("Add", {left.name, right.name}, output);
    return {output, right.channels, right.side};
  }

  void classify(const Map& in) {
    graph_.add("GlobalAveragePool", {in.name}, "pooled.map");
    graph_.add("Flatten", {"pooled.map"}, "pooled");
    graph_.constant("logits.weight", {kClasses, in.channels},
                    weights_.take("_fc.weight", {kClasses, in.channels}));
    graph_.constant("logits.bias", {kClasses}, weights_.take("_fc.bias", {kClasses}));
    graph_.add("Gemm", {"pooled", "logits.weight", "logits.bias"}, "logits", {{"transB", 1}});
  }

 private:
  /// The node; returns its output and the side of that.
  std::pair<std::string, int> add_convolution(const Map& in, const Convolution& convolution) {
    const int side = (in.side + convolution.stride - 1) / convolution.stride;
    const int padding = std::max((side - 1) * convolution.stride + convolution.kernel - in.side, 0);
    const std::string& name = convolution.output;
    const std::string output = convolution.relu6 ? name + ".linear" : name;
    const int before = padding / 2;
    std::vector<OnnxBuilder::Attribute> attributes{
        {"kernel_shape", Shape{convolution.kernel, convolution.kernel}},
        {"strides", Shape{convolution.stride, convolution.stride}},
        {"pads", Shape{before, before, padding - before, padding - before}}};
    if (convolution.depthwise) attributes.emplace_back("group", in.channels);
    graph_.add("Conv", {in.name, name + ".weight", name + ".bias"}, output, attributes);
    return {output, side};
  }

  /// y = (conv(x) − mean) · gain / √(variance + ε) + shift, as one convolution with a bias.
  void add_weights(const Map& in, const Convolution& convolution) {
    const std::int64_t channels = convolution.channels;
    const Shape shape{channels, convolution.depthwise ? 1 : in.channels, convolution.kernel,
                      convolution.kernel};
    const auto kernel = weights_.take(convolution.weights + ".weight", shape);
    const auto gain = weights_.take(convolution.norm + ".weight", {channels});
    const auto shift = weights_.take(convolution.norm + ".bias", {channels});
    const auto mean = weights_.take(convolution.norm + ".running_mean", {channels});
    const auto variance = weights_.take(convolution.norm + ".running_var", {channels});
    std::vector<float> folded(kernel.size());
    std::vector<float> bias(gain.size());
    const std::size_t each = kernel.size() / gain.size();
    for (std::size_t c = 0; c < gain.size(); ++c) {
      const double scale = gain[c] / std::sqrt(variance[c] + kBatchNormEpsilon);
      bias[c] = static_cast<float>(shift[c] - mean[c] * scale);
      for (std::size_t i = c * each; i < (c + 1) * each; ++i) {
        folded[i] = static_cast<float>(kernel[i] * scale);
      }
    }
    graph_.constant(convolution.output + ".weight", shape, folded);
    graph_.constant(convolution.output + ".bias", {channels}, bias);
  }

  Weights& weights_;
  OnnxBuilder& graph_;
};

/// Expand, convolve each channel on its own, project; plus the input where the shape allows.
Map inverted_residual(Builder& builder, const Map& in, int index, Convolution depthwise,
                      bool expands, int channels) {
  const std::string weights = "_blocks." + std::to_string(index) + ".";
  const std::string inner = "inverted" + std::to_string(index) + ".";
  const std::string output = std::move(depthwise.output);
  const bool skips = depthwise.stride == 1 && in.channels == channels;
  Map map = in;
  if (expands) {
    map = builder.convolve(map, {.weights = weights + "_expand_conv",
                                 .norm = weights + "_bn0",
                                 .output = inner + "expanded",
                                 .channels = in.channels * kExpansion});
  }
  depthwise.weights = weights + "_depthwise_conv";
  depthwise.norm = weights + "_bn1";
  depthwise.output = inner + "depthwise";
  depthwise.channels = map.channels;
  depthwise.depthwise = true;
  map = builder.convolve(map, depthwise);
  map = builder.convolve(map, {.weights = weights + "_project_conv",
                               .norm = weights + "_bn2",
                               .output = skips ? inner + "projected" : output,
                               .channels = channels,
                               .relu6 = false});
  return skips ? builder.add(in, map, output) : map;
}

}  // namespace

std::vector<std::string> efficientnet_layers() {
  std::vector<std::string> names{"stem"};
  for (std::size_t stage = 1; stage <= kKernels.size(); ++stage) {
    names.push_back("block" + std::to_string(stage));
  }
  names.insert(names.end(), {"head", "pooled", "logits"});
  return names;
}

std::string efficientnet_onnx(const EfficientNetLite& network,
                              std::span<const WeightTensor> tensors, const std::string& what) {
  OnnxBuilder graph("EfficientNet-Lite");
  graph.input("picture", {3, network.size, network.size});
  graph.output("logits", {kClasses});
  graph.output("pooled", {kHeadChannels});

  Weights weights(tensors, what);
  Builder builder(weights, graph);
  Map map = builder.convolve({"picture", 3, network.size}, {.weights = "_conv_stem",
                                                            .norm = "_bn0",
                                                            .output = "stem",
                                                            .channels = kStemChannels,
                                                            .kernel = 3,
                                                            .stride = 2});
  int index = 0;
  for (std::size_t stage = 0; stage < kKernels.size(); ++stage) {
    const std::string block = "block" + std::to_string(stage + 1);
    for (int repeat = 1; repeat <= network.repeats[stage]; ++repeat, ++index) {
      const bool last = repeat == network.repeats[stage];
      Convolution depthwise;
      depthwise.output = last ? block : block + "." + std::to_string(repeat);
      depthwise.kernel = kKernels[stage];
      depthwise.stride = repeat == 1 ? kStrides[stage] : 1;
      map = inverted_residual(builder, map, index, depthwise, stage > 0, network.widths[stage]);
    }
  }
  map = builder.convolve(
      map, {.weights = "_conv_head", .norm = "_bn1", .output = "head", .channels = kHeadChannels});
  builder.classify(map);
  weights.expect_none_left();
  return graph.bytes();
}

}  // namespace alike::encode

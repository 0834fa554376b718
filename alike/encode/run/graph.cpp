#include "alike/encode/run/graph.h"

#include <algorithm>
#include <cstring>
#include <openvino/core/preprocess/pre_post_process.hpp>
#include <openvino/op/ops.hpp>
#include <openvino/runtime/core.hpp>
#include <unordered_map>
#include <unordered_set>

#include "alike/base/error.h"
#include "alike/base/text.h"
#include "alike/encode/package/package_model.h"
#include "alike/encode/run/network_trial.h"
#include "alike/encode/run/processor.h"

// In libopenvino 2026.4, without a header in its wheel; weak, as another version may not have it
// (docs/decisions/0003-bfloat16.md).
namespace ov {
[[gnu::weak]] void disable_conversion(const std::shared_ptr<Node>& node, const element::Type& to);
}

namespace alike::encode {
namespace {

std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  const auto last = text.find_last_not_of('\n');
  const auto start = text.rfind('\n', last);
  return text.substr(start == std::string::npos ? 0 : start + 1,
                     last - (start == std::string::npos ? 0 : start + 1) + 1);
}

[[noreturn]] void refuse(const Package& package, const std::string& sentence) {
  throw Error(ErrorCode::unsupported, "encoder '" + package.name + "': " + sentence);
}

std::string text_of(const ov::PartialShape& shape) { return shape.to_string(); }

/// Whether the input is (1, size, size, 3) rather than (1, 3, size, size).
bool channels_last(const ov::Model& graph) {
  const auto shape = graph.input().get_partial_shape();
  return shape[1] != 3 && shape[3] == 3;
}

void fix_input(ov::Model& graph, const Package& package) {
  if (graph.inputs().size() != 1) {
    refuse(package, "the network has " + std::to_string(graph.inputs().size()) +
                        " inputs; only networks with one picture as their input can be used");
  }
  const auto shape = graph.input().get_partial_shape();
  const int side = package.input.framing.size;
  ov::PartialShape wanted{1, 3, side, side};
  if (shape.rank().is_static() && shape.size() == 4 && channels_last(graph)) {
    wanted = {1, side, side, 3};
  }
  if (shape.rank().is_dynamic() || shape.size() != 4 ||
      (!shape[1].compatible(3) && shape[3] != 3)) {
    refuse(package, "the network's input has the shape " + text_of(shape) +
                        "; it must be (1, 3, height, width) or (1, height, width, 3)");
  }
  for (const int axis : {1, 2, 3}) {
    if (!shape[axis].compatible(wanted[axis])) {
      refuse(package, "the network's input has the shape " + text_of(shape) +
                          ", which does not fit the picture size " + std::to_string(side));
    }
  }
  if (shape != wanted) graph.reshape(wanted);
}

double elements(const ov::Shape& shape) { return static_cast<double>(ov::shape_size(shape)); }

/// Multiply-adds of one node: convolutions and matrix products, as the literature counts.
double multiply_adds(const ov::Node& node) {
  if (node.get_output_size() == 0 || node.get_output_partial_shape(0).is_dynamic()) return 0;
  const auto all_static = [&] {
    for (const auto& input : node.inputs()) {
      if (input.get_partial_shape().is_dynamic()) return false;
    }
    return true;
  };
  if (!all_static()) return 0;
  const double out = elements(node.get_output_shape(0));
  if (ov::is_type<ov::op::v1::Convolution>(&node)) {
    const auto& weights = node.get_input_shape(1);
    return out * elements(weights) / static_cast<double>(weights[0]);
  }
  if (ov::is_type<ov::op::v1::GroupConvolution>(&node)) {
    const auto& weights = node.get_input_shape(1);
    return out * elements(weights) / static_cast<double>(weights[0] * weights[1]);
  }
  if (ov::is_type<ov::op::v1::ConvolutionBackpropData>(&node)) {
    const auto& weights = node.get_input_shape(1);
    return elements(node.get_input_shape(0)) * elements(weights) / static_cast<double>(weights[0]);
  }
  if (const auto* product = ov::as_type<const ov::op::v0::MatMul>(&node)) {
    const auto& left = node.get_input_shape(0);
    const bool transposed = product->get_transpose_a() && left.size() > 1;
    return out * static_cast<double>(transposed ? left.rbegin()[1] : left.back());
  }
  return 0;
}

/// The graph as numbers: the cost of each node with everything before it.
class Costs {
 public:
  explicit Costs(const ov::Model& graph) {
    for (const auto& node : graph.get_ordered_ops()) {
      const std::size_t id = own_.size();
      ids_.emplace(node.get(), id);
      own_.push_back(multiply_adds(*node));
      auto& parents = parents_.emplace_back();
      bool depends = ov::is_type<ov::op::v0::Parameter>(node);
      for (const auto& input : node->input_values()) {
        const std::size_t parent = ids_.at(input.get_node());
        if (total_[parent] > 0) parents.push_back(parent);
        depends = depends || depends_[parent];
      }
      std::ranges::sort(parents);
      parents.erase(std::unique(parents.begin(), parents.end()), parents.end());
      // The size of a tensor is not the picture's doing.
      depends_.push_back(depends && !ov::is_type<ov::op::v0::ShapeOf>(node) &&
                         !ov::is_type<ov::op::v3::ShapeOf>(node));
      seen_.push_back(0);
      total_.push_back(0);
      total_[id] = parents.size() == 1 ? own_[id] + total_[parents[0]] : sum(id);
    }
  }

  bool depends_on_picture(const ov::Node& node) const { return depends_[ids_.at(&node)]; }
  double up_to(const ov::Node& node) const { return total_[ids_.at(&node)]; }
  double whole() const {
    double sum = 0;
    for (const double own : own_) sum += own;
    return sum;
  }

 private:
  double sum(std::size_t id) {
    double sum = 0;
    std::vector<std::size_t> open{id};
    ++round_;
    while (!open.empty()) {
      const std::size_t at = open.back();
      open.pop_back();
      if (seen_[at] == round_) continue;
      seen_[at] = round_;
      sum += own_[at];
      open.insert(open.end(), parents_[at].begin(), parents_[at].end());
    }
    return sum;
  }

  std::unordered_map<const ov::Node*, std::size_t> ids_;
  std::vector<double> own_, total_;
  std::vector<std::vector<std::size_t>> parents_;  ///< Those with a cost.
  std::vector<bool> depends_;
  std::vector<std::size_t> seen_;
  std::size_t round_ = 0;
};

/// Fills in the layer's size; false when the tensor is not of a layer's shape.
bool set_size(const ov::Output<ov::Node>& output, Layer& layer) {
  const auto& shape = output.get_partial_shape();
  if (shape.is_dynamic() || !output.get_element_type().is_real()) return false;
  const auto sizes = shape.to_shape();
  if (sizes.size() < 2 || sizes.size() > 4 || sizes[0] != 1) return false;
  if (ov::shape_size(sizes) == 0 || ov::shape_size(sizes) > (1U << 28)) return false;
  const bool tokens = sizes.size() == 3;
  layer.channels = static_cast<int>(sizes[tokens ? 2 : 1]);
  layer.height = sizes.size() > 2 ? static_cast<int>(sizes[tokens ? 1 : 2]) : 1;
  layer.width = sizes.size() > 3 ? static_cast<int>(sizes[3]) : 1;
  return true;
}

std::string tensor_of(const Package& package, const std::string& name) {
  for (const auto& layer : package.layers) {
    if (layer.name == name) return layer.tensor;
  }
  return name;
}

/// The tensor called `name`; without a node when there is none.
ov::Output<ov::Node> output_of(const ov::Model& graph, const std::string& name) {
  for (const auto& node : graph.get_ordered_ops()) {
    if (ov::is_type<ov::op::v0::Result>(node)) continue;  // repeats the names of its input
    for (const auto& output : node->outputs()) {
      if (output.get_names().contains(name)) return output;
    }
  }
  return {};
}

ov::Output<ov::Node> constant(const std::vector<std::int64_t>& values) {
  return ov::op::v0::Constant::create(ov::element::i64, ov::Shape{values.size()}, values);
}

ov::Output<ov::Node> scalar(float value) {
  return ov::op::v0::Constant::create(ov::element::f32, ov::Shape{}, {value});
}

ov::Output<ov::Node> pooled(const ov::Output<ov::Node>& map, Pooling pooling) {
  const auto positions = constant({2, 3});
  switch (pooling) {
    case Pooling::none: return map;
    case Pooling::avg: return std::make_shared<ov::op::v1::ReduceMean>(map, positions, false);
    case Pooling::max: return std::make_shared<ov::op::v1::ReduceMax>(map, positions, false);
    case Pooling::gem: break;
  }
  const auto positive = std::make_shared<ov::op::v1::Maximum>(map, scalar(1e-6F));
  const auto square = std::make_shared<ov::op::v1::Multiply>(positive, positive);
  const auto cube = std::make_shared<ov::op::v1::Multiply>(square, positive);
  const auto mean = std::make_shared<ov::op::v1::ReduceMean>(cube, positions, false);
  return std::make_shared<ov::op::v1::Power>(mean, scalar(1.0F / 3));
}

void prepend_input(std::shared_ptr<ov::Model>& graph, const Input& input) {
  const bool last = channels_last(*graph);
  ov::preprocess::PrePostProcessor steps(graph);
  steps.input().tensor().set_element_type(ov::element::u8).set_layout("NHWC");
  steps.input().model().set_layout(last ? "NHWC" : "NCHW");
  auto& preparation = steps.input().preprocess();
  preparation.convert_element_type(ov::element::f32);
  if (input.bgr) preparation.reverse_channels();
  preparation.mean({input.mean.begin(), input.mean.end()});
  preparation.scale({input.scale.begin(), input.scale.end()});
  graph = steps.build();
}

std::shared_ptr<ov::Model> parse(std::span<const std::byte> bytes, const Package& package) {
  try {
    auto graph = core().read_model({reinterpret_cast<const char*>(bytes.data()), bytes.size()},
                                   ov::Tensor());
    fix_input(*graph, package);
    return graph;
  } catch (const ov::Exception& error) {
    refuse(package, "OpenVINO cannot read the network: " + first_line(error));
  }
}

}  // namespace

ov::Core& core() {
  check_processor();
  // Never destroyed: OpenVINO's plugins may be unloaded before static objects are.
  static ov::Core* const instance = new ov::Core;
  return *instance;
}

std::shared_ptr<ov::Model> read_graph(const Package& package) {
  const auto bytes = read_safe_model(package);
  try_network(bytes, package);
  return parse(bytes, package);
}

void try_graph(std::span<const std::byte> model, const Package& package, const std::string& tensor,
               Pooling pooling) {
  auto graph = parse(model, package);
  measure(*graph, package);
  if (tensor.empty()) return;
  const Layer layer = find_layer(*graph, package, tensor);
  cut(graph, package, layer, pooling);
  try {
    auto compiled =
        core().compile_model(graph, "CPU", {ov::num_streams(1), ov::inference_num_threads(1)});
    auto request = compiled.create_infer_request();
    ov::Tensor input = request.get_input_tensor();
    std::memset(input.data(), 0, input.get_byte_size());
    request.infer();
  } catch (const std::exception& error) {
    refuse(package, "OpenVINO cannot compute the network: " + first_line(error));
  }
}

std::vector<Layer> measure(const ov::Model& graph, const Package& package) {
  std::unordered_map<std::string, std::string> short_names;
  for (const auto& layer : package.layers) short_names.emplace(layer.tensor, layer.name);
  const Costs costs(graph);
  const double whole = std::max(costs.whole(), 1.0);
  std::vector<Layer> layers;
  for (const auto& node : graph.get_ordered_ops()) {
    if (!costs.depends_on_picture(*node) || ov::is_type<ov::op::v0::Parameter>(node) ||
        ov::is_type<ov::op::v0::Result>(node)) {
      continue;
    }
    for (const auto& output : node->outputs()) {
      Layer layer;
      const auto& names = output.get_names();
      if (names.empty() || !set_size(output, layer)) continue;
      layer.tensor = *std::ranges::min_element(names);
      for (const auto& name : names) {
        if (short_names.contains(name)) layer.tensor = name;
      }
      const auto known = short_names.find(layer.tensor);
      layer.name = known == short_names.end() ? layer.tensor : known->second;
      layer.cost = costs.up_to(*node) / whole;
      layers.push_back(layer);
    }
  }
  return layers;
}

Layer find_layer(const ov::Model& graph, const Package& package, const std::string& name) {
  const std::string tensor = tensor_of(package, name);
  const auto output = output_of(graph, tensor);
  if (!output.get_node()) {
    std::vector<std::string> names;
    for (const auto& layer : package.layers) names.push_back(layer.name);
    for (const auto& layer : measure(graph, package)) names.push_back(layer.tensor);
    throw Error(ErrorCode::not_found, "encoder '" + package.name + "' has no layer '" + name + "'" +
                                          suggestion(name, names));
  }
  for (Layer layer : measure(graph, package)) {
    if (!output.get_names().contains(layer.tensor)) continue;
    layer.tensor = tensor;
    layer.name = name;
    return layer;
  }
  refuse(package, "the tensor '" + tensor + "' of shape " + text_of(output.get_partial_shape()) +
                      " cannot be a layer: it must depend on the picture and have the shape "
                      "(1, C), (1, T, C) or (1, C, H, W)");
}

void cut(std::shared_ptr<ov::Model>& graph, const Package& package, const Layer& layer,
         Pooling pooling) {
  ov::Output<ov::Node> end = output_of(*graph, layer.tensor);
  if (end.get_element_type() != ov::element::f32) {
    end = std::make_shared<ov::op::v0::Convert>(end, ov::element::f32);
  }
  if (end.get_shape().size() == 3) {
    end = std::make_shared<ov::op::v1::Transpose>(end, constant({0, 2, 1}));
    end = std::make_shared<ov::op::v0::Unsqueeze>(end, constant({3}));
  }
  if (layer.height * layer.width > 1) end = pooled(end, pooling);
  // Replacing the model frees the old results and the nodes that only they needed.
  graph = std::make_shared<ov::Model>(ov::OutputVector{end}, graph->get_parameters());
  prepend_input(graph, package.input);
}

bool can_keep_float32() {
  const bool marks =
      static_cast<void (*)(const std::shared_ptr<ov::Node>&, const ov::element::Type&)>(
          ov::disable_conversion) != nullptr;
  const auto able = core().get_property("CPU", ov::device::capabilities);
  return marks && std::ranges::find(able, ov::device::capability::BF16) != able.end();
}

void keep_float32(const ov::Model& graph, const std::string& tensor) {
  const auto seam = output_of(graph, tensor);
  const auto end = seam.get_node() ? seam.get_node_shared_ptr() : graph.get_results().at(0);
  std::vector<std::shared_ptr<ov::Node>> open{end};
  std::unordered_set<const ov::Node*> seen;
  while (!open.empty()) {
    const auto node = open.back();
    open.pop_back();
    if (!seen.insert(node.get()).second) continue;
    // The mark reads "not to float16"; the processor's plugin honours it for bfloat16.
    ov::disable_conversion(node, ov::element::f16);
    for (const auto& input : node->input_values()) open.push_back(input.get_node_shared_ptr());
  }
}

}  // namespace alike::encode

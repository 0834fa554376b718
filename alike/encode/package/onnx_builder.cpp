#include "alike/encode/package/onnx_builder.h"

#include <onnx/onnx_pb.h>

#include <limits>

#include "alike/base/error.h"

namespace alike::encode {
namespace {

constexpr int kOpset = 13;
constexpr int kIrVersion = 8;

void describe(onnx::ValueInfoProto& value, const std::string& name,
              const OnnxBuilder::Shape& sides) {
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(onnx::TensorProto::FLOAT);
  tensor.mutable_shape()->add_dim()->set_dim_param("batch");
  for (const auto side : sides) tensor.mutable_shape()->add_dim()->set_dim_value(side);
}

void set(onnx::AttributeProto& attribute, std::int64_t value) {
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

void set(onnx::AttributeProto& attribute, const OnnxBuilder::Shape& values) {
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const auto value : values) attribute.add_ints(value);
}

}  // namespace

struct OnnxBuilder::State {
  onnx::ModelProto model;
};

OnnxBuilder::OnnxBuilder(const std::string& name) : state_(std::make_unique<State>()) {
  auto& model = state_->model;
  model.set_ir_version(kIrVersion);
  model.set_producer_name("alike");
  model.add_opset_import()->set_version(kOpset);
  model.mutable_graph()->set_name(name);
}

OnnxBuilder::OnnxBuilder(std::span<const std::byte> network) : state_(std::make_unique<State>()) {
  const bool whole = network.size() <= std::numeric_limits<int>::max() &&
                     state_->model.ParseFromArray(network.data(), static_cast<int>(network.size()));
  if (!whole) throw Error(ErrorCode::corrupt, "the network is not ONNX");
}

OnnxBuilder::~OnnxBuilder() = default;

void OnnxBuilder::input(const std::string& name, const Shape& sides) {
  describe(*state_->model.mutable_graph()->add_input(), name, sides);
}

void OnnxBuilder::output(const std::string& name, const Shape& sides) {
  describe(*state_->model.mutable_graph()->add_output(), name, sides);
}

void OnnxBuilder::constant(const std::string& name, const Shape& shape,
                           std::span<const float> values) {
  std::uint64_t count = 1;
  for (const auto side : shape) count *= static_cast<std::uint64_t>(side);
  if (count != values.size()) {
    throw Error(ErrorCode::invalid_argument, "the constant '" + name + "' has " +
                                                 std::to_string(values.size()) +
                                                 " values; its shape has " + std::to_string(count));
  }
  auto& tensor = *state_->model.mutable_graph()->add_initializer();
  tensor.set_name(name);
  tensor.set_data_type(onnx::TensorProto::FLOAT);
  for (const auto side : shape) tensor.add_dims(side);
  tensor.set_raw_data(values.data(), values.size_bytes());
}

void OnnxBuilder::add(const std::string& type, const std::vector<std::string>& inputs,
                      const std::string& output, const std::vector<Attribute>& attributes) {
  auto& node = *state_->model.mutable_graph()->add_node();
  node.set_op_type(type);
  node.set_name(output);
  for (const auto& input : inputs) node.add_input(input);
  node.add_output(output);
  for (const auto& [name, value] : attributes) {
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    std::visit([&](const auto& number) { set(attribute, number); }, value);
  }
}

std::string OnnxBuilder::bytes() const {
  std::string bytes;
  if (state_->model.ByteSizeLong() > std::numeric_limits<int>::max() ||
      !state_->model.SerializeToString(&bytes)) {
    throw Error(ErrorCode::unsupported, "a network of more than 2 GiB cannot be written");
  }
  return bytes;
}

}  // namespace alike::encode

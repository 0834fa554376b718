#include "alike/encode/package/random_twin.h"

#include <onnx/onnx_pb.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/math/normal.h"
#include "alike/base/paths.h"
#include "alike/encode/package/package_model.h"
#include "alike/encode/package/sha256.h"

namespace alike::encode {
namespace {

/// Changes when twins are drawn in another way: those that are kept would not be the same then.
constexpr const char* kFolder = "random-2";

void fill(onnx::TensorProto& tensor, const std::function<float()>& value) {
  if (tensor.data_type() != onnx::TensorProto::FLOAT) return;
  std::size_t count = 1;
  for (const auto size : tensor.dims()) count *= static_cast<std::size_t>(size);
  std::vector<float> values(count);
  for (float& each : values) each = value();
  tensor.clear_float_data();
  tensor.set_raw_data(values.data(), values.size() * sizeof(float));
}

/// Numbers of the input that each number of the output is a sum over.
double fan_in(const onnx::TensorProto& weight, const onnx::NodeProto& node) {
  bool outputs_first = node.op_type() == "Conv";
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == "transB") outputs_first = attribute.i() != 0;
  }
  double product = 1;
  const int first = outputs_first ? 1 : 0, last = weight.dims_size() - (outputs_first ? 0 : 1);
  for (int i = first; i < last; ++i) product *= static_cast<double>(weight.dims(i));
  return std::max(product, 1.0);
}

/// The graph, while its weights are drawn.
class Redrawing {
 public:
  Redrawing(onnx::GraphProto& graph, std::uint64_t seed) : random_(seed) {
    for (auto& tensor : *graph.mutable_initializer()) tensors_[tensor.name()] = &tensor;
    for (const auto& node : graph.node()) redraw(node);
  }

 private:
  void redraw(const onnx::NodeProto& node) {
    const std::string& kind = node.op_type();
    if (kind == "Relu" || kind == "Clip") rectified_.insert(node.output(0));
    if (kind == "BatchNormalization") {
      for (int i = 1; i < node.input_size(); ++i) {
        set(node.input(i), i == 1 || i == 4 ? 1.0F : 0.0F);  // scale and variance
      }
    }
    if ((kind != "Conv" && kind != "Gemm" && kind != "MatMul") || node.input_size() < 2) return;
    if (const auto weight = tensors_.find(node.input(1)); weight != tensors_.end()) {
      const double gain = rectified_.contains(node.input(0)) ? 2 : 1;
      const auto scale = static_cast<float>(std::sqrt(gain / fan_in(*weight->second, node)));
      fill(*weight->second, [&] { return scale * static_cast<float>(near_normal(random_)); });
    }
    if (node.input_size() > 2) set(node.input(2), 0);
  }

  void set(const std::string& name, float value) {
    const auto tensor = tensors_.find(name);
    if (tensor != tensors_.end()) fill(*tensor->second, [value] { return value; });
  }

  Random random_;
  std::map<std::string, onnx::TensorProto*> tensors_;
  std::set<std::string> rectified_;  // outputs of ReLUs
};

}  // namespace

Package random_twin(const Package& package, std::uint64_t seed) {
  Package twin = package;
  twin.name = "random " + package.name;
  twin.title = "Random weights in the shape of " + package.title;
  twin.logits_tensor.clear();
  twin.folder =
      home() / "cache" / kFolder / (package.sha256.substr(0, 16) + "-" + std::to_string(seed));
  const auto file = twin.folder / "model.onnx";
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    twin.sha256 = sha256(read_file(file, file_bytes(file)));
    return twin;
  }
  const auto bytes = read_safe_model(package);
  onnx::ModelProto model;
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw Error(ErrorCode::corrupt, "the model of encoder '" + package.name + "' is no ONNX");
  }
  const Redrawing redrawn(*model.mutable_graph(), seed);
  const std::string text = model.SerializeAsString();
  make_folders(twin.folder);
  replace_file(file, std::string_view(text));
  twin.sha256 = sha256(std::as_bytes(std::span(text)));
  return twin;
}

}  // namespace alike::encode

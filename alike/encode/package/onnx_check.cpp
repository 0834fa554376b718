#include "alike/encode/package/onnx_check.h"

#include <google/protobuf/arena.h>
#include <onnx/defs/schema.h>
#include <onnx/onnx_pb.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <new>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::encode {
namespace {

using Shape = google::protobuf::RepeatedField<google::protobuf::int64>;
/// The known values of a graph: those that may be shapes.
using Constants = std::unordered_map<std::string_view, Shape>;

constexpr int kMaxDepth = 4;  // of graphs in attributes of nodes (If, Loop, Scan)
constexpr int kMaxNodes = 20'000;
constexpr std::uint64_t kMaxElements = 1ULL << 28;
constexpr std::uint64_t kMaxMade = 1ULL << 24;     // numbers that one node makes of a shape
constexpr std::uint64_t kMaxMadeSum = 1ULL << 26;  // and all of them together
constexpr std::size_t kMinParsedBytes = 64 << 20;  // of memory that the parsed file may take
constexpr int kMaxRank = 64;                       // of a shape that is given as a tensor

/// Operators that repeat a graph, as often as a number in the file says.
constexpr auto kRepeating = std::to_array<std::string_view>({"Loop", "Scan", "SequenceMap"});

/// Operators newer than Debian's ONNX library that networks for pictures use.
constexpr auto kNewerOperators = std::to_array<std::string_view>(
    {"BitwiseAnd", "Gelu", "GroupNormalization", "LpPool", "Mish", "RMSNormalization"});

/// Bytes of one element in raw data; nothing for types that have none.
std::optional<std::uint64_t> element_size(int type) {
  switch (type) {
    case onnx::TensorProto::FLOAT:
    case onnx::TensorProto::INT32:
    case onnx::TensorProto::UINT32: return 4;
    case onnx::TensorProto::DOUBLE:
    case onnx::TensorProto::INT64:
    case onnx::TensorProto::UINT64: return 8;
    case onnx::TensorProto::FLOAT16:
    case onnx::TensorProto::BFLOAT16:
    case onnx::TensorProto::INT16:
    case onnx::TensorProto::UINT16: return 2;
    case onnx::TensorProto::INT8:
    case onnx::TensorProto::UINT8:
    case onnx::TensorProto::BOOL: return 1;
    default: return std::nullopt;
  }
}

/// Elements in the typed field that the type uses when there is no raw data.
std::uint64_t typed_elements(const onnx::TensorProto& tensor) {
  switch (tensor.data_type()) {
    case onnx::TensorProto::FLOAT: return static_cast<std::uint64_t>(tensor.float_data_size());
    case onnx::TensorProto::DOUBLE: return static_cast<std::uint64_t>(tensor.double_data_size());
    case onnx::TensorProto::INT64: return static_cast<std::uint64_t>(tensor.int64_data_size());
    case onnx::TensorProto::UINT32:
    case onnx::TensorProto::UINT64: return static_cast<std::uint64_t>(tensor.uint64_data_size());
    default: return static_cast<std::uint64_t>(tensor.int32_data_size());
  }
}

class Check {
 public:
  explicit Check(const std::string& what) : what_(what) {}

  OnnxInput model(const onnx::ModelProto& model) {
    for (const auto& import : model.opset_import()) domain(import.domain(), "the file");
    if (model.functions_size() > 0) {
      refuse("has functions of its own, such as '" + model.functions(0).name() +
             "'; export it with them inlined");
    }
    graph(model.graph(), 0);
    return input(model.graph());
  }

 private:
  void graph(const onnx::GraphProto& graph, int depth) {
    if (depth > kMaxDepth) refuse("nests graphs deeper than " + std::to_string(kMaxDepth));
    nodes_ += graph.node_size();
    if (nodes_ > kMaxNodes) refuse("has more than " + std::to_string(kMaxNodes) + " nodes");
    if (graph.sparse_initializer_size() > 0) refuse("has sparse weights");
    Constants constants;
    for (const auto& each : graph.initializer()) {
      tensor(each, each.name());
      constants[each.name()] = integers(each);
    }
    for (const auto& each : graph.node()) {
      node(each, depth);
      if (each.op_type() == "Constant" && each.output_size() > 0) {
        for (const auto& value : each.attribute()) {
          constants[each.output(0)] = value.has_t() ? integers(value.t()) : value.ints();
        }
      }
      made_of_shape(each, constants);
    }
  }

  /// Bounds the tensors that nodes make out of nothing but a shape.
  void made_of_shape(const onnx::NodeProto& node, const Constants& constants) {
    const std::string& type = node.op_type();
    const int input = type == "ConstantOfShape" ? 0 : type == "Expand" || type == "Tile" ? 1 : -1;
    if (input >= 0 && input < node.input_size()) {
      if (const auto found = constants.find(node.input(input)); found != constants.end()) {
        made(found->second, node);
      }
    }
    if (type != "RandomNormal" && type != "RandomUniform") return;
    for (const auto& each : node.attribute()) {
      if (each.name() == "shape") made(each.ints(), node);
    }
  }

  void made(const Shape& sides, const onnx::NodeProto& node) {
    const std::uint64_t count = elements(sides, label(node));
    made_ += count;
    if (count > kMaxMade) refuse("makes more than 2^24 numbers in " + label(node));
    if (made_ > kMaxMadeSum) refuse("makes more than 2^26 numbers out of shapes");
  }

  void node(const onnx::NodeProto& node, int depth) {
    domain(node.domain(), label(node));
    const bool known = onnx::OpSchemaRegistry::Schema(node.op_type()) != nullptr ||
                       std::ranges::find(kNewerOperators, node.op_type()) != kNewerOperators.end();
    if (!known) refuse("has " + label(node) + ", an operator that ONNX does not have");
    if (std::ranges::find(kRepeating, node.op_type()) != kRepeating.end()) {
      refuse("repeats a graph in " + label(node) + "; export it with the loop unrolled");
    }
    for (const auto& attribute : node.attribute()) {
      if (attribute.has_t()) tensor(attribute.t(), label(node));
      for (const auto& each : attribute.tensors()) tensor(each, label(node));
      if (attribute.has_sparse_tensor() || attribute.sparse_tensors_size() > 0) {
        refuse("has sparse weights in " + label(node));
      }
      if (attribute.has_g()) graph(attribute.g(), depth + 1);
      for (const auto& each : attribute.graphs()) graph(each, depth + 1);
    }
  }

  void tensor(const onnx::TensorProto& tensor, const std::string& name) const {
    const bool external =
        tensor.external_data_size() > 0 || tensor.data_location() != onnx::TensorProto::DEFAULT;
    if (external) {
      refuse("keeps the weights '" + name +
             "' in another file; save it whole: onnx.save(model, path, "
             "save_as_external_data=False)");
    }
    const auto size = element_size(tensor.data_type());
    if (!size) {
      refuse("has '" + name + "' of the type " + std::to_string(tensor.data_type()) +
             ", which is not a number type of ONNX");
    }
    const std::uint64_t count = elements(tensor.dims(), name);
    const std::uint64_t there =
        tensor.has_raw_data() ? tensor.raw_data().size() : typed_elements(tensor);
    if (there != (tensor.has_raw_data() ? count * *size : count)) {
      damaged("has '" + name + "' with more or fewer numbers than its shape says");
    }
  }

  std::uint64_t elements(const Shape& sides, const std::string& name) const {
    std::uint64_t count = 1;
    for (const auto side : sides) {
      if (side < 0) damaged("has '" + name + "' with a negative side");
      const auto wide = static_cast<std::uint64_t>(side);
      if (wide > kMaxElements || (count *= wide) > kMaxElements) {
        refuse("has '" + name + "' of more than 2^28 numbers");
      }
    }
    return count;
  }

  /// The numbers of a tensor of int64; none for a larger one than any shape is.
  static Shape integers(const onnx::TensorProto& tensor) {
    if (tensor.data_type() != onnx::TensorProto::INT64) return {};
    const std::string& raw = tensor.raw_data();
    if (raw.size() > kMaxRank * 8 || tensor.int64_data_size() > kMaxRank) return {};
    Shape values = tensor.int64_data();
    for (std::size_t i = 0; i + 8 <= raw.size(); i += 8) {
      std::int64_t value = 0;
      std::memcpy(&value, raw.data() + i, 8);
      values.Add(value);
    }
    return values;
  }

  OnnxInput input(const onnx::GraphProto& graph) const {
    std::unordered_set<std::string_view> constants;
    for (const auto& each : graph.initializer()) constants.insert(each.name());
    std::vector<const onnx::ValueInfoProto*> inputs;
    for (const auto& each : graph.input()) {
      if (!constants.contains(each.name())) inputs.push_back(&each);
    }
    if (inputs.size() != 1) {
      refuse("has " + std::to_string(inputs.size()) +
             " inputs; only networks with one picture as their input can be used");
    }
    OnnxInput result{inputs[0]->name(), {}};
    for (const auto& side : inputs[0]->type().tensor_type().shape().dim()) {
      result.sides.push_back(side.has_dim_value() && side.dim_value() > 0 ? side.dim_value() : -1);
    }
    return result;
  }

  void domain(const std::string& domain, const std::string& where) const {
    if (domain.empty() || domain == "ai.onnx") return;
    refuse("uses operators of '" + domain + "' in " + where + "; only those of ONNX can be used");
  }

  static std::string label(const onnx::NodeProto& node) {
    return node.op_type() + (node.name().empty() ? "" : " '" + node.name() + "'");
  }

  [[noreturn]] void refuse(const std::string& trouble) const {
    throw Error(ErrorCode::unsupported, what_ + " " + valid_utf8(trouble));
  }
  [[noreturn]] void damaged(const std::string& trouble) const {
    throw Error(ErrorCode::corrupt, what_ + " " + valid_utf8(trouble));
  }

  const std::string& what_;
  int nodes_ = 0;
  std::uint64_t made_ = 0;
};

/// Memory for the parsed file: an empty message takes two bytes in the file and some 200 here. A
/// file that needs too much ends in std::bad_alloc.
class Budget {
 public:
  explicit Budget(std::size_t file_bytes) { left = std::max(kMinParsedBytes, file_bytes); }

  static google::protobuf::ArenaOptions options() {
    google::protobuf::ArenaOptions options;
    options.block_alloc = take;
    options.block_dealloc = [](void* block, std::size_t) { ::operator delete(block); };
    return options;
  }

 private:
  static void* take(std::size_t bytes) {
    if (bytes > left) throw std::bad_alloc();
    left -= bytes;
    return ::operator new(bytes);
  }

  static thread_local std::size_t left;  // protobuf hands no pointer through
};
thread_local std::size_t Budget::left = 0;

}  // namespace

OnnxInput check_onnx(std::span<const std::byte> file, const std::string& what) try {
  const Budget budget(file.size());
  google::protobuf::Arena arena(Budget::options());
  auto& model = *google::protobuf::Arena::CreateMessage<onnx::ModelProto>(&arena);
  if (file.empty() || file.size() > std::numeric_limits<int>::max() ||
      !model.ParseFromArray(file.data(), static_cast<int>(file.size())) || !model.has_graph()) {
    throw Error(ErrorCode::corrupt, what + " is not an ONNX file, or is damaged");
  }
  return Check(what).model(model);
} catch (const std::bad_alloc&) {
  throw Error(ErrorCode::unsupported,
              what + " has so many parts that they take more memory than the file");
}

}  // namespace alike::encode

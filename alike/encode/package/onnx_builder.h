// ONNX networks written operator by operator.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace alike::encode {

/// An ONNX network (IR 8, opset 13) for any number of pictures at once. Operators compute in the
/// order in which they are added, each from earlier tensors. The same calls give the same
/// bytes. One thread at a time.
class OnnxBuilder {
 public:
  using Shape = std::vector<std::int64_t>;
  /// An attribute of an operator: its name, and a number or several.
  using Attribute = std::pair<std::string, std::variant<std::int64_t, Shape>>;

  explicit OnnxBuilder(const std::string& name);
  /// Extends a network that has passed `check_onnx`, with its own opset. Throws
  /// `corrupt`.
  explicit OnnxBuilder(std::span<const std::byte> network);
  OnnxBuilder(const OnnxBuilder&) = delete;
  OnnxBuilder& operator=(const OnnxBuilder&) = delete;
  ~OnnxBuilder();

  /// A float32 tensor (batch, `sides`…) that the network is given.
  void input(const std::string& name, const Shape& sides);
  /// A float32 tensor (batch, `sides`…) that it returns: one that an operator writes.
  void output(const std::string& name, const Shape& sides);
  /// A float32 tensor of fixed values, in the order of its dimensions; no shape: a single number.
  /// Throws `invalid_argument` for another number of values.
  void constant(const std::string& name, const Shape& shape, std::span<const float> values);
  /// An operator of the standard set, such as "Conv", which writes the tensor `output` and is
  /// called so. `inputs` are tensors, by name.
  void add(const std::string& type, const std::vector<std::string>& inputs,
           const std::string& output, const std::vector<Attribute>& attributes = {});

  /// The network, serialised. Throws `unsupported` beyond 2 GiB.
  std::string bytes() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::encode

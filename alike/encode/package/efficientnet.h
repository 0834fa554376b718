// EfficientNet-Lite as an ONNX network made from PyTorch weights.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "alike/encode/package/unpickle.h"

namespace alike::encode {

/// A member of the family; all else is the same in each: stem 32, head 1280,
/// kernels 3 3 5 3 5 5 3, strides 1 2 2 2 1 2 1, ReLU6, no squeeze-excitation.
struct EfficientNetLite {
  int size = 224;              ///< Side of the input, pixels.
  std::array<int, 7> repeats;  ///< Inverted residual blocks in each stage.
  std::array<int, 7> widths;   ///< Channels after each stage.
};

/// The tensors worth a name, in graph order: "stem", "block1" … "block7", "head", "pooled",
/// "logits". They are called so in the graph as well.
std::vector<std::string> efficientnet_layers();

/// The serialised network (batch, 3, size, size) → "logits" (batch, 1000) and "pooled" (batch,
/// 1280), opset 13, with batch normalisation folded into the convolutions and TensorFlow's SAME
/// padding (Tan & Le 1905.11946; github.com/tensorflow/tpu, models/official/efficientnet/lite). The
/// same weights give the same bytes. `what` names the weights in errors. Throws `corrupt` when a
/// tensor is missing, left over or of another shape.
std::string efficientnet_onnx(const EfficientNetLite& network,
                              std::span<const WeightTensor> weights, const std::string& what);

}  // namespace alike::encode

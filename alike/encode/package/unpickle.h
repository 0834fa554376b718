// PyTorch's older weight files (before 1.6), read without running their code.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace alike::encode {

/// One float32 tensor of a weight file, its values in row-major order whatever the file's strides.
struct WeightTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

/// The float32 tensors of a state dictionary, in file order; integer tensors are left out. The file
/// is five pickles and then the storages, each after its element count (torch/serialization.py,
/// `_legacy_save`). A pickle is a program; this reads only instructions for dictionaries, tuples
/// and tensors, and refuses every other one and every other name. `what` names the file in errors.
/// Throws `corrupt` for damage and `unsupported` for anything a state dictionary does not need.
std::vector<WeightTensor> read_torch_weights(std::span<const std::byte> file,
                                             const std::string& what);

}  // namespace alike::encode

// The check of an untrusted ONNX file before a network library reads it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace alike::encode {

/// The one input of a network: its name and sides, −1 for those left open.
struct OnnxInput {
  std::string name;
  std::vector<std::int64_t> sides;
};

/// Reads `file` and refuses features that alike does not need or that have broken network
/// libraries: weights in other files, functions, foreign or unknown operators, loops, more than
/// 20,000 nodes, deep nesting, tensors with other data than their shape needs, shapes beyond 2^28
/// numbers, constants beyond 2^24 that are made of a shape alone, more memory for the parsed file
/// than the file has (64 MiB at least). `what` names the file in errors. Throws `corrupt` or
/// `unsupported` naming the tensor or node. An accepted network is bounded in its declarations,
/// not in the time or memory that computing it takes: see network_trial.h.
OnnxInput check_onnx(std::span<const std::byte> file, const std::string& what);

}  // namespace alike::encode

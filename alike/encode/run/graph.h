// The network of a package as OpenVINO sees it: read, measured, cut at a layer. Private to encode/.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "alike/encode/run/encoder.h"

namespace ov {
class Core;
class Model;
}  // namespace ov

namespace alike::encode {

/// The process's one OpenVINO; made at the first call, safe from several threads. Throws
/// `unsupported` on a processor that OpenVINO cannot run on.
ov::Core& core();

/// The whole network for one picture of the package's size: input (1, 3, size, size) or
/// (1, size, size, 3). OpenVINO gets the bytes of `read_safe_model` and no path, so that it opens
/// nothing. Throws `corrupt` or `unsupported`.
std::shared_ptr<ov::Model> read_graph(const Package& package);

/// The work of `Encoder` with a network, once: reads it, measures it, and with a `tensor` cuts it
/// there, compiles it and computes one picture of zeros, with one thread. Throws as `Encoder`.
void try_graph(std::span<const std::byte> model, const Package& package, const std::string& tensor,
               Pooling pooling);

/// Every tensor of `graph` that depends on the picture's values and has the shape of a layer: flat
/// (1, C), tokens (1, T, C) or a map (1, C, H, W). Tokens count as a map of height T and width 1.
std::vector<Layer> measure(const ov::Model& graph, const Package& package);

/// The layer called `name` (short name or tensor). Throws `not_found` with the nearest names, and
/// `unsupported` for a tensor that cannot be a layer.
Layer find_layer(const ov::Model& graph, const Package& package, const std::string& name);

/// Turns `graph` into the network that maps (1, size, size, 3) bytes to the pooled `layer` as
/// float32 in channel, row, column order, and drops everything behind it.
void cut(std::shared_ptr<ov::Model>& graph, const Package& package, const Layer& layer,
         Pooling pooling);

/// Whether this processor computes in bfloat16 and this OpenVINO can be told which part not to.
bool can_keep_float32();
/// Keeps every operation before `tensor` in float32, even where the rest is not; the whole graph if
/// `tensor` was cut away.
void keep_float32(const ov::Model& graph, const std::string& tensor);

}  // namespace alike::encode

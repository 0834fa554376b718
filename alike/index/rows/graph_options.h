// How a graph is made.
#pragma once

#include <cstddef>

namespace alike::index {

/// How a graph is made.
struct GraphOptions {
  std::size_t stride = 192;  ///< Bytes of a reduced row: a multiple of `kByteAlign`.
  std::size_t degree = 0;    ///< Links kept from a node, 2 to 256; 0: `degree_for`.
  std::size_t beam = 64;     ///< Nodes that the walk of a new one keeps, from `degree` on.
  float spread = 1.2F;       ///< Vamana's α, from 1: larger keeps more long links.
};

/// Links that pay for so many rows: 32, from 200,000 on 48 (docs/decisions/0006-graph.md).
std::size_t degree_for(std::size_t rows);

}  // namespace alike::index

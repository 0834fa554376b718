// A network that has learnt nothing: the baseline of a learnt one.
#pragma once

#include <cstdint>

#include "alike/encode/package/package.h"

namespace alike::encode {

/// The package with the same network, layers and input, but random weights: those of convolutions
/// and products drawn with mean 0 and the variance that keeps the size of activations (He
/// et al. 2015: 2 / fan-in behind a ReLU, else 1 / fan-in), no biases, batch normalisation that
/// changes nothing. Written below `home()/cache`, once for each model and seed, and not among the
/// packages; the same everywhere. Named "random NAME". Throws as `load_package` and `Encoder`.
Package random_twin(const Package& package, std::uint64_t seed = 1);

}  // namespace alike::encode

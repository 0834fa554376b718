// The network of a package, as bytes.
#pragma once

#include <cstddef>
#include <vector>

#include "alike/encode/package/package.h"

namespace alike::encode {

/// The bytes of model.onnx. Throws `corrupt` when they are not those the package was made of.
std::vector<std::byte> read_checked_model(const Package& package);

/// As `read_checked_model`, for readers of the network: it has passed `check_onnx`.
std::vector<std::byte> read_safe_model(const Package& package);

}  // namespace alike::encode

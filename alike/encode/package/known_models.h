// The manifests of models/*.json, compiled in.
#pragma once

#include <span>
#include <string_view>

namespace alike::encode {

/// The text of each manifest, by file name. cmake/KnownModels.cmake writes the definition.
std::span<const std::string_view> known_models();

}  // namespace alike::encode

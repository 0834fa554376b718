// Compiled networks kept between starts, under home()/cache/compiled. Private to encode/.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "alike/encode/package/package.h"

namespace alike::encode {

/// Gives memory of the asked size for the compiled network.
using Allocate = std::function<std::span<std::byte>(std::size_t bytes)>;

/// The layer kept under `key`, its compiled network read into memory from `allocate`. Nothing when
/// it is absent, damaged or cannot be read: the checksum of all bytes is verified, because OpenVINO
/// crashes on damaged ones.
std::optional<Layer> load_compiled(const std::string& key, const Allocate& allocate);

/// Keeps `compiled` and its `layer` under `key`, and drops the oldest entries when all together
/// have more than 1 GiB. A folder that cannot be written is no error: the next start compiles
/// again.
void store_compiled(const std::string& key, const Layer& layer,
                    std::span<const std::byte> compiled) noexcept;

}  // namespace alike::encode

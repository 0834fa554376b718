// A map as bytes, and back. Layout: docs/file-formats.md. The caller checksums the bytes.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "alike/map/map.h"

namespace alike::map {

/// A whole number of 64 bytes.
std::vector<std::byte> bytes_of(const Map& map);

/// The map in these bytes. `what` names them in errors. Throws `corrupt` for any bytes that are no
/// map, `unsupported` for a newer version.
Map map_from(std::span<const std::byte> bytes, std::string_view what);

}  // namespace alike::map

// The kind of a picture file, by its content.
#pragma once

#include <cstddef>
#include <span>

#include "alike/image/decode.h"

namespace alike::image {

/// Bytes from the start that decide.
inline constexpr std::size_t kSniffedBytes = 64;

/// Throws `unsupported` for other kinds, by name where it is a known one, and `corrupt` for nothing
/// at all.
Format sniff(std::span<const std::byte> bytes);

}  // namespace alike::image

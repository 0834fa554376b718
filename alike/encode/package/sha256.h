// SHA-256, by which pinned and packaged model files are checked before they are read.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace alike::encode {

/// The SHA-256 of `bytes`, 64 lower-case hexadecimal digits.
std::string sha256(std::span<const std::byte> bytes);

}  // namespace alike::encode

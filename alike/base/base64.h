// Bytes as text that any terminal passes on.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace alike {

/// RFC 4648, section 4, with padding.
std::string base64(std::span<const std::byte> bytes);
/// The decoded bytes of `text`; "" where it is not base64.
std::string from_base64(std::string_view text);

}  // namespace alike

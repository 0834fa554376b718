// Which alike this is.
#pragma once

#include <string_view>

namespace alike {

/// The library's version, such as "0.2.0".
std::string_view version() noexcept;

}  // namespace alike

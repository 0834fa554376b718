// The time of day, as it is kept and sent.
#pragma once

#include <cstdint>

namespace alike {

/// Milliseconds since 1970, UTC.
std::int64_t now_ms();

}  // namespace alike

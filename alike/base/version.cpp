#include "alike/base/version.h"

namespace alike {

std::string_view version() noexcept { return ALIKE_VERSION; }

}  // namespace alike

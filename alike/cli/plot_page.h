// The page that shows a map.
#pragma once

#include <string_view>

namespace alike::cli {

/// HTML with `@TITLE@` (twice) and `@DATA@` (JSON) to be put in.
extern const std::string_view kPlotPage;

}  // namespace alike::cli

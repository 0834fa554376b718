// The page that shows a map.
#pragma once

#include <string_view>

namespace alike::draw {

/// HTML with `@TITLE@` (twice), `@DATA@` (JSON) and `@SCRIPT@` to be put in.
extern const std::string_view kPlotPage;
/// What runs in the page.
extern const std::string_view kPlotScript;

}  // namespace alike::draw

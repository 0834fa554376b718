// The page of one map, as web/ builds it.
#pragma once

#include <string_view>

namespace alike::draw {

/// HTML with `@TITLE@`, then `@DATA@` (JSON within a script element), once each, to be put in; ""
/// where the program was built without its pages. cmake/Web.cmake writes the definition.
std::string_view map_page();

}  // namespace alike::draw

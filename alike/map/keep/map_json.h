// The description of a map as JSON, without its columns: a part of its file. Not part of the
// installed library.
#pragma once

#include <string>
#include <string_view>

#include "alike/map/map.h"

namespace alike::map {

/// All but the columns, which have one value per point.
std::string text_of(const Map& map);

/// Throws `corrupt` naming `what` and the member.
Map map_from_text(std::string_view text, std::string_view what);

}  // namespace alike::map

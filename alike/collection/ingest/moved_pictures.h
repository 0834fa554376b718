// A folder of pictures that was moved or renamed, while its collection lies elsewhere.
#pragma once

#include <filesystem>
#include <string_view>

#include "alike/collection/collection.h"

namespace alike::collection {

/// The setting `missing` of a collection whose pictures were moved and not yet looked for.
inline constexpr std::string_view kJustMoved = "moved";

/// Makes `pictures` the folder of the pictures of `collection`, when the one that it had is not
/// there any more and at least nine of ten of a sample of its pictures lie in the new one, of the
/// same content, under the same paths. The next run drops none of the others, however few; one
/// after it does. Throws `invalid_argument` with the reason otherwise. Takes the writer lock.
/// Returns the collection as it is then.
Collection move_pictures(const Collection& collection, const std::filesystem::path& pictures);

}  // namespace alike::collection

// A folder of pictures that was moved or renamed, while its collection lies elsewhere.
#pragma once

#include <filesystem>

#include "alike/collection/collection.h"

namespace alike::collection {

/// Makes `pictures` the folder of the pictures of `collection`, when the one that it had is not
/// there any more and at least half of a sample of its pictures lie in the new one, of the same
/// content, under the same paths. Throws `invalid_argument` with what is so otherwise. Takes the
/// writer lock. Returns the collection as it is then.
Collection move_pictures(const Collection& collection, const std::filesystem::path& pictures);

}  // namespace alike::collection

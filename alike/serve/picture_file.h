// The files of items, and nothing else of the disk.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alike/base/file.h"
#include "alike/collection/collection.h"

namespace alike::serve {

/// The file of an item, which lies below the folder of pictures even with all links
/// followed. Throws `not_found` where it is not there, empty or lies elsewhere, `io` and
/// `unsupported` as `File`, and as `Collection::picture_file`.
std::shared_ptr<const File> open_picture(const collection::Collection& collection,
                                         const collection::Item& item);

/// All of it. Throws `unsupported` when it is larger than pictures are read, `io` as `File`.
std::vector<std::byte> read_picture(const File& file);

/// "image/jpeg", "image/png", … by how the file begins. Throws `unsupported` for what is no
/// picture: it is not given out.
std::string media_type_of(const File& file);

/// Whether browsers show pictures of this type: all that are read but HEIC and TIFF.
bool is_shown_by_browsers(std::string_view type);

/// Changes with the file.
std::string tag_of(const File& file);

}  // namespace alike::serve

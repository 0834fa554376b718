// The trusted folders of pictures that a collection may name outside its own place.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "alike/base/error.h"

namespace alike::collection {

/// Thrown (`io`) instead of opening pictures of a collection that names a folder elsewhere, which
/// this user has not allowed. The sentence says how to.
class UntrustedPictures : public Error {
 public:
  UntrustedPictures(const std::filesystem::path& folder, const std::filesystem::path& pictures);
};

/// Throws `UntrustedPictures` unless `pictures` lies, links followed, in the folder above the
/// collection `folder`, or the list of this user has the two together.
void check_trusted(const std::filesystem::path& folder, const std::filesystem::path& pictures);

/// Puts the two on the list of this user, where `check_trusted` needs that. Several processes may
/// at once. Throws `io`, `busy`, and as `read_text` where there is a list that cannot be read: it
/// stays.
void trust(const std::filesystem::path& folder, const std::filesystem::path& pictures);

/// As `trust`, for a collection that this user has just made; where the list cannot be written,
/// the user is asked later.
void trust_own(const std::filesystem::path& folder, const std::filesystem::path& pictures) noexcept;

/// The list, one line of JSON for each: `trusted` in the home of alike.
std::filesystem::path trust_file();

/// Throws `corrupt` unless `path` can be that of an item: not empty, at most 4,096 bytes, without
/// NUL, relative, without "..".
void check_item_path(std::string_view path);

}  // namespace alike::collection

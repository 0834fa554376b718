// Paths of the file system, with errors as alike has them: std::filesystem throws its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace alike {

// All throw `io` (`not_found`, `no_space`) with the path and the system's words. Safe from several
// threads.

/// Whether there is something at `path`, links followed. False where its folder is missing.
bool path_exists(const std::filesystem::path& path);
/// Whether it is a folder, links followed.
bool is_folder(const std::filesystem::path& path);
/// Whether it is a regular file, links followed.
bool is_file(const std::filesystem::path& path);
/// Whether both are the same file or folder, links followed.
bool same_path(const std::filesystem::path& a, const std::filesystem::path& b);
/// Bytes of a regular file.
std::uint64_t file_bytes(const std::filesystem::path& path);
/// Puts `from` in the place of `to`.
void rename_path(const std::filesystem::path& from, const std::filesystem::path& to);
/// Removes a file, a link or an empty folder; whether there was one.
bool remove_path(const std::filesystem::path& path);
/// Removes a whole tree, if there is one.
void remove_tree(const std::filesystem::path& path);
/// Absolute; links are not followed, ".." stays, and the path need not exist.
std::filesystem::path absolute_path(const std::filesystem::path& path);
/// Absolute, with all links followed. It must exist.
std::filesystem::path real_path(const std::filesystem::path& path);
/// As `real_path`, for the part of it that exists.
std::filesystem::path likely_path(const std::filesystem::path& path);
/// The current folder, absolute. It may have been removed.
std::filesystem::path working_folder();
/// Makes `folder` the current one, of the whole process.
void enter_folder(const std::filesystem::path& folder);
/// The content of a folder, or its whole tree, in any order; links to folders are not followed.
std::vector<std::filesystem::path> paths_in(const std::filesystem::path& folder);
std::vector<std::filesystem::path> paths_below(const std::filesystem::path& folder);

/// The ending of a name in small letters: ".png". Throws nothing.
std::string ending_of(const std::filesystem::path& file);

}  // namespace alike

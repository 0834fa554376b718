// The pictures in a folder: every file that may be one, told by its content.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "alike/collection/collection.h"

namespace alike::collection {

/// A regular file.
struct FoundFile {
  std::string path;  ///< As `Item::path`.
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
};

/// The content of a folder.
struct Scan {
  std::vector<FoundFile> pictures;  ///< By path.
  std::vector<Skipped> skipped;     ///< Could be a picture, or hide some, and cannot be taken.
  std::uint64_t ignored = 0;        ///< Files that are something else.
  /// Folders that could not be read, as `Item::path`: known items below them may still be there.
  std::vector<std::string> unread;
};

/// Whether a file as it is now was a picture before, so that it need not be opened.
using IsKnown = std::function<bool(const FoundFile& file)>;

/// Walks `pictures` and everything below but hidden files and folders, and `exclude`. Links to
/// files are followed, links to folders are not. Throws `not_found` or `io` when `pictures` itself
/// cannot be read, `interrupted` when `stop` is requested.
Scan scan(const std::filesystem::path& pictures, const std::filesystem::path& exclude,
          const IsKnown& is_known, const std::stop_token& stop);

/// The label of a picture: the folder part of its path.
std::string label_of(const std::string& path);

}  // namespace alike::collection

// The pictures in a folder: every file that may be one, told by its content.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "alike/collection/collection.h"
#include "alike/collection/ingest/excludes.h"

namespace alike::collection {

/// A regular file.
struct FoundFile {
  std::string path;  ///< As `Item::path`.
  std::uint64_t size = 0;
  std::int64_t modified_ns = 0;
  std::int64_t changed_ns = 0;  ///< As `Item::changed_ns`.
};

/// The content of a folder.
struct Scan {
  std::vector<FoundFile> pictures;  ///< By path.
  std::vector<Skipped> skipped;     ///< Could be a picture, or hide some, and cannot be taken.
  std::uint64_t ignored = 0;        ///< Files that are something else.
  std::uint64_t left_out = 0;       ///< Files and folders that `Excludes` names.
  /// Files and folders that could not be looked at, links to nothing or to a folder, and what went
  /// during the walk, as `Item::path`.
  std::set<std::string> unread;
  /// Folders on another device than the folder above them, by path.
  std::vector<std::string> mounts;

  /// Keeps `path`, which is there or may be, from being taken for gone, and says why.
  void leave_unread(const std::string& path, const std::string& reason);
  /// Whether a known item at `path`, which is not among `pictures`, may still be there.
  bool may_hold(const std::string& path) const;
};

/// A file compared with what is known of its path.
enum class Known {
  no,       ///< There is no item of this path.
  changed,  ///< There is one: the file is to be read, whatever it is now.
  same,     ///< There is one, of a file of this size and these times: it need not be opened.
};
using LookUp = std::function<Known(const FoundFile& file)>;

/// Walks `pictures` and everything below but hidden files and folders, what `excludes` names, and
/// `collection`. Links to files are followed, links to folders are not. Only ENOENT and ENOTDIR
/// mean that a file is gone; whatever else keeps it from being looked at is told. Throws
/// `not_found` or `io` when `pictures` itself cannot be read, `interrupted` when `stop` is
/// requested.
Scan scan(const std::filesystem::path& pictures, const std::filesystem::path& collection,
          const Excludes& excludes, const LookUp& look_up, const std::stop_token& stop);

/// Size and times of `status`, a struct stat.
FoundFile file_of(std::string path, const struct ::stat& status);

/// The label of a picture: the folder part of its path.
std::string label_of(const std::string& path);

}  // namespace alike::collection

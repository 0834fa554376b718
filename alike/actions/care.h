// Findings and actions of the care of a collection, as programs read them.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "alike/base/json.h"
#include "alike/collection/care/care.h"

namespace alike::actions {

/// The findings of a verification of a collection.
struct Verified {
  collection::VerifyReport files;
  /// Where the pictures were asked for; not looked at while files are damaged.
  std::optional<collection::PicturesReport> pictures;

  /// Whether nothing was found.
  bool whole() const { return files.damage.empty() && (!pictures || pictures->differing.empty()); }
};

/// Checks every file of the collection at `folder`, and with `pictures` the content of every
/// picture. Throws as `collection::verify` and `collection::verify_pictures`.
Verified verify(const std::filesystem::path& folder, bool pictures, const Watcher& watcher);

/// As that of the files, with the findings in the pictures as `pictures` where they were looked at.
json::object to_json(const Verified& verified,
                     const std::function<std::string(const Remedy&)>& command = {});

/// A snapshot that was written.
struct Snapshot {
  std::filesystem::path file;
  std::uint64_t bytes = 0;
};

/// Writes the collection at `folder` into `file`. Throws as `collection::snapshot`.
Snapshot snapshot(const std::filesystem::path& folder, const std::filesystem::path& file,
                  const Watcher& watcher);

/// A collection that was made from a snapshot.
struct Restored {
  std::filesystem::path collection;
  std::uint64_t items = 0;
  std::size_t spaces = 0;
};

/// Makes the collection in `file` again, of the pictures under `pictures`, at `folder`; empty: in
/// `.alike` among them. Throws as `collection::restore`.
Restored restore(const std::filesystem::path& file, const std::filesystem::path& folder,
                 const std::filesystem::path& pictures, const Watcher& watcher);

/// With `command`, each damaged place also has the command that mends it.
json::object to_json(const collection::VerifyReport& report,
                     const std::function<std::string(const Remedy&)>& command = {});
/// {pictures, bytes, differing: [{path, reason}]}.
json::object to_json(const collection::PicturesReport& report);
json::object to_json(const collection::CompactReport& report);
/// {done, rows_lost}; `sentence` says what was done, with the command that helps.
json::object to_json(const collection::RepairReport& report,
                     const std::function<std::string(const collection::Mended&)>& sentence);
json::object to_json(const Snapshot& made);
json::object to_json(const Restored& made);

}  // namespace alike::actions

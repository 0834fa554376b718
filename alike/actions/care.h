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

/// With `command`, each damaged place also has the command that mends it.
json::object to_json(const collection::VerifyReport& report,
                     const std::function<std::string(const Remedy&)>& command = {});
/// {pictures, bytes, differing: [{path, reason}]}.
json::object to_json(const collection::PicturesReport& report);
json::object to_json(const collection::CompactReport& report);

}  // namespace alike::actions

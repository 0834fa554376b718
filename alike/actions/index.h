// The collection that is brought up to date, and the changes as programs read them.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "alike/base/json.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/encode/package/package.h"

namespace alike::actions {

/// The collection at `folder`, made for `pictures` where there is none yet. Throws as
/// `Collection::create`.
collection::Collection opened_or_created(const std::filesystem::path& folder,
                                         const std::filesystem::path& pictures);

/// A collection that is to be brought up to date.
struct IndexTarget {
  collection::Collection collection;
  bool moved = false;  ///< Its folder of pictures was moved, and is followed.
};

/// The collection at `found`, or a new one of `pictures` (empty: the current folder) when the
/// encoder is there; without `found` it lies among them. `ingest.encoder` becomes the name of the
/// package that `package_for` gives for it, of the usual encoder where the collection has no space
/// yet. Throws `invalid_argument` where `found` is the collection of other pictures.
IndexTarget index_target(const std::optional<std::filesystem::path>& found,
                         const std::filesystem::path& pictures, collection::IngestOptions& ingest,
                         const std::function<encode::Package(const std::string&)>& package_for);

/// The answer of the command line: also each skipped file with its reason. `folder`: that of the
/// collection.
json::object to_json(const collection::IngestSummary& summary, const std::filesystem::path& folder);
/// The result of a job, which is sent again and again: how many files were skipped.
json::object brief_json(const collection::IngestSummary& summary);

}  // namespace alike::actions

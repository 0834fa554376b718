#include "alike/actions/index.h"

#include "alike/actions/skipped.h"
#include "alike/base/error.h"
#include "alike/base/paths.h"
#include "alike/collection/ingest/moved_pictures.h"
#include "alike/encode/package/known_encoders.h"

namespace alike::actions {
namespace {

bool has_collection(const std::filesystem::path& folder) {
  return path_exists(folder / "catalog.db");
}

/// Where the pictures of `known` were moved to `pictures`, it follows them.
void follow_pictures(IndexTarget& known, const std::filesystem::path& pictures) {
  const auto& before = known.collection.pictures();
  if (same_path(before, pictures)) return;
  if (path_exists(before)) {
    throw Error(
        ErrorCode::invalid_argument,
        "'" + known.collection.folder().native() + "' is the collection of '" + before.native() +
            "', not of '" + pictures.native() + "'; leave the folder out",
        Remedy{"index", {pictures.native(), "--collection", "PATH"}, "to keep another one"});
  }
  known.collection = collection::move_pictures(known.collection, pictures);
  known.moved = true;
}

}  // namespace

collection::Collection opened_or_created(const std::filesystem::path& folder,
                                         const std::filesystem::path& pictures) {
  if (has_collection(folder)) return collection::Collection(folder);
  return collection::Collection::create(pictures, folder);
}

IndexTarget index_target(const std::optional<std::filesystem::path>& found,
                         const std::filesystem::path& pictures, collection::IngestOptions& ingest,
                         const std::function<encode::Package(const std::string&)>& package_for) {
  std::string encoder = ingest.encoder;
  if (found && has_collection(*found)) {
    IndexTarget known{collection::Collection(*found)};
    if (!pictures.empty()) follow_pictures(known, pictures);
    if (encoder.empty() && known.collection.spaces().empty()) encoder = encode::kDefaultEncoder;
    if (!encoder.empty()) ingest.encoder = package_for(encoder).name;
    return known;
  }
  ingest.encoder = package_for(encoder.empty() ? encode::kDefaultEncoder : encoder).name;
  const std::filesystem::path folder = pictures.empty() ? "." : pictures;
  return {collection::Collection::create(folder, found.value_or(folder / ".alike"))};
}

json::object brief_json(const collection::IngestSummary& summary) {
  return {{"space", summary.space},
          {"added", summary.added},
          {"updated", summary.updated},
          {"removed", summary.removed},
          {"unchanged", summary.unchanged},
          {"skipped", summary.skipped.size()},
          {"missing", summary.missing},
          {"away", summary.away},
          {"left_out", summary.left_out},
          {"seconds", summary.seconds},
          {"images_per_second", summary.images_per_second}};
}

json::object to_json(const collection::IngestSummary& summary,
                     const std::filesystem::path& folder) {
  json::object document = brief_json(summary);
  document["skipped"] = to_json(summary.skipped);
  document["noted"] = to_json(summary.noted);
  document["embedded"] = summary.embedded;
  document["ignored"] = summary.ignored;
  document["index"] = json::object{{"coded", summary.index.made},
                                   {"linked", summary.index.linked},
                                   {"removed", summary.index.removed}};
  document["collection"] = json_text(folder.native());
  return document;
}

}  // namespace alike::actions

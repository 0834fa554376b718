#include "alike/actions/care.h"

#include "alike/actions/skipped.h"
#include "alike/base/paths.h"

namespace alike::actions {

Verified verify(const std::filesystem::path& folder, bool pictures, const Watcher& watcher) {
  watcher.stage("bytes");
  Verified found{collection::verify(folder, watcher), std::nullopt};
  if (pictures && found.files.damage.empty()) {
    watcher.stage("pictures");
    found.pictures = collection::verify_pictures(collection::Collection(folder), watcher);
  }
  return found;
}

Snapshot snapshot(const std::filesystem::path& folder, const std::filesystem::path& file,
                  const Watcher& watcher) {
  collection::snapshot(folder, file, watcher);
  return {file, file_bytes(file)};
}

Restored restore(const std::filesystem::path& file, const std::filesystem::path& folder,
                 const std::filesystem::path& pictures, const Watcher& watcher) {
  const auto where = folder.empty() ? pictures / ".alike" : folder;
  collection::restore(file, where, pictures, watcher);
  const auto status = collection::Collection(where).status();
  return {where, status.items, status.spaces.size()};
}

json::object to_json(const Verified& verified,
                     const std::function<std::string(const Remedy&)>& command) {
  json::object document = to_json(verified.files, command);
  if (verified.pictures) document["pictures"] = to_json(*verified.pictures);
  return document;
}

json::object to_json(const collection::VerifyReport& report,
                     const std::function<std::string(const Remedy&)>& command) {
  json::array damage;
  for (const auto& place : report.damage) {
    json::object each{
        {"file", json_text(place.file)}, {"offset", place.offset}, {"what", json_text(place.what)}};
    if (command) each["remedy"] = command(place.remedy);
    damage.push_back(std::move(each));
  }
  return {{"files", report.files},
          {"bytes", report.bytes},
          {"items", report.items},
          {"rows", report.rows},
          {"damage", std::move(damage)}};
}

json::object to_json(const collection::PicturesReport& report) {
  return {{"pictures", report.pictures},
          {"bytes", report.bytes},
          {"differing", to_json(report.differing)}};
}

json::object to_json(const collection::CompactReport& report) {
  return {{"bytes_before", report.bytes_before}, {"bytes_after", report.bytes_after}};
}

json::object to_json(const collection::RepairReport& report,
                     const std::function<std::string(const collection::Mended&)>& sentence) {
  json::array done;
  for (const auto& mended : report.done) done.push_back(json_text(sentence(mended)));
  return {{"done", std::move(done)}, {"rows_lost", report.rows_lost}};
}

json::object to_json(const Snapshot& made) {
  return {{"file", json_text(made.file.native())}, {"bytes", made.bytes}};
}

json::object to_json(const Restored& made) {
  return {{"collection", json_text(made.collection.native())},
          {"items", made.items},
          {"spaces", made.spaces}};
}

}  // namespace alike::actions

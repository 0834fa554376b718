#include "alike/actions/care.h"

#include "alike/actions/skipped.h"

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

}  // namespace alike::actions

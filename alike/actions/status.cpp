#include "alike/actions/status.h"

#include <numeric>

#include "alike/actions/skipped.h"
#include "alike/base/human.h"
#include "alike/image/isolated/isolated_decoder.h"

namespace alike::actions {
namespace {

/// The PCA of a space, the number of pictures it was fitted on, and the share of variance it keeps.
json::value pca_to_json(const collection::Collection& collection, const collection::Space& space) {
  const auto pca = collection.pca(space.name);
  if (!pca) return nullptr;
  const auto explained = pca->explained_variance();
  return json::object{
      {"dimensions", space.pca->dimensions},
      {"whiten", space.pca->whiten},
      {"sample", pca->sample_ids().size()},
      {"explained_variance", std::accumulate(explained.begin(), explained.end(), 0.0F)}};
}

json::object to_json(const collection::Collection& collection, const collection::Space& space) {
  const auto answering = collection.index(space.name);
  return {{"name", space.name},
          {"default", space.is_default},
          {"encoder", space.encoder},
          {"layer", space.layer},
          {"pooling", encode::name_of(space.pooling)},
          {"pca", pca_to_json(collection, space)},
          {"metric", index::name_of(space.metric)},
          {"index", collection::name_of(space.index)},
          {"answers", collection::name_of(answering.kind)},
          {"scan_reason", scan_reason(answering)},
          {"coded_rows", answering.coded_rows},
          {"linked_rows", answering.linked_rows},
          {"measured_recall",
           answering.linked_rows > 0 ? json::value(answering.measured_recall) : nullptr},
          {"width", space.width},
          {"rows", space.rows},
          {"behind", space.behind},
          {"filling", space.filling},
          {"model_sha256", space.model_sha256}};
}

}  // namespace

std::string scan_reason(const collection::SpaceIndex& index) {
  if (index.linked_rows == 0 || index.kind == collection::IndexKind::graph) return "";
  return "its graph finds " + decimals(index.measured_recall, 3) + " of the ten nearest, " +
         decimals(index::SearchOptions().recall, 2) + " are asked for";
}

json::array to_json(const collection::Collection& collection,
                    const std::vector<collection::Space>& spaces) {
  json::array all;
  for (const auto& space : spaces) all.push_back(to_json(collection, space));
  return all;
}

json::object status_json(const collection::Collection& collection, const collection::Status& status,
                         bool list_skipped) {
  const auto isolation = image::isolation();
  json::array maps;
  for (const auto& map : status.maps) {
    maps.push_back(json::object{{"name", map.name}, {"space", map.space}});
  }
  json::object document{{"collection", json_text(collection.folder().native())},
                        {"pictures", json_text(collection.pictures().native())},
                        {"items", status.items},
                        {"skipped", status.skipped},
                        {"bytes", status.bytes},
                        {"writer", nullptr},
                        {"isolation", json::object{{"sandbox", isolation.sandbox},
                                                   {"reason", json_text(isolation.reason)}}},
                        {"spaces", to_json(collection, status.spaces)},
                        {"maps", std::move(maps)}};
  json::array excludes;
  for (const auto& glob : status.excludes) excludes.push_back(json_text(glob));
  document["excludes"] = std::move(excludes);
  if (status.writer) document["writer"] = *status.writer;
  if (list_skipped) document["skipped_files"] = to_json(collection.skipped());
  return document;
}

}  // namespace alike::actions

// status, spaces: what is there.
#include <cstdio>
#include <numeric>

#include "alike/base/error.h"
#include "alike/cli/context.h"
#include "alike/cli/verb.h"
#include "alike/cli/words.h"
#include "alike/image/isolated/isolated_decoder.h"

namespace alike::cli {
namespace {

/// What a space's PCA is, how many pictures it was fitted on, and how much it keeps of them.
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

json::array to_json(const collection::Collection& collection,
                    const std::vector<collection::Space>& spaces) {
  json::array all;
  for (const auto& space : spaces) all.push_back(to_json(collection, space));
  return all;
}

std::string state_of(const collection::Space& space) {
  if (space.filling) return "not complete: alike index --space " + space.name;
  return space.behind > 0 ? human_count(space.behind) + " behind" : "";
}

/// The index that answers, and how well where it is not exact.
std::string answering(const collection::SpaceIndex& index) {
  std::string text(collection::name_of(index.kind));
  if (index.kind == collection::IndexKind::graph) {
    char recall[32];
    std::snprintf(recall, sizeof recall, ", recall@10 %.3f", index.measured_recall);
    text += recall;
  }
  return text;
}

std::string space_table(const collection::Collection& collection,
                        const std::vector<collection::Space>& spaces) {
  std::vector<std::vector<std::string>> rows{
      {"", "space", "encoder", "layer", "pooling", "width", "rows", "index", ""}};
  for (const auto& space : spaces) {
    const bool imported = space.encoder.empty();
    rows.push_back({space.is_default ? "*" : "", space.name,
                    imported ? "(imported)" : space.encoder, imported ? "-" : space.layer,
                    imported ? "-" : std::string(encode::name_of(space.pooling)),
                    std::to_string(space.width), human_count(space.rows),
                    answering(collection.index(space.name)), state_of(space)});
  }
  return columns(rows, "lllllrrll");
}

void status(const Context& context, bool list_skipped) {
  const collection::Collection collection(collection_folder(context));
  const auto status = collection.status();
  const auto isolation = image::isolation();
  std::vector<std::vector<std::string>> rows{
      {"collection", collection.folder().native()}, {"pictures", collection.pictures().native()},
      {"items", human_count(status.items)},         {"skipped", human_count(status.skipped)},
      {"on disk", human_bytes(status.bytes)},       {"isolation", isolation.sandbox}};
  if (!isolation.reason.empty()) rows.back().back() += " (" + isolation.reason + ")";
  if (status.writer) rows.push_back({"writer", "process " + std::to_string(*status.writer)});
  std::string text = columns(rows, "ll") + "\n" + space_table(collection, status.spaces);
  json::array maps;
  for (const auto& map : status.maps) {
    text += "map " + map.name + " of space " + map.space + "\n";
    maps.push_back(json::object{{"name", map.name}, {"space", map.space}});
  }
  json::array skipped;
  for (const auto& file :
       list_skipped ? collection.skipped() : std::vector<collection::Skipped>{}) {
    text += "skipped " + printable(file.path) + ": " + printable(file.reason) + "\n";
    skipped.push_back(
        json::object{{"path", json_text(file.path)}, {"reason", json_text(file.reason)}});
  }
  say(context, text);
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
  if (status.writer) document["writer"] = *status.writer;
  if (list_skipped) document["skipped_files"] = std::move(skipped);
  answer(context, document);
}

void list_spaces(const Context& context) {
  const collection::Collection collection(collection_folder(context));
  const auto spaces = collection.spaces();
  say(context, space_table(collection, spaces));
  answer(context, to_json(collection, spaces));
}

Option space_word(std::string* to) { return {"SPACE", to, "SPACE", "Space", {.required = true}}; }

constexpr const char* kSpacesNotes =
    "Examples:\n"
    "  alike spaces default efficientnet-lite2-pca256\n"
    "  alike spaces remove theirs";

}  // namespace

Verb status_verb(Context& context) {
  auto skipped = std::make_shared<bool>(false);
  return {.name = "status",
          .about = "What is in the collection and who writes to it",
          .options = {Option("--skipped", skipped.get(),
                             "List the files that were not taken, with reasons")},
          .run = [&context, skipped] { status(context, *skipped); }};
}

Verb spaces_verb(Context& context) {
  auto name = std::make_shared<std::string>();
  const auto set_default = [&context, name] {
    collection::Collection(collection_folder(context)).set_default_space(*name);
    list_spaces(context);
  };
  const auto remove = [&context, name] {
    collection::Collection(collection_folder(context)).remove_space(*name);
    list_spaces(context);
  };
  return {.name = "spaces",
          .about = "List spaces, choose the default one, remove one",
          .parts = {{.name = "default",
                     .about = "Search this space unless told otherwise",
                     .options = {space_word(name.get())},
                     .notes = kSpacesNotes,
                     .run = set_default},
                    {.name = "remove",
                     .about = "Forget a space and its rows",
                     .options = {space_word(name.get())},
                     .notes = kSpacesNotes,
                     .run = remove}},
          .notes = kSpacesNotes,
          .run = [&context] { list_spaces(context); }};
}

}  // namespace alike::cli

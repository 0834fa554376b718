// status, spaces: the content of a collection.
#include <cstdio>
#include <memory>

#include "alike/actions/status.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/verb.h"
#include "alike/image/isolated/isolated_decoder.h"

namespace alike::cli {
namespace {

std::string state_of(const collection::Space& space) {
  if (space.filling) return "not complete: alike index --space " + space.name;
  return space.behind > 0 ? human_count(space.behind) + " behind" : "";
}

/// The index that answers, with its recall where it is not exact.
std::string answering(const collection::SpaceIndex& index) {
  std::string text(collection::name_of(index.kind));
  if (index.kind == collection::IndexKind::graph) {
    char recall[32];
    std::snprintf(recall, sizeof recall, ", recall@10 %.3f", index.measured_recall);
    text += recall;
  }
  const std::string reason = actions::scan_reason(index);
  if (!reason.empty()) text += ": " + reason;
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
  std::string excludes;
  for (const auto& glob : status.excludes) excludes += (excludes.empty() ? "" : ", ") + glob;
  if (!excludes.empty()) rows.push_back({"left out", printable(excludes)});
  if (status.writer) rows.push_back({"writer", "process " + std::to_string(*status.writer)});
  std::string text = columns(rows, "ll") + "\n" + space_table(collection, status.spaces);
  for (const auto& map : status.maps) {
    text += "map " + map.name + " of space " + map.space + "\n";
  }
  for (const auto& file :
       list_skipped ? collection.skipped() : std::vector<collection::Skipped>{}) {
    text += "skipped " + printable(file.path) + ": " + printable(file.reason) + "\n";
  }
  say(context, text);
  answer(context, actions::status_json(collection, status, list_skipped));
}

void list_spaces(const Context& context) {
  const collection::Collection collection(collection_folder(context));
  const auto spaces = collection.spaces();
  say(context, space_table(collection, spaces));
  answer(context, actions::to_json(collection, spaces));
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
          .about = "Show the content of the collection and its writer",
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

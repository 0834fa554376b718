// map: a space in two dimensions.
#include "alike/actions/map.h"

#include <filesystem>
#include <memory>

#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/map_text.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"
#include "alike/collection/store/map_store.h"
#include "alike/draw/map_file.h"
#include "alike/draw/series_file.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  actions::MapOptions act;
  std::string method;
  draw::MapLook look;
  std::vector<fs::path> out;
  bool list = false;
  std::string remove;
  std::vector<std::string> layers;
};

std::string written(const std::vector<fs::path>& files) {
  std::string text;
  for (const auto& file : files) text += "written to " + file.native() + "\n";
  return text;
}

json::array names_of(const std::vector<fs::path>& files) {
  json::array names;
  for (const auto& file : files) names.push_back(json_text(file.native()));
  return names;
}

void map_space(const Context& context, const Options& options) {
  const collection::Collection collection(collection_folder(context));
  const auto report = [&] {
    const LongWork line(context, "rows", "Stopping; the collection stays as it was");
    return actions::map_space(collection, options.act, line.watcher());
  }();  // while files are drawn, Ctrl-C ends the program
  const auto items = actions::items_of(collection, report.map);
  if (!report.damage.empty()) tell(context, report.damage + "; the map was made again");
  for (const auto& file : options.out) {
    draw::write_map_file(file, report.map, collection, items, options.look);
  }
  if (!report.not_kept.empty()) tell(context, "The map was not kept: " + report.not_kept);
  std::string text =
      head_line(report) + quality_lines(report.map.figures) + cluster_table(collection, report.map);
  if (report.behind > 0) {
    text += counted(report.behind, "picture") + " not yet in this space: " +
            command(context, {"index", {"--space", report.map.source.space}, {}}) + "\n";
  }
  if (report.change && report.change->better_anew) {
    text += "So much is new that '" + command(context, {"map", {}, {}}) + "' makes a better one\n";
  }
  say(context, text + written(options.out));
  json::object document = actions::to_json(report, items);
  document["files"] = names_of(options.out);
  answer(context, document);
}

void map_layers(const Context& context, const Options& options) {
  for (const auto& file : options.out) draw::check_series_file(file);
  collection::Collection collection(collection_folder(context));
  const auto series = [&] {
    const LongWork line(context, "pictures",
                        "Stopping; pictures that are embedded are kept, no map is");
    return actions::map_layers(collection, options.layers, options.act, line.watcher());
  }();
  const auto items = actions::items_of(collection, series.maps.front());
  for (const auto& file : options.out) {
    draw::write_series_file(file, series, items, options.look.dark);
  }
  say(context, series_table(series) + written(options.out));
  json::object document = actions::to_json(series, items);
  document["files"] = names_of(options.out);
  answer(context, document);
}

void list_maps(const Context& context) {
  std::vector<std::vector<std::string>> table{{"map", "space", "method", "pictures", ""}};
  json::array all;
  for (const auto& kept : actions::list_maps(collection::Collection(collection_folder(context)))) {
    json::object entry = actions::to_json(kept);
    if (kept.error) {
      entry["error"] = with_remedy(context, *kept.error);
      table.push_back({kept.name, kept.space, "-", "-", with_remedy(context, *kept.error)});
    } else {
      table.push_back({kept.name, kept.space, std::string(map::name_of(kept.options.method)),
                       human_count(kept.pictures),
                       kept.age.other_rows ? "of rows that are gone" : age_words(kept.age)});
    }
    all.push_back(std::move(entry));
  }
  say(context,
      all.empty() ? "There is no map yet; 'alike map' makes one.\n" : columns(table, "lllrl"));
  answer(context, all);
}

void remove_map(const Context& context, const std::string& name) {
  collection::remove_map(collection::Collection(collection_folder(context)), name);
  list_maps(context);
}

void map(const Context& context, Options options) {
  if (options.list) return list_maps(context);
  if (!options.remove.empty()) return remove_map(context, options.remove);
  options.act.map.method = map::method_from(options.method);
  map::check(options.act.map);
  for (const auto& file : options.out) draw::check_writable(file);
  options.act.threads = options.look.threads = context.threads;
  options.act.may_lose = !options.out.empty();
  if (!options.layers.empty()) return map_layers(context, options);
  map_space(context, options);
}

constexpr const char* kNotes =
    R"(A map is kept with the collection, under --name or as SPACE.METHOD, and made again only when
pictures came or went. Of umap and tsne only nearness means something: not the axes, not how large
a cluster is, nor how far two clusters lie apart. docs/map.md tells how to read one.

Examples:
  alike map                                     of the default space
  alike map --out map.png --out map.html
  alike map --method tsne --perplexity 50 --out map.svg --color-by cluster
  alike map --space theirs --thumbs --grid --out wall.png
  alike map --update                            new pictures land on the map that is there
  alike map --list)";

Option number(std::string name, Target to, std::string help) {
  return {std::move(name), to, "N", std::move(help), {.shows_default = true}};
}

std::vector<Option> method_options(Options& options) {
  map::MapOptions& map = options.act.map;
  options.method = map::name_of(map.method);
  return {
      Option("--method", &options.method, one_of({"umap", "tsne", "pca"}), "How rows become points",
             {.shows_default = true}),
      number("--neighbors", &map.neighbors, "Of umap: how many rows count as near, 2 to 200"),
      number("--min-dist", &map.min_dist, "Of umap: how tight points may lie, 0 to the spread"),
      number("--spread", &map.spread, "Of umap: distance at which points lose touch, 0.1 to 10"),
      number("--repulsion", &map.repulsion,
             "Of umap: weight of keeping unrelated rows apart, 0 to 10"),
      number("--perplexity", &map.perplexity, "Of tsne: how many rows count as near, 2 to 100"),
      number("--seed", &map.seed, "Another one gives another map"),
      Option("--supervised", &map.supervised, "Of umap: draw pictures of one label together")};
}

std::vector<Option> look_options(Options& options) {
  return {Option("--out", &options.out, "FILE.png|.svg|.html|.json|.npy",
                 "Write the map; may be given several times",
                 {.checks = {named_map, in_existing_folder}}),
          Option("--color-by", &options.look.color_by, one_of({"label", "cluster", "trust"}),
                 "Meaning of the colours", {.shows_default = true}),
          Option("--thumbs", &options.look.thumbs, "Draw the pictures themselves"),
          Option("--grid", &options.look.grid, "Move each point to a cell of a grid"),
          Option("--dark", &options.look.dark, "Light on dark")};
}

std::vector<Option> kept_options(Options& options) {
  return {Option("--layers", &options.layers, "LAYER,LAYER",
                 "One map for each of these layers of the space's encoder, with figures; pictures "
                 "are embedded where they are not yet",
                 {.comma = true}),
          Option("--update", &options.act.update,
                 "Put new pictures on the kept map without moving the others, take away those "
                 "that are gone"),
          Option("--list", &options.list, "List the maps that are kept"),
          Option("--remove", &options.remove, "NAME", "Forget a map")};
}

}  // namespace

Verb map_verb(Context& context) {
  auto options = std::make_shared<Options>();
  Option space{"--space", &options->act.space, "SPACE", "Space to show; otherwise the default one"};
  Option name{"--name", &options->act.name, "NAME", "Keep the map under this name"};
  return {.name = "map",
          .about = "See a space in two dimensions",
          .options = joined({{space},
                             method_options(*options),
                             {name},
                             look_options(*options),
                             kept_options(*options)}),
          .notes = kNotes,
          .run = [&context, options] { map(context, *options); }};
}

}  // namespace alike::cli

// map: a space in two dimensions.
#include "alike/map/space_map.h"

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "alike/base/error.h"
#include "alike/cli/context.h"
#include "alike/cli/map_layers.h"
#include "alike/cli/map_output.h"
#include "alike/cli/map_report.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"
#include "alike/cli/words.h"
#include "alike/collection/store/map_store.h"
#include "alike/map/keep/kept_map.h"
#include "alike/map/map_update.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string space, name, method;
  map::MapOptions map;
  MapLook look;
  std::vector<fs::path> out;
  bool update = false;
  bool list = false;
  std::string remove;
  std::vector<std::string> layers;
};

/// What came of a run.
struct Result {
  map::Map map;
  std::string name;                      ///< Under which it is kept.
  std::string not_kept;                  ///< Why not, or "".
  bool reused = false;                   ///< It was there already.
  std::optional<map::MapUpdate> update;  ///< Of --update; its map is `map`.
  double seconds = 0;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// The kept map if there is one that is whole and made as wanted of the rows as they are.
std::optional<map::Map> kept_map(const Context& context, const collection::Collection& collection,
                                 const std::string& name, const map::SpaceRows& rows,
                                 const map::MapOptions& options) {
  const auto maps = collection.maps();
  if (std::ranges::count(maps, name, &collection::MapEntry::name) == 0) return std::nullopt;
  try {
    auto map = map::load_map(collection, name);
    const bool same = map.options == options && map.placed == 0;
    if (same && map::age_of(map, rows).current()) return map;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::io || error.code() == ErrorCode::no_space) throw;
    tell(context, std::string(error.what()) + "; the map is made again");
  }
  return std::nullopt;
}

/// Keeps the map where that can be done, or else only where nothing else comes of the run.
void keep(const collection::Collection& collection, bool must, Result& result) {
  try {
    map::keep_map(collection, result.name, result.map);
  } catch (const Error& error) {
    const bool refused = error.code() == ErrorCode::io || error.code() == ErrorCode::no_space ||
                         error.code() == ErrorCode::busy;
    if (must || !refused) throw;
    result.not_kept = error.what();
  }
}

/// Calls `work` with what it is to report to.
template <class Work>
void watched(const Context& context, const Work& work) {
  LongWork line(context, "rows", "Stopping; the collection stays as it was");
  work(line.watcher());
}

Result make(const Context& context, const Options& options,
            const collection::Collection& collection, const std::string& name,
            const map::SpaceRows& rows) {
  Result result;
  result.name = name;
  if (auto map = kept_map(context, collection, name, rows, options.map)) {
    result.map = std::move(*map);
    result.reused = true;
    return result;
  }
  watched(context, [&](const Watcher& watcher) {
    result.map = map::make_map(rows, options.map, context.threads, watcher);
  });
  keep(collection, options.out.empty(), result);
  return result;
}

Result update(const Context& context, const Options& options,
              const collection::Collection& collection, const std::string& name,
              const map::SpaceRows& rows) {
  Result result;
  result.name = name;
  result.map = map::load_map(collection, name);
  result.reused = map::age_of(result.map, rows).current();
  result.update.emplace();
  if (result.reused) return result;
  watched(context, [&](const Watcher& watcher) {
    result.update = map::update_map(result.map, rows, context.threads, watcher);
  });
  result.map = std::move(result.update->map);
  keep(collection, options.out.empty(), result);
  return result;
}

std::string head_line(const Result& result) {
  const map::Map& map = result.map;
  std::string text = "Map " + result.name + ": " + counted(map.size(), "picture") + " of space " +
                     map.source.space + " by " + std::string(map::name_of(map.options.method));
  if (result.reused) return text + ", made before\n";
  if (result.update) {
    text += ": " + counted(result.update->placed, "picture") + " placed on it, " +
            human_count(result.update->off_map) + " of them off the map, " +
            human_count(result.update->dropped) + " taken away";
  }
  text += ", " + human_duration(result.seconds);
  if (!map.start.empty() && !result.update) text += ", started from " + map.start;
  text += "\n";
  if (!map.remark.empty()) text += map.remark + "\n";
  return text;
}

void report(const Context& context, const Options& options, const Result& result,
            const collection::Collection& collection, const map::SpaceRows& rows) {
  const auto items = items_of(collection, result.map);
  for (const auto& file : options.out) {
    write_map_file(file, result.map, collection, items, options.look);
  }
  if (!result.not_kept.empty()) tell(context, "The map was not kept: " + result.not_kept);
  std::string text =
      head_line(result) + quality_lines(result.map.figures) + cluster_table(collection, result.map);
  if (rows.behind > 0) {
    text += counted(rows.behind, "picture") + " not yet in this space: " +
            command(context, {"index", {"--space", rows.source.space}, {}}) + "\n";
  }
  if (result.update && result.update->better_anew) {
    text += "So much is new that '" + command(context, {"map", {}, {}}) + "' makes a better one\n";
  }
  for (const auto& file : options.out) text += "written to " + file.native() + "\n";
  say(context, text);
  json::object document = map_to_json(result.map, items);
  json::array files;
  for (const auto& file : options.out) files.push_back(json_text(file.native()));
  document["map"] = result.name;
  document["age"] = age_to_json(map::age_of(result.map, rows));
  document["behind"] = rows.behind;
  document["kept"] = result.not_kept.empty();
  document["reused"] = result.reused;
  document["seconds"] = result.seconds;
  document["files"] = std::move(files);
  if (result.update) {
    document["update"] = json::object{{"placed", result.update->placed},
                                      {"off_map", result.update->off_map},
                                      {"dropped", result.update->dropped},
                                      {"better_anew", result.update->better_anew}};
  }
  answer(context, document);
}

void list_maps(const Context& context) {
  const collection::Collection collection(collection_folder(context));
  std::vector<std::vector<std::string>> table{{"map", "space", "method", "pictures", ""}};
  json::array all;
  for (const auto& [name, space] : collection.maps()) {
    json::object entry{{"map", name}, {"space", space}};
    try {
      const auto map = map::load_map(collection, name);
      const auto age = map::age_of(map, map::rows_of(collection, space));
      entry["options"] = options_to_json(map.options);
      entry["quality"] = quality_to_json(map.figures);
      entry["pictures"] = map.size();
      entry["age"] = age_to_json(age);
      table.push_back({name, space, std::string(map::name_of(map.options.method)),
                       human_count(map.size()),
                       age.other_rows ? "of rows that are gone" : age_words(age)});
    } catch (const Error& error) {
      entry["error"] = with_remedy(context, error);
      table.push_back({name, space, "-", "-", with_remedy(context, error)});
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

/// The space of a kept map.
std::string space_of(const collection::Collection& collection, const std::string& name) {
  return map::load_map(collection, name).source.space;
}

void map(const Context& context, Options options) {
  if (options.list) return list_maps(context);
  if (!options.remove.empty()) return remove_map(context, options.remove);
  options.map.method = map::method_from(options.method);
  map::check(options.map);
  for (const auto& file : options.out) check_writable(file);
  options.look.threads = context.threads;
  if (!options.layers.empty()) {
    return map_layers(context,
                      {options.layers, options.space, options.map, options.look, options.out});
  }
  const collection::Collection collection(collection_folder(context));
  const std::string space = collection.space(options.space).name;
  const std::string name =
      options.name.empty() ? collection::default_map_name(space, options.method) : options.name;
  const auto start = std::chrono::steady_clock::now();
  const auto rows = map::rows_of(collection, options.update ? space_of(collection, name) : space);
  Result result = options.update ? update(context, options, collection, name, rows)
                                 : make(context, options, collection, name, rows);
  result.seconds = seconds_since(start);
  report(context, options, result, collection, rows);
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
  map::MapOptions& map = options.map;
  options.method = map::name_of(map.method);
  return {
      Option("--method", &options.method, one_of({"umap", "tsne", "pca"}), "How rows become points",
             {.shows_default = true}),
      number("--neighbors", &map.neighbors, "Of umap: how many rows count as near, 2 to 200"),
      number("--min-dist", &map.min_dist, "Of umap: how tight points may lie, 0 to the spread"),
      number("--spread", &map.spread, "Of umap: over what distance points lose touch, 0.1 to 10"),
      number("--repulsion", &map.repulsion, "Of umap: weight of keeping strangers apart, 0 to 10"),
      number("--perplexity", &map.perplexity, "Of tsne: how many rows count as near, 2 to 100"),
      number("--seed", &map.seed, "Another one gives another map"),
      Option("--supervised", &map.supervised, "Of umap: draw pictures of one label together")};
}

std::vector<Option> look_options(Options& options) {
  return {Option("--out", &options.out, "FILE.png|.svg|.html|.json|.npy",
                 "Write the map; may be given several times",
                 {.checks = {named_map, in_existing_folder}}),
          Option("--color-by", &options.look.color_by, one_of({"label", "cluster", "trust"}),
                 "What the colours tell", {.shows_default = true}),
          Option("--thumbs", &options.look.thumbs, "Draw the pictures themselves"),
          Option("--grid", &options.look.grid, "Move each point to a cell of a grid"),
          Option("--dark", &options.look.dark, "Light on dark")};
}

std::vector<Option> kept_options(Options& options) {
  return {Option("--layers", &options.layers, "LAYER,LAYER",
                 "One map for each of these layers of the space's encoder, with figures; pictures "
                 "are embedded where they are not yet",
                 {.comma = true}),
          Option("--update", &options.update,
                 "Put new pictures on the kept map without moving the others, take away those "
                 "that are gone"),
          Option("--list", &options.list, "List the maps that are kept"),
          Option("--remove", &options.remove, "NAME", "Forget a map")};
}

}  // namespace

Verb map_verb(Context& context) {
  auto options = std::make_shared<Options>();
  Option space{"--space", &options->space, "SPACE", "Space to show; otherwise the default one"};
  Option name{"--name", &options->name, "NAME", "Keep the map under this name"};
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

#include "alike/cli/map_layers.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/cli/map_plot.h"
#include "alike/cli/map_report.h"
#include "alike/cli/options.h"
#include "alike/cli/plot_series.h"
#include "alike/cli/words.h"
#include "alike/collection/store/map_store.h"
#include "alike/image/write.h"
#include "alike/judge/layer_space.h"
#include "alike/map/keep/kept_map.h"
#include "alike/map/map_series.h"

namespace alike::cli {
namespace {

struct Series {
  std::vector<map::Map> maps;  ///< One a layer.
  double seconds = 0;
};

/// The encoder of the space, which must know all layers.
std::string encoder_of(const collection::Collection& collection, const MapLayers& wanted) {
  const collection::Space space = collection.space(wanted.space);
  if (space.encoder.empty()) {
    throw Error(ErrorCode::not_found, "the rows of space '" + space.name +
                                          "' were imported: no encoder is known whose layers could "
                                          "be compared");
  }
  judge::check_layers(space.encoder, wanted.layers);
  return space.encoder;
}

Series make(const Context& context, collection::Collection& collection, const MapLayers& wanted) {
  const std::string encoder = encoder_of(collection, wanted);
  std::vector<map::SpaceRows> spaces;
  for (const auto& layer : wanted.layers) {
    LongWork work(context, "pictures by " + layer);
    spaces.push_back(map::rows_of(
        collection,
        judge::filled_space(collection, encoder, layer, context.threads, work.watcher())));
  }
  const auto start = std::chrono::steady_clock::now();
  LongWork work(context, "rows", "Stopping; no map is kept");
  const Watcher& watcher = work.watcher();
  Series series;
  series.maps = map::make_series(spaces, wanted.map, context.threads, watcher);
  for (const auto& map : series.maps) {
    const std::string method(map::name_of(map.options.method));
    map::keep_map(collection, map.source.space + ".layers." + method, map);
  }
  series.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return series;
}

std::string shown(const std::optional<double>& figure, int decimals = 3) {
  if (!figure) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", decimals, *figure);
  return text;
}

/// The maps as a drawing; points into `series`.
SeriesPlot plot_of(const MapLayers& wanted, const Series& series,
                   const std::vector<collection::Item>& items) {
  SeriesPlot plot;
  for (std::size_t i = 0; i < series.maps.size(); ++i) {
    const map::MapFigures& figures = series.maps[i].figures;
    SeriesPanel panel{
        wanted.layers[i], series.maps[i].points, figures.label_accuracy.value_or(0), {}};
    panel.words = {"k-NN " + shown(figures.label_accuracy, 2) + ", map " +
                       shown(figures.map_label_accuracy, 2),
                   "silhouette " + shown(figures.silhouette, 2)};
    plot.panels.push_back(std::move(panel));
  }
  const map::MapSource& source = series.maps[0].source;
  plot.title = counted(items.size(), "picture") + " by the layers of " + source.encoder;
  plot.score_name = "label k-NN accuracy in the space";
  plot.dark = wanted.look.dark;
  color_by_label(items, plot.group, plot.groups);
  return plot;
}

void draw(const std::filesystem::path& file, const SeriesPlot& plot) {
  if (ending_of(file) == ".svg") return replace_file(file, series_svg(plot));
  replace_file(file, image::encode_png(series_png(plot)));
}

std::string table(const MapLayers& wanted, const Series& series) {
  std::vector<std::vector<std::string>> rows{{"layer", "numbers", "k-NN in the space", "on the map",
                                              "silhouette", "trustworthiness", "continuity"}};
  for (std::size_t i = 0; i < series.maps.size(); ++i) {
    const map::Map& map = series.maps[i];
    const map::MapFigures& figures = map.figures;
    rows.push_back({wanted.layers[i], human_count(map.source.width), shown(figures.label_accuracy),
                    shown(figures.map_label_accuracy), shown(figures.silhouette),
                    shown(figures.trustworthiness), shown(figures.continuity)});
  }
  return columns(rows, "lrrrrrr");
}

}  // namespace

void map_layers(const Context& context, const MapLayers& wanted) {
  for (const auto& file : wanted.out) {
    const std::string ending = ending_of(file);
    if (ending == ".svg" || ending == ".png" || ending == ".json") continue;
    throw Error(ErrorCode::invalid_argument, "'" + printable(file.native()) +
                                                 "': the maps of layers are written as .svg, .png "
                                                 "or .json");
  }
  collection::Collection collection(collection_folder(context));
  const Series series = make(context, collection, wanted);
  const auto items = items_of(collection, series.maps[0]);
  json::array layers, files;
  for (std::size_t i = 0; i < series.maps.size(); ++i) {
    json::object map = map_to_json(series.maps[i], items);
    map["layer"] = wanted.layers[i];
    layers.push_back(std::move(map));
  }
  const json::object document{{"layers", std::move(layers)}, {"seconds", series.seconds}};
  std::string text = table(wanted, series);
  for (const auto& file : wanted.out) {
    if (ending_of(file) == ".json") {
      replace_file(file, print_json(document));
    } else {
      draw(file, plot_of(wanted, series, items));
    }
    text += "written to " + file.native() + "\n";
    files.push_back(json_text(file.native()));
  }
  say(context, text);
  json::object answered = document;
  answered["files"] = std::move(files);
  answer(context, answered);
}

}  // namespace alike::cli

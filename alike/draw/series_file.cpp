#include "alike/draw/series_file.h"

#include <cstdio>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/human.h"
#include "alike/base/paths.h"
#include "alike/draw/map_plot.h"
#include "alike/draw/plot_series.h"
#include "alike/image/write.h"

namespace alike::draw {
namespace {

/// The maps as a drawing; points into `series`.
SeriesPlot plot_of(const actions::MapSeries& series, const std::vector<collection::Item>& items,
                   bool dark) {
  SeriesPlot plot;
  for (std::size_t i = 0; i < series.maps.size(); ++i) {
    const map::MapFigures& figures = series.maps[i].figures;
    SeriesPanel panel{
        series.layers[i], series.maps[i].points, figures.label_accuracy.value_or(0), {}};
    panel.words = {"k-NN " + decimals(figures.label_accuracy, 2) + ", map " +
                       decimals(figures.map_label_accuracy, 2),
                   "silhouette " + decimals(figures.silhouette, 2)};
    plot.panels.push_back(std::move(panel));
  }
  const map::MapSource& source = series.maps[0].source;
  plot.title = counted(items.size(), "picture") + " by the layers of " + source.encoder;
  plot.score_name = "label k-NN accuracy in the space";
  plot.dark = dark;
  color_by_label(items, plot.group, plot.groups);
  return plot;
}

}  // namespace

void check_series_file(const std::filesystem::path& file) {
  const std::string ending = ending_of(file);
  if (ending == ".svg" || ending == ".png" || ending == ".json") return;
  throw Error(ErrorCode::invalid_argument, "'" + printable(file.native()) +
                                               "': the maps of layers are written as .svg, .png "
                                               "or .json");
}

void write_series_file(const std::filesystem::path& file, const actions::MapSeries& series,
                       const std::vector<collection::Item>& items, bool dark) {
  const std::string ending = ending_of(file);
  if (ending == ".json") return replace_file(file, print_json(actions::to_json(series, items)));
  const SeriesPlot plot = plot_of(series, items, dark);
  if (ending == ".svg") return replace_file(file, series_svg(plot));
  replace_file(file, image::encode_drawing(series_png(plot)));
}

}  // namespace alike::draw

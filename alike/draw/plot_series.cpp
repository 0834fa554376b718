#include "alike/draw/plot_series.h"

#include <algorithm>
#include <cmath>

#include "alike/base/check.h"
#include "alike/base/human.h"
#include "alike/draw/plot_parts.h"

namespace alike::draw {
namespace {

constexpr std::size_t kMostPanels = 60;
constexpr double kWidestPanel = 270;  // pixels at a width of 1,200
constexpr double kChartHeight = 170;
constexpr double kPanelGap = 16;

Plot one_map(const SeriesPlot& series, const SeriesPanel& panel) {
  Plot plot;
  plot.points = panel.points;
  plot.group = series.group;
  plot.groups = series.groups;
  plot.none = series.none;
  plot.dark = series.dark;
  plot.width = series.width;
  return plot;
}

void check(const SeriesPlot& plot) {
  require(!plot.panels.empty() && plot.panels.size() <= kMostPanels,
          "a series of " + counted(plot.panels.size(), "map") + " is not drawn; 1 to 60 are");
  for (const auto& panel : plot.panels) {
    check(one_map(plot, panel));
    require(panel.score >= 0 && panel.score <= 1, "the score of " + printable(panel.name) + " is " +
                                                      std::to_string(panel.score) +
                                                      "; it must be 0 to 1");
  }
}

/// Where everything goes; all in pixels.
struct SeriesPlaces {
  Legend legend;
  double beside = 0;  // the legend's width
  double unit = 1;    // pixels that are 1 at a width of 1,200
  std::size_t columns = 1, rows = 1;
  double panel = 0, step = 0;  // side of a map; from one row of maps to the next
  Rectangle maps, names, chart;
  int height = 0;
};

SeriesPlaces places_of(Canvas& canvas, const SeriesPlot& plot, const Measure& measure) {
  SeriesPlaces places;
  places.legend = legend_of(one_map(plot, plot.panels.front()), kMostGroups);
  places.beside = legend_width(canvas, measure, places.legend);
  places.unit = measure.letters / 18.0;
  const double gap = kPanelGap * places.unit;
  const double wide =
      plot.width - 2 * measure.margin - (places.beside > 0 ? places.beside + measure.margin : 0);
  places.columns = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::ceil(wide / (kWidestPanel * places.unit))));
  places.columns = std::min(places.columns, plot.panels.size());
  places.rows = (plot.panels.size() + places.columns - 1) / places.columns;
  const auto columns = static_cast<double>(places.columns);
  places.panel = std::min((wide - (columns - 1) * gap) / columns, 1.6 * kWidestPanel * places.unit);
  std::size_t lines = 1;
  for (const auto& panel : plot.panels) lines = std::max(lines, panel.words.size() + 1);
  places.step = places.panel + (static_cast<double>(lines) + 0.6) * measure.line + gap;
  const double top = inside_frame(measure, plot.width, plot.width, plot.title, 0).top;
  places.maps = {measure.margin, top, wide, static_cast<double>(places.rows) * places.step};
  places.names = {measure.margin + wide + measure.margin, top, places.beside,
                  static_cast<double>(places.legend.entries.size() + 1) * measure.line};
  const double below = std::max(places.maps.bottom(), places.names.bottom());
  places.chart = {measure.margin, below + 1.5 * measure.line, plot.width - 2 * measure.margin,
                  kChartHeight * places.unit};
  places.height =
      static_cast<int>(std::ceil(places.chart.bottom() + 2 * measure.line + measure.margin +
                                 static_cast<double>(plot.remarks.size()) * measure.line));
  return places;
}

void draw_panel(Canvas& canvas, const SeriesPlot& plot, const SeriesPlaces& places,
                const Measure& measure, std::size_t i) {
  const Theme& colors = theme(plot.dark);
  const auto& panel = plot.panels[i];
  const double side = places.panel;
  const std::size_t row = i / places.columns, column = i % places.columns;
  const double left =
      places.maps.left + static_cast<double>(column) * (side + kPanelGap * places.unit);
  const double top = places.maps.top + static_cast<double>(row) * places.step;
  const double radius = std::max(1.2, 1.4 * point_radius(panel.points.rows, side * side));
  for (const double y : {top, top + side}) {
    canvas.line(left, y, left + side, y, 1, colors.rule);
  }
  for (const double x : {left, left + side}) {
    canvas.line(x, top, x, top + side, 1, colors.rule);
  }
  const double edge = 2 * radius + 3;
  const MapScale scale(panel.points, {left + edge, top + edge, side - 2 * edge, side - 2 * edge});
  draw_points(canvas, scale.pixels(panel.points), places.legend, colors, radius);
  canvas.write(panel.name, {left, top + side + measure.line, side, measure.letters, colors.ink,
                            Anchor::start, false});
  for (std::size_t line = 0; line < panel.words.size(); ++line) {
    const double y = top + side + static_cast<double>(line + 2) * measure.line;
    canvas.write(panel.words[line],
                 {left, y, side, measure.letters, colors.pale, Anchor::start, false});
  }
}

void draw_chart(Canvas& canvas, const SeriesPlot& plot, const SeriesPlaces& places,
                const Measure& measure) {
  const Theme& colors = theme(plot.dark);
  const Rectangle& chart = places.chart;
  const double axis = canvas.width_of("0.00 ", measure.letters);
  const auto height_of = [&](double score) { return chart.bottom() - score * chart.height; };
  canvas.write(plot.score_name, {chart.left, chart.top - 0.6 * measure.line, chart.width,
                                 measure.letters, colors.ink, Anchor::start, false});
  for (const double tick : {0.0, 0.5, 1.0}) {
    canvas.line(chart.left + axis, height_of(tick), chart.right(), height_of(tick), 1, colors.rule);
    canvas.write(decimals(tick, 2), {chart.left, height_of(tick) + 0.35 * measure.letters, axis,
                                     measure.letters, colors.pale, Anchor::start, false});
  }
  const double slot = (chart.width - axis) / static_cast<double>(plot.panels.size());
  for (std::size_t i = 0; i < plot.panels.size(); ++i) {
    const auto& panel = plot.panels[i];
    const double left = chart.left + axis + slot * static_cast<double>(i);
    const double wide = std::min(0.6 * slot, 60 * places.unit);
    canvas.rectangle(
        {left + (slot - wide) / 2, height_of(panel.score), wide, panel.score * chart.height},
        colors.palette[0]);
    const double middle = left + slot / 2;
    canvas.write(decimals(panel.score, 2),
                 {middle, height_of(panel.score) - 0.3 * measure.letters, slot, measure.letters,
                  colors.ink, Anchor::middle, true});
    canvas.write(panel.name, {middle, chart.bottom() + measure.line, slot * 0.95, measure.letters,
                              colors.ink, Anchor::middle, false});
  }
}

void draw(Canvas& canvas, const SeriesPlot& plot, const SeriesPlaces& places) {
  const Measure measure(plot.width);
  const Theme& colors = theme(plot.dark);
  for (std::size_t i = 0; i < plot.panels.size(); ++i) {
    draw_panel(canvas, plot, places, measure, i);
  }
  draw_legend(canvas, measure, colors, places.legend, places.names);
  draw_chart(canvas, plot, places, measure);
  draw_frame(canvas, measure, colors, plot.title, plot.remarks);
}

/// What `result` makes of a canvas as high as the drawing needs, with the drawing on it.
template <class Canvas>
auto drawn(const SeriesPlot& plot, const auto& result) {
  check(plot);
  const Color paper = theme(plot.dark).paper;
  Canvas sizer(plot.width, 1, paper);
  const auto places = places_of(sizer, plot, Measure(plot.width));
  Canvas canvas(plot.width, places.height, paper);
  draw(canvas, plot, places);
  return result(canvas);
}

}  // namespace

std::string series_svg(const SeriesPlot& plot) {
  std::string scores = plot.score_name + ":";
  for (const auto& panel : plot.panels) scores += " " + panel.name + " " + decimals(panel.score, 2);
  return drawn<SvgCanvas>(plot,
                          [&](const auto& canvas) { return canvas.text(plot.title, scores); });
}

image::Image series_png(const SeriesPlot& plot) {
  return drawn<PixelCanvas>(plot, [](const auto& canvas) { return canvas.image(); });
}

}  // namespace alike::draw

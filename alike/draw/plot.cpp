#include "alike/draw/plot.h"

#include <algorithm>
#include <cmath>

#include "alike/base/check.h"
#include "alike/base/human.h"
#include "alike/draw/plot_parts.h"

namespace alike::draw {
namespace {

constexpr double kLeastThumb = 24, kMostThumb = 96;  // pixels at a width of 1,200
constexpr double kThumbShare = 0.6;                  // of the map that pictures aim at
constexpr int kRim = 2;

/// Where everything goes.
struct Places {
  Legend legend;
  Rectangle map, names;  // the map and, right of it, the legend
};

Places places_of(Canvas& canvas, const Plot& plot, const Measure& measure) {
  const Rectangle inner = inside_frame(measure, plot.width, plot.height, plot.title,
                                       plot.remarks.size() + (plot.thumbs ? 1 : 0));
  const double fitting = std::max(1.0, inner.height / measure.line - 3);
  Places places{legend_of(plot, std::min(kMostGroups, static_cast<std::size_t>(fitting))), {}, {}};
  const double beside = legend_width(canvas, measure, places.legend);
  const double gap = beside > 0 ? measure.margin : 0;
  places.map = {inner.left, inner.top, inner.width - beside - gap, inner.height};
  places.names = {places.map.right() + gap, inner.top, beside, inner.height};
  return places;
}

/// Side of a picture so that those of all points cover `kThumbShare` of the map, within bounds.
int thumb_side(std::size_t count, const Rectangle& map, const Measure& measure) {
  const double unit = measure.letters / 18.0;
  const double share = kThumbShare * map.width * map.height / static_cast<double>(count);
  return static_cast<int>(std::clamp(std::sqrt(share), kLeastThumb * unit, kMostThumb * unit));
}

/// Pictures over their points, each with a rim in the colour of its group; says how many.
std::size_t draw_thumbs(Canvas& canvas, const Plot& plot, MatrixView points, int side,
                        const Places& places, const Theme& colors) {
  const Legend& legend = places.legend;
  const auto chosen = pictures_with_room(points, side + 2 * kRim + 1, places.map);
  const auto pictures = thumbnails_of(plot.pictures, chosen, side, plot.threads);
  std::size_t drawn = 0;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const auto& picture = pictures[i];
    if (picture.width == 0) continue;  // its point stays
    const auto point = points.row(chosen[i]);
    const double left = std::round(point[0] - picture.width / 2.0);
    const double top = std::round(point[1] - picture.height / 2.0);
    const Color rim =
        legend.places.empty() ? colors.rule : legend.entries[legend.places[chosen[i]]].style.color;
    canvas.rectangle(
        {left - kRim, top - kRim, picture.width + 2.0 * kRim, picture.height + 2.0 * kRim}, rim);
    canvas.picture(picture, left, top);
    ++drawn;
  }
  return drawn;
}

void draw(Canvas& canvas, const Plot& plot) {
  const Theme& colors = theme(plot.dark);
  const Measure measure(plot.width);
  const Places places = places_of(canvas, plot, measure);
  const Rectangle& map = places.map;
  std::vector<std::string> remarks = plot.remarks;
  draw_legend(canvas, measure, colors, places.legend, places.names);
  if (plot.points.rows == 0) {
    canvas.write("no pictures on this map",
                 {map.left + map.width / 2, map.top + map.height / 2, map.width, measure.letters,
                  colors.pale, Anchor::middle, false});
  } else {
    const double radius = point_radius(plot.points.rows, map.width * map.height);
    const int side = plot.thumbs ? thumb_side(plot.points.rows, map, measure) : 0;
    const double edge = plot.thumbs ? side / 2.0 + kRim + 1 : 1.5 * radius;
    const MapScale scale(plot.points,
                         {map.left + edge, map.top + edge, std::max(1.0, map.width - 2 * edge),
                          std::max(1.0, map.height - 2 * edge)});
    const Matrix pixels = scale.pixels(plot.points);
    draw_points(canvas, pixels, places.legend, colors, radius);
    if (plot.thumbs) {
      const auto drawn = draw_thumbs(canvas, plot, pixels, side, places, colors);
      remarks.push_back(human_count(drawn) + " of " + counted(pixels.rows(), "picture") +
                        " found room");
    }
    const auto left_out = draw_labels(canvas, measure, colors, scale, plot.labels, map);
    if (left_out > 0 && !remarks.empty()) {
      remarks.back() += "; " + counted(left_out, "name") + " found no room";
    }
  }
  draw_frame(canvas, measure, colors, plot.title, remarks);
}

}  // namespace

void check(const Plot& plot) {
  const std::size_t n = plot.points.rows;
  check_size("wide", plot.width);
  check_size("high", plot.height);
  require(n == 0 || plot.points.width == 2,
          "a map is drawn of rows of 2 numbers, not of " + std::to_string(plot.points.width));
  require(plot.group.empty() || plot.group.size() == n,
          counted(plot.group.size(), "group") + " do not fit " + counted(n, "point"));
  require(plot.pictures.empty() || plot.pictures.size() == n,
          counted(plot.pictures.size(), "picture") + " do not fit " + counted(n, "point"));
  require(plot.names.empty() || plot.names.size() == n,
          counted(plot.names.size(), "name") + " do not fit " + counted(n, "point"));
  require(!plot.thumbs || plot.pictures.size() == n, "there are no pictures to draw");
  for (std::size_t i = 0; i < n; ++i) {
    const auto point = plot.points.row(i);
    require(std::isfinite(point[0]) && std::isfinite(point[1]),
            "point " + human_count(i) + " of the map is no number and cannot be drawn");
  }
  for (const auto group : plot.group) {
    require(group == kNoGroup || group < plot.groups.size(),
            "group " + std::to_string(group) + " has no name");
  }
}

std::string plot_svg(const Plot& plot) {
  check(plot);
  SvgCanvas canvas(plot.width, plot.height, theme(plot.dark).paper);
  draw(canvas, plot);
  return canvas.text(plot.title, joined(plot.remarks));
}

image::Image plot_png(const Plot& plot) {
  check(plot);
  PixelCanvas canvas(plot.width, plot.height, theme(plot.dark).paper);
  draw(canvas, plot);
  return canvas.image();
}

}  // namespace alike::draw

// Parts that all drawings of maps are made of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "alike/draw/plot.h"
#include "alike/draw/plot_canvas.h"

namespace alike::draw {

/// Sizes that go with the width of a drawing, pixels.
struct Measure {
  explicit Measure(int width);

  int letters;  ///< Of text: 18 at a width of 1,200, so 12 when shown at 800.
  int title;
  double line;    ///< From one base line to the next.
  double margin;  ///< Around everything.
};

/// One line of a legend.
struct LegendEntry {
  std::string name;
  std::uint64_t count = 0;
  Style style;
};

/// Which groups are shown, and how each point is drawn.
struct Legend {
  std::vector<LegendEntry> entries;   ///< Groups in their order, then "others", then none.
  std::vector<std::uint32_t> places;  ///< (n) of `entries`; empty without groups.
};

/// At most `most` groups of their own, the largest. Without groups: no entries.
Legend legend_of(const Plot& plot, std::size_t most);

/// Where points land: one scale for both axes, in the middle of `area`.
class MapScale {
 public:
  MapScale(MatrixView points, const Rectangle& area);
  double x(float value) const { return left_ + (value - least_x_) * scale_; }
  double y(float value) const { return bottom_ - (value - least_y_) * scale_; }
  /// (n, 2) pixels, y down.
  Matrix pixels(MatrixView points) const;

 private:
  double least_x_ = 0, least_y_ = 0, scale_ = 1, left_ = 0, bottom_ = 0;
};

/// Radius of each of `count` points on an area of so many square pixels.
double point_radius(std::size_t count, double area);

/// The rest of a drawing between its title and so many remarks at the foot.
Rectangle inside_frame(const Measure& measure, int width, int height, const std::string& title,
                       std::size_t remarks);
void draw_frame(Canvas& canvas, const Measure& measure, const Theme& colors,
                const std::string& title, const std::vector<std::string>& remarks);
/// Pixels that a legend takes beside the map.
double legend_width(Canvas& canvas, const Measure& measure, const Legend& legend);
void draw_legend(Canvas& canvas, const Measure& measure, const Theme& colors, const Legend& legend,
                 const Rectangle& area);
/// In an order that hides no group behind another. `points`: pixels, y down.
void draw_points(Canvas& canvas, MatrixView points, const Legend& legend, const Theme& colors,
                 double radius);
/// Gives how many found no room.
std::size_t draw_labels(Canvas& canvas, const Measure& measure, const Theme& colors,
                        const MapScale& scale, const std::vector<PlotLabel>& labels,
                        const Rectangle& area);

/// Where pictures of `side` × `side` pixels find room around the points (n, 2; pixels, y down):
/// those in the densest places come first; none overlap, none reach out of `area`. The places of
/// the points, in the order found. O(n log n).
std::vector<std::uint32_t> pictures_with_room(MatrixView points, double side,
                                              const Rectangle& area);

/// Thumbnails of the `chosen` of `files`; empty where a file cannot be read.
std::vector<image::Image> thumbnails_of(const std::vector<std::filesystem::path>& files,
                                        const std::vector<std::uint32_t>& chosen, int side,
                                        int threads);

/// For a side of a drawing; `what`: "wide" or "high".
void check_size(const char* what, int pixels);

/// One line of several, for screen readers.
std::string joined(const std::vector<std::string>& lines);

}  // namespace alike::draw

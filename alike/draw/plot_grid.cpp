// Pictures in the cells of a grid.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "alike/base/check.h"
#include "alike/base/human.h"
#include "alike/draw/plot_parts.h"

namespace alike::draw {
namespace {

constexpr double kGap = 0.06;  // of a cell

void check(const GridPlot& plot) {
  const std::size_t n = plot.cell.size();
  check_size("wide", plot.width);
  require(plot.pictures.size() == n,
          counted(plot.pictures.size(), "picture") + " do not fit " + counted(n, "cell"));
  require(n <= kMostGridPictures, "a grid of " + human_count(n) +
                                      " pictures is too large, at most " +
                                      human_count(kMostGridPictures) + " fit");
  require(n <= plot.columns * plot.rows, "a grid of " + human_count(plot.columns) + " by " +
                                             human_count(plot.rows) + " cells has no room for " +
                                             counted(n, "picture"));
  std::vector<char> taken(plot.columns * plot.rows);
  for (const auto cell : plot.cell) {
    require(cell < taken.size() && taken[cell] == 0,
            "cell " + human_count(cell) + " is outside the grid or taken twice");
    taken[cell] = 1;
  }
}

double cell_side(const GridPlot& plot, const Measure& measure) {
  const auto columns = static_cast<double>(std::max<std::size_t>(plot.columns, 1));
  return (plot.width - 2 * measure.margin) / columns;
}

int height_of(const GridPlot& plot) {
  const Measure measure(plot.width);
  const double frame =
      plot.width -
      inside_frame(measure, plot.width, plot.width, plot.title, plot.remarks.size()).height;
  const double height =
      frame + std::max(1.0, static_cast<double>(plot.rows) * cell_side(plot, measure));
  require(height <= 2 * 8000.0, "a grid of " + human_count(plot.columns) + " columns and " +
                                    human_count(plot.rows) + " rows is too high to be drawn");
  return static_cast<int>(std::ceil(height));
}

void draw(Canvas& canvas, const GridPlot& plot) {
  const Theme& colors = theme(plot.dark);
  const Measure measure(plot.width);
  const Rectangle inner =
      inside_frame(measure, plot.width, canvas.height(), plot.title, plot.remarks.size());
  const double cell = cell_side(plot, measure);
  const int side = std::max(1, static_cast<int>(cell * (1 - kGap)));
  std::vector<std::uint32_t> all(plot.cell.size());
  std::iota(all.begin(), all.end(), 0U);
  const auto pictures = thumbnails_of(plot.pictures, all, side, plot.threads);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::size_t row = plot.cell[i] / plot.columns, column = plot.cell[i] % plot.columns;
    const double left = inner.left + cell * static_cast<double>(column);
    const double top = inner.top + cell * static_cast<double>(row);
    if (pictures[i].width == 0) {  // cannot be read
      canvas.rectangle({left + (cell - side) / 2, top + (cell - side) / 2,
                        static_cast<double>(side), static_cast<double>(side)},
                       colors.rule);
      continue;
    }
    canvas.picture(pictures[i], std::round(left + (cell - pictures[i].width) / 2),
                   std::round(top + (cell - pictures[i].height) / 2));
  }
  draw_frame(canvas, measure, colors, plot.title, plot.remarks);
}

}  // namespace

std::string grid_svg(const GridPlot& plot) {
  check(plot);
  SvgCanvas canvas(plot.width, height_of(plot), theme(plot.dark).paper);
  draw(canvas, plot);
  return canvas.text(plot.title, joined(plot.remarks));
}

image::Image grid_png(const GridPlot& plot) {
  check(plot);
  PixelCanvas canvas(plot.width, height_of(plot), theme(plot.dark).paper);
  draw(canvas, plot);
  return canvas.image();
}

}  // namespace alike::draw

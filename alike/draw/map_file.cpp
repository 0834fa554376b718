#include "alike/draw/map_file.h"

#include "alike/actions/map.h"
#include "alike/base/file.h"
#include "alike/base/json.h"
#include "alike/base/npy.h"
#include "alike/base/paths.h"
#include "alike/base/replacing_file.h"
#include "alike/draw/map_plot.h"
#include "alike/image/write.h"
#include "alike/map/layout/grid.h"

namespace alike::draw {
namespace {

namespace fs = std::filesystem;

/// The points, and beside them the paths, a line each.
void write_points(const fs::path& file, const map::Map& map,
                  const std::vector<collection::Item>& items) {
  std::string paths;
  NpyWriter writer(file, 2);
  for (std::size_t i = 0; i < map.size(); ++i) {
    writer.append(map.points.row(i));
    const bool one_line = items[i].path.find('\n') == std::string::npos;
    paths += (one_line ? items[i].path : "") + "\n";
  }
  writer.finish();
  replace_file(fs::path(file).replace_extension(".paths"), paths);
}

constexpr double kGridAspect = 4.0 / 3;

/// The pictures in the cells of a grid.
GridPlot grid_of(Plot plot, const map::Grid& grid) {
  GridPlot cells;
  cells.columns = grid.columns;
  cells.rows = grid.rows;
  cells.cell = grid.cell;
  cells.pictures = std::move(plot.pictures);
  cells.title = std::move(plot.title);
  cells.remarks = std::move(plot.remarks);
  cells.dark = plot.dark;
  cells.threads = plot.threads;
  return cells;
}

/// Where the points lie when each has a cell of its own.
Matrix cell_points(const map::Grid& grid) {
  Matrix points(grid.cell.size(), 2);
  for (std::size_t i = 0; i < points.rows(); ++i) {
    const std::size_t row = grid.cell[i] / grid.columns;  // of cells, downwards
    points.row(i)[0] = static_cast<float>(grid.cell[i] % grid.columns);
    points.row(i)[1] = -static_cast<float>(row);
  }
  return points;
}

void write_plot(const fs::path& file, const Plot& plot) {
  const std::string ending = ending_of(file);
  if (ending == ".svg") return replace_file(file, plot_svg(plot));
  if (ending == ".html") return replace_file(file, plot_html(plot));
  replace_file(file, image::encode_drawing(plot_png(plot)));
}

void write_grid(const fs::path& file, Plot plot) {
  const map::Grid grid = map::assign_to_grid(plot.points, kGridAspect);
  const std::string ending = ending_of(file);
  if (!plot.thumbs || ending == ".html") {
    const Matrix points = cell_points(grid);
    plot.points = points;
    plot.labels.clear();  // clusters have no middle here
    return write_plot(file, plot);
  }
  const GridPlot cells = grid_of(std::move(plot), grid);
  if (ending == ".svg") return replace_file(file, grid_svg(cells));
  replace_file(file, image::encode_drawing(grid_png(cells)));
}

}  // namespace

void check_writable(const fs::path& file) {
  if (ending_of(file) == ".html") check_map_page();
  ReplacingFile draft(file);
  draft.append(bytes_of(std::string("is there room and leave?")));
}

void write_map_file(const fs::path& file, const map::Map& map,
                    const collection::Collection& collection,
                    const std::vector<collection::Item>& items, const MapLook& look) {
  const std::string ending = ending_of(file);
  if (ending == ".npy") return write_points(file, map, items);
  if (ending == ".json") return replace_file(file, print_json(actions::to_json(map, items)));
  const Plot plot = plot_of(map, collection, items, look);
  if (look.grid) return write_grid(file, plot);
  write_plot(file, plot);
}

}  // namespace alike::draw

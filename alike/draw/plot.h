// Maps drawn: points with a legend, or the pictures themselves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/draw/map_page.h"
#include "alike/image/image.h"

namespace alike::draw {

/// The group of points that belong to none.
inline constexpr std::uint32_t kNoGroup = 0xFFFFFFFF;
/// The most groups with a colour of their own; the smaller ones beyond are drawn as "others".
inline constexpr std::size_t kMostGroups = 20;
/// The most pictures that one grid is drawn of.
inline constexpr std::size_t kMostGridPictures = 20'000;

/// A name on the map itself, such as a cluster's.
struct PlotLabel {
  std::string text;
  float x = 0, y = 0;  ///< Of the map, as the points.
};

/// A scatter plot. Text may be any bytes.
struct Plot {
  MatrixView points;                 ///< (n, 2), y upwards; one scale for both.
  std::vector<std::uint32_t> group;  ///< (n) places in `groups` or `kNoGroup`; or empty.
  std::vector<std::string> groups;   ///< Names.
  std::string none = "no cluster";   ///< The name of `kNoGroup`.
  std::string title;
  std::vector<std::string> remarks;  ///< Lines below the map: method, quality.
  std::vector<PlotLabel> labels;     ///< The weightiest first: where two would overlap, it stays.
  std::vector<std::filesystem::path> pictures;  ///< (n) files; or empty.
  std::vector<std::string> names{};             ///< (n) names of the points in the page; or empty.
  bool thumbs = false;  ///< Draw pictures, as many as find room, over the points.
  bool dark = false;
  int width = 1200, height = 900;  ///< Pixels, 300 to 8,000.
  int threads = 1;                 ///< The drawing does not depend on it.
};

/// Throws `invalid_argument` for sizes that do not fit each other, NaN or infinity among the points
/// (the place is named), a group that has no name, or a width or height out of range.
void check(const Plot& plot);

/// Legend outside the map. No points give an empty map that says so. Throw as `check`.
std::string plot_svg(const Plot& plot);
image::Image plot_png(const Plot& plot);

/// The most pictures that a page carries; with more it has names only, and says so.
inline constexpr std::size_t kMostInlinePictures = 5'000;
/// One page that opens without a server and asks for nothing outside itself: pan and zoom, names
/// and pictures under the pointer, a legend that filters, a search of names, light and dark (as the
/// reader's system; `dark`, `thumbs`, `width` and `height` count nothing). `page`: the template for
/// title and data, as `map_page` has it. Throws as `check` and `check_map_page`.
std::string plot_html(const Plot& plot, std::string_view page = map_page());
/// Throws `unsupported` where the program was built without its pages.
void check_map_page(std::string_view page = map_page());

/// Pictures in the cells of a grid.
struct GridPlot {
  std::size_t columns = 0, rows = 0;
  std::vector<std::uint32_t> cell;              ///< (n) row · columns + column, each once.
  std::vector<std::filesystem::path> pictures;  ///< (n)
  std::string title;
  std::vector<std::string> remarks;
  bool dark = false;
  int width = 1200;  ///< Pixels, 300 to 8,000; the height follows.
  int threads = 1;   ///< The drawing does not depend on it.
};

/// Throw `invalid_argument` for sizes that do not fit each other, a cell outside the grid or taken
/// twice, or more than `kMostGridPictures` pictures.
std::string grid_svg(const GridPlot& plot);
image::Image grid_png(const GridPlot& plot);

}  // namespace alike::draw

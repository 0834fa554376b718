// Several maps of the same pictures beside each other, such as one for each layer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/image/image.h"

namespace alike::draw {

/// One map of a series.
struct SeriesPanel {
  std::string name;                ///< Such as the layer's.
  MatrixView points;               ///< (n, 2), y upwards.
  double score = 0;                ///< 0 to 1, drawn as a bar.
  std::vector<std::string> words;  ///< Lines below the map: "k-NN 0.91", "silhouette 0.20".
};

/// Small maps with one legend, and a chart of their scores.
struct SeriesPlot {
  std::vector<SeriesPanel> panels;   ///< 1 to 60.
  std::vector<std::uint32_t> group;  ///< (n) places in `groups` or `kNoGroup`; or empty.
  std::vector<std::string> groups;
  std::string none = "no label";
  std::string title;
  std::string score_name = "label k-NN accuracy";  ///< The name of the charted score.
  std::vector<std::string> remarks;
  bool dark = false;
  int width = 1200;  ///< Pixels, 300 to 8,000; the height follows.
};

/// Throw `invalid_argument` as `check(Plot)`, for no or too many panels, and for a score that is
/// outside 0 to 1.
std::string series_svg(const SeriesPlot& plot);
image::Image series_png(const SeriesPlot& plot);

}  // namespace alike::draw

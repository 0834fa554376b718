// Contact sheets: the query and what was found, as one picture.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/image/image.h"

namespace alike::cli {

/// One picture with the lines below it.
struct Cell {
  std::filesystem::path file;
  std::vector<std::string> caption;  ///< At most two lines.
  bool relevant = true;              ///< False: drawn pale.
};

/// The picture in `file`, no larger than width × height and in its own proportions, without
/// enlarging it. A file that cannot be read gives an empty image.
image::Image thumbnail(const std::filesystem::path& file, int width, int height);

/// The queries in the first row, the results in rows of `columns` below a line.
image::Image contact_sheet(const std::vector<Cell>& queries, const std::vector<Cell>& results,
                           int columns = 5);

}  // namespace alike::cli

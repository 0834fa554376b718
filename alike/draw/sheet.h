// Contact sheets: the query and its results, as one picture.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/image/image.h"

namespace alike::draw {

/// One picture with the lines below it.
struct Cell {
  std::filesystem::path file;
  std::vector<std::string> caption;  ///< At most two lines.
  bool relevant = true;              ///< False: drawn pale.
};

/// The picture in `file`, no larger than width × height and in its own proportions, without
/// enlarging it. A file that cannot be read gives an empty image.
image::Image thumbnail(const std::filesystem::path& file, int width, int height);

struct SheetOptions {
  int columns = 5;       ///< At most.
  int threads = 1;       ///< The sheet does not depend on it.
  std::string remark{};  ///< One line between queries and results; may be empty.
};

/// The most pictures of one sheet.
inline constexpr std::size_t kMostCells = 1000;

/// The queries in rows of `columns`, a rule, and the results in rows below it. Throws
/// `invalid_argument` for more than `kMostCells`.
image::Image contact_sheet(const std::vector<Cell>& queries, const std::vector<Cell>& results,
                           const SheetOptions& options = {});

/// The thumbnails of `cells`, made on `threads` threads.
std::vector<image::Image> thumbnails(const std::vector<Cell>& cells, int width, int height,
                                     int threads);

}  // namespace alike::draw

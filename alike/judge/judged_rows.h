// The rows of spaces as they are judged: in memory, by the ids of their items.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/map/layout/space_rows.h"
#include "alike/measure/labels.h"

namespace alike::judge {

/// Rows of a space and the labels of their pictures, ascending by id, so that those of two spaces
/// are in the same order.
struct JudgedRows {
  Matrix rows;
  std::vector<std::int64_t> ids;   ///< (rows)
  std::vector<std::string> paths;  ///< (rows) as `Item::path`.
  /// (rows) the same for files of the same content; "" of an imported row.
  std::vector<std::string> contents;
  Labels labels;
  std::string label_source;           ///< "folder", or the name of the file.
  std::vector<std::string> warnings;  ///< Labels of no picture, pictures without a row. Sentences.
};

/// Copies the rows. Labels are those of the folders, or of `labels` where that names a file. Throws
/// as `read_labels`.
JudgedRows judged_rows(const map::SpaceRows& space, const std::filesystem::path& labels);

}  // namespace alike::judge

// Where the classes of pictures come from.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace alike::cli {

/// Labels of pictures, and what did not fit.
struct GivenLabels {
  std::vector<std::string> of;       ///< (paths) "" where there is none.
  std::vector<std::string> missing;  ///< Paths of the file that no picture has.
};

/// Reads lines "path,label"; a first line "path,label" is a head, empty lines do not count. Paths
/// are those of items, relative to the collection's folder; a path with a comma stands in double
/// quotes, a quote in it twice. Throws `not_found`, `io`, and `corrupt` naming the line.
GivenLabels read_labels(const std::filesystem::path& file, const std::vector<std::string>& paths);

}  // namespace alike::cli

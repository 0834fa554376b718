// What a representation must beat: the pixels themselves.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"

namespace alike::cli {

/// Side of the squares that pictures are scaled to for their pixels.
inline constexpr int kPixelSide = 16;

/// The pixels of pictures, (paths, 3 · kPixelSide²): the centre square scaled down, as an encoder
/// would be given it. Throws what reading a picture throws, with its path, and `interrupted`.
Matrix pixel_rows(const std::filesystem::path& folder, const std::vector<std::string>& paths,
                  int threads, const Watcher& watcher);

/// Rows along their `count` principal components, or fewer where there are fewer.
Matrix principal_rows(MatrixView rows, std::size_t count, int threads);

}  // namespace alike::cli

// Baselines of a representation: the pixels themselves, and a network that has learnt nothing.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/base/progress.h"
#include "alike/encode/run/embedding.h"

namespace alike::judge {

/// Side of the squares that pictures are scaled to for their pixels.
inline constexpr int kPixelSide = 16;

/// The pixels of pictures, (paths, 3 · kPixelSide²): the centre square scaled down, as an encoder
/// would be given it. Throws errors of reading a picture, with its path, and `interrupted`.
Matrix pixel_rows(const std::filesystem::path& folder, const std::vector<std::string>& paths,
                  int threads, const Watcher& watcher);

/// The rows that `embedder` makes of pictures, (paths, width of the embedder). Throws as
/// `pixel_rows`.
Matrix embedded_rows(const std::filesystem::path& folder, const std::vector<std::string>& paths,
                     const encode::Embedder& embedder, int threads, const Watcher& watcher);

/// Milliseconds that a layer of an encoder takes for one decoded picture on one processor: the
/// median of a few runs.
double picture_ms(const encode::Package& package, const std::string& layer);

/// Rows along their `count` principal components, or fewer where there are fewer.
Matrix principal_rows(MatrixView rows, std::size_t count, int threads);

}  // namespace alike::judge

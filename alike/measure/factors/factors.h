// A set of pictures with known causes: drawn from factors, as dSprites (Matthey et al.
// 2017, github.com/google-deepmind/dsprites-dataset), with colour.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "alike/base/progress.h"
#include "alike/image/image.h"

namespace alike::measure {

/// The causes of each row: for each factor one of its values, which are numbered from 0.
struct FactorTable {
  std::vector<std::string> names;  ///< (factors)
  std::vector<int> values;         ///< (rows, factors), row by row.

  std::size_t factors() const { return names.size(); }
  std::size_t rows() const { return names.empty() ? 0 : values.size() / names.size(); }
  int at(std::size_t row, std::size_t factor) const { return values[row * factors() + factor]; }
  /// The values of one row.
  std::span<const int> row(std::size_t i) const {
    return std::span(values).subspan(i * factors(), factors());
  }
};

/// A factor of the drawn pictures.
struct Factor {
  const char* name;
  int values;  ///< How many it takes.
};

/// shape (square, ellipse, heart), scale (6, from half to full size), rotation (8 steps of 11.25
/// degrees, so that no shape turns into itself), x and y (8 places each), colour (red, yellow,
/// green, cyan, blue, magenta): 55,296 pictures in all.
std::span<const Factor> picture_factors() noexcept;

/// The factors of all pictures, the last factor changing first.
FactorTable all_pictures();
/// `count` of these without repetition, at random by `seed`, in the same order. Throws
/// `invalid_argument` for 0 or more than there are.
FactorTable some_pictures(std::size_t count, std::uint64_t seed);

/// The picture of one row of either, `size` pixels wide and high, edges antialiased (8 x 8 samples
/// a pixel), on black; the same bytes everywhere. Throws `invalid_argument` for values out of range
/// and a size outside 8 to 1024.
image::Image draw_picture(std::span<const int> values, int size = 64);

/// Draws all rows of `table` into `folder`, which must be empty or not there, as 00000.png, …, and
/// their values into `folder`/factors.csv, so that `alike index` can take the folder. Throws
/// `invalid_argument`, `io`; `interrupted` when stopped.
void write_pictures(const std::filesystem::path& folder, const FactorTable& table, int size = 64,
                    const Watcher& watcher = {});

/// A table with the picture of each row.
struct FactorFile {
  std::vector<std::string> paths;  ///< (rows) as written in the file.
  FactorTable table;
};

/// Reads the file of `write_pictures` and any other CSV of that form: a head "path,NAME,…",
/// then a line for each picture with its values, which may be any words without commas and quotes;
/// the words of a column are numbered in bytewise order, whole numbers by size. Throws `corrupt`
/// for lines of another length, a path twice, or no factor, naming the line; `not_found`, `io`.
FactorFile read_factors(const std::filesystem::path& file);

/// A table of the pictures that are there.
struct MatchedFactors {
  FactorTable table;                ///< (rows) in the order of `rows`.
  std::vector<std::uint32_t> rows;  ///< Places of the pictures that the file names, ascending.
  std::vector<std::string> absent;  ///< Paths that the file names and that are not there.
};

/// Finds the pictures of `file` among `paths`, which must be written as there; none twice.
MatchedFactors match_factors(const FactorFile& file, std::span<const std::string> paths);

}  // namespace alike::measure

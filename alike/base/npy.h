// Numpy's .npy files: how rows come in from and go out to other tools.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

#include "alike/base/matrix.h"

namespace alike {

/// Reads a two-dimensional float32, float64 or float16 little-endian array in C order as float32.
/// Throws `corrupt` for damage, `unsupported` for another type or order (said by name, with the
/// line of Python that converts it), `invalid_argument` for NaN or infinity with row and column.
Matrix read_npy(const std::filesystem::path& file);

/// Writes a .npy row by row, into FILE.new until `finish`: without it, an old file stays as it was.
/// One thread at a time.
class NpyWriter {
 public:
  /// `append` gives the rows.
  NpyWriter(const std::filesystem::path& file, std::size_t width);
  ~NpyWriter();
  /// Adds a row. Throws `invalid_argument` for another width, `io`.
  void append(std::span<const float> row);
  /// Writes the head with the true number of rows, syncs, and takes the name of `file`.
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Writes a (rows, width) int64 array, whole or not at all.
void write_npy(const std::filesystem::path& file, std::span<const std::int64_t> values,
               std::size_t width);

}  // namespace alike

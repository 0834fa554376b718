// The memory convention of the whole library: matrices are row-major float32, rows are compact.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

namespace alike {

/// A view of rows: (rows, width) float32, row-major, without gaps. Valid as long as the owner of
/// the rows; passed by value; used for arguments only.
struct MatrixView {
  const float* data = nullptr;
  std::size_t rows = 0;
  std::size_t width = 0;

  /// Row `i`, `width` numbers.
  std::span<const float> row(std::size_t i) const {
    assert(i < rows);
    return {data + i * width, width};
  }
};

/// An owned (rows, width) float32 matrix, row-major, without gaps.
class Matrix {
 public:
  Matrix() = default;
  Matrix(std::size_t rows, std::size_t width) : rows_(rows), width_(width), values_(rows * width) {}

  std::size_t rows() const { return rows_; }
  std::size_t width() const { return width_; }
  float* data() { return values_.data(); }
  const float* data() const { return values_.data(); }
  std::span<float> row(std::size_t i) { return {data() + i * width_, width_}; }
  std::span<const float> row(std::size_t i) const { return {data() + i * width_, width_}; }
  MatrixView view() const { return {data(), rows_, width_}; }
  operator MatrixView() const { return view(); }

 private:
  std::size_t rows_ = 0;
  std::size_t width_ = 0;
  std::vector<float> values_;
};

}  // namespace alike

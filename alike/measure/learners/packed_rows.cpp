#include "alike/measure/learners/packed_rows.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"

namespace alike::measure {
namespace {

constexpr std::size_t kLanes = index::kPanelQueries;
constexpr std::size_t kKeptBytes = std::size_t{768} << 20;
constexpr std::size_t kPieceRows = 4096;  // summed up together
constexpr std::size_t kTile = 16;         // columns that are packed together

/// Sums over rows of (x − center) and its square, column by column.
struct Sums {
  std::vector<double> first, second;
};

Sums sums_of(MatrixView rows, std::span<const std::uint32_t> which,
             const std::vector<double>& center, int threads) {
  const std::size_t pieces = (which.size() + kPieceRows - 1) / kPieceRows;
  std::vector<Sums> of_piece(pieces);
  parallel_for(pieces, 1, threads, [&](std::size_t piece, std::size_t) {
    Sums& sums = of_piece[piece];
    sums.first.resize(rows.width);
    sums.second.resize(rows.width);
    const std::size_t end = std::min(which.size(), (piece + 1) * kPieceRows);
    for (std::size_t i = piece * kPieceRows; i < end; ++i) {
      const float* row = rows.row(which[i]).data();
      for (std::size_t j = 0; j < rows.width; ++j) {
        const double value = double{row[j]} - center[j];
        sums.first[j] += value;
        sums.second[j] += value * value;
      }
    }
  });
  Sums all{std::vector<double>(rows.width), std::vector<double>(rows.width)};
  for (const Sums& sums : of_piece) {
    for (std::size_t j = 0; j < rows.width; ++j) {
      all.first[j] += sums.first[j];
      all.second[j] += sums.second[j];
    }
  }
  return all;
}

void check(MatrixView rows, std::span<const std::uint32_t> which) {
  if (which.empty()) {
    throw Error(ErrorCode::invalid_argument, "there are no rows for a probe; give at least one");
  }
  for (const std::uint32_t place : which) {
    const auto row = rows.row(place);
    if (std::ranges::all_of(row, [](float value) { return std::isfinite(value); })) continue;
    throw Error(ErrorCode::invalid_argument,
                "row " + std::to_string(place) + " holds NaN or infinity; a probe needs numbers");
  }
}

}  // namespace

Standard standard_of(MatrixView rows, std::span<const std::uint32_t> which, int threads) {
  check(rows, which);
  const auto count = static_cast<double>(which.size());
  std::vector<double> center(rows.width);
  const Sums about_zero = sums_of(rows, which, center, threads);
  for (std::size_t j = 0; j < rows.width; ++j) center[j] = about_zero.first[j] / count;
  const Sums sums = sums_of(rows, which, center, threads);
  Standard standard;
  for (std::size_t j = 0; j < rows.width; ++j) {
    const double deviation = std::sqrt(sums.second[j] / count);
    const bool constant = !(deviation > 1e-7 * std::abs(center[j])) || deviation < 1e-30;
    standard.constant += constant ? 1U : 0U;
    standard.mean.push_back(static_cast<float>(center[j]));
    standard.scale.push_back(constant ? 0 : static_cast<float>(1 / deviation));
  }
  return standard;
}

PackedRows::PackedRows(MatrixView rows, std::vector<std::uint32_t> which, const Standard& standard,
                       int threads)
    : rows_(rows), which_(std::move(which)), standard_(standard) {
  check(rows_, which_);
  const std::size_t each = width() * kLanes;
  if (panels() * each * sizeof(float) > kKeptBytes) return;
  kept_.resize(panels() * each);
  parallel_for(panels(), 8, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t p = begin; p < end; ++p) pack(p, kept_.data() + p * each);
  });
}

std::size_t PackedRows::panel_rows(std::size_t p) const {
  return std::min(kLanes, rows() - p * kLanes);
}

const float* PackedRows::panel(std::size_t p, std::vector<float>& scratch) const {
  const std::size_t each = width() * kLanes;
  if (!kept_.empty()) return kept_.data() + p * each;
  scratch.resize(each);
  pack(p, scratch.data());
  return scratch.data();
}

void PackedRows::pack(std::size_t p, float* out) const {
  const std::size_t count = panel_rows(p);
  if (count < kLanes) std::fill_n(out, width() * kLanes, 0.0F);
  for (std::size_t first = 0; first < width(); first += kTile) {
    const std::size_t end = std::min(width(), first + kTile);
    for (std::size_t i = 0; i < count; ++i) {
      const float* row = rows_.row(which_[p * kLanes + i]).data();
      for (std::size_t j = first; j < end; ++j) {
        out[j * kLanes + i] = (row[j] - standard_.mean[j]) * standard_.scale[j];
      }
    }
  }
}

}  // namespace alike::measure

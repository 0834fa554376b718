#include "alike/draw/sheet.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/human.h"
#include "alike/base/parallel.h"
#include "alike/draw/lettering.h"
#include "alike/image/isolated/picture_decoder.h"

namespace alike::draw {
namespace {

constexpr int kPicture = 176;  ///< Side of the square a picture is fitted into.
constexpr int kGap = 14;
constexpr int kLetters = 13;
constexpr int kLine = 17;  ///< From one base line to the next.
constexpr int kCell = kPicture + 2 * kLine + kGap;
constexpr Color kPaper{255, 255, 255};
constexpr Color kInk{34, 34, 34};
constexpr Color kPale{140, 140, 140};
constexpr Color kRule{205, 205, 205};
constexpr int kPaleness = 40;  ///< Percent that is left of a picture below the line.

void fill(image::Image& image, int left, int top, int width, int height, const Color& color) {
  for (int y = top; y < top + height; ++y) {
    for (int x = left; x < left + width; ++x) {
      std::ranges::copy(color,
                        image.rgb.begin() + 3 * (static_cast<std::ptrdiff_t>(y) * image.width + x));
    }
  }
}

void paste(image::Image& image, const image::Image& picture, int left, int top, bool pale) {
  for (int y = 0; y < picture.height; ++y) {
    const std::ptrdiff_t from = std::ptrdiff_t{3} * picture.width * y;
    const std::ptrdiff_t to = 3 * (std::ptrdiff_t{top + y} * image.width + left);
    for (int i = 0; i < 3 * picture.width; ++i) {
      const int value = *(picture.rgb.begin() + from + i);
      const int shown = pale ? 255 - (255 - value) * kPaleness / 100 : value;
      *(image.rgb.begin() + to + i) = static_cast<std::uint8_t>(shown);
    }
  }
}

void draw(image::Image& sheet, Lettering& letters, const Cell& cell, const image::Image& picture,
          int left, int top) {
  if (picture.width == 0) {
    fill(sheet, left, top, kPicture, kPicture, kRule);
    letters.write(sheet, left + kGap, top + kPicture / 2, kPicture - 2 * kGap, "cannot be read",
                  kInk);
  } else {
    paste(sheet, picture, left + (kPicture - picture.width) / 2,
          top + (kPicture - picture.height) / 2, !cell.relevant);
  }
  int base = top + kPicture + kLine;
  for (const auto& line : cell.caption) {
    letters.write(sheet, left, base, kPicture, line, cell.relevant ? kInk : kPale);
    base += kLine;
  }
}

}  // namespace

image::Image thumbnail(const std::filesystem::path& file, int width, int height) {
  try {
    return image::picture_decoder().thumbnail(read_file(file, image::kMaxFileBytes), width, height);
  } catch (const Error&) {
    return {};
  }
}

std::vector<image::Image> thumbnails(const std::vector<Cell>& cells, int width, int height,
                                     int threads) {
  std::vector<image::Image> pictures(cells.size());
  parallel_for(cells.size(), 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) pictures[i] = thumbnail(cells[i].file, width, height);
  });
  return pictures;
}

image::Image contact_sheet(const std::vector<Cell>& queries, const std::vector<Cell>& results,
                           const SheetOptions& options) {
  const std::size_t cells = queries.size() + results.size();
  if (cells > kMostCells) {
    throw Error(ErrorCode::invalid_argument,
                "a sheet of " + human_count(cells) + " pictures is too large, at most " +
                    human_count(kMostCells) + " fit; ask for fewer with -k");
  }
  const int most = static_cast<int>(std::max(queries.size(), results.size()));
  const int least = options.remark.empty() ? 1 : 2;  // a remark needs room
  const int wide = std::clamp(most, least, std::max(least, options.columns));
  const auto rows_for = [&](std::size_t count) {
    return (static_cast<int>(count) + wide - 1) / wide;
  };
  const int remark = options.remark.empty() ? 0 : kLine + kGap;
  image::Image sheet;
  sheet.width = kGap + wide * (kPicture + kGap);
  sheet.height =
      kGap + (rows_for(queries.size()) + rows_for(results.size())) * kCell + 2 * kGap + remark;
  sheet.rgb.resize(3 * static_cast<std::size_t>(sheet.width) *
                   static_cast<std::size_t>(sheet.height));
  fill(sheet, 0, 0, sheet.width, sheet.height, kPaper);

  Lettering letters(kLetters);
  int top = kGap;
  const auto draw_all = [&](const std::vector<Cell>& some) {
    const auto pictures = thumbnails(some, kPicture, kPicture, options.threads);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const int column = static_cast<int>(i) % wide;
      const int row = static_cast<int>(i) / wide;
      draw(sheet, letters, some[i], pictures[i], kGap + column * (kPicture + kGap),
           top + row * kCell);
    }
    top += rows_for(some.size()) * kCell;
  };
  draw_all(queries);
  fill(sheet, kGap, top, sheet.width - 2 * kGap, 1, kRule);
  if (remark > 0) {
    letters.write(sheet, kGap, top + kLine + kGap / 2, sheet.width - 2 * kGap, options.remark,
                  kInk);
  }
  top += kGap + remark;
  draw_all(results);
  return sheet;
}

}  // namespace alike::draw

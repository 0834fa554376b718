#include "alike/image/codecs/gif.h"

#include <gif_lib.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <string>

#include "alike/base/error.h"

namespace alike::image {
namespace {

struct Close {
  void operator()(GifFileType* file) const { DGifCloseFile(file, nullptr); }
};
using Reader = std::unique_ptr<GifFileType, Close>;

[[noreturn]] void throw_damage(int code) {
  const char* text = GifErrorString(code);
  throw Error(ErrorCode::corrupt, std::string("the GIF is damaged or cut short") +
                                      (text ? std::string(": ") + text : "") +
                                      "; copy it again from its source");
}

int feed(GifFileType* file, GifByteType* to, int size) {
  Bytes& rest = *static_cast<Bytes*>(file->UserData);
  const std::size_t count = std::min(rest.size(), static_cast<std::size_t>(std::max(size, 0)));
  if (count > 0) std::memcpy(to, rest.data(), count);
  rest = rest.subspan(count);
  return static_cast<int>(count);
}

/// `rest` is read on from as long as the reader lives.
Reader open(Bytes& rest) {
  int code = 0;
  Reader file(DGifOpen(&rest, feed, &code));
  if (!file) throw_damage(code);
  return file;
}

constexpr int kNone = -1;

/// Passes over one extension; returns the transparent index where it says one, else `index`.
int pass_extension(GifFileType& file, int index) {
  int kind = 0;
  GifByteType* block = nullptr;
  if (DGifGetExtension(&file, &kind, &block) == GIF_ERROR) throw_damage(file.Error);
  while (block) {
    GraphicsControlBlock control{};
    if (kind == GRAPHICS_EXT_FUNC_CODE &&
        DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK) {
      index = control.TransparentColor == NO_TRANSPARENT_COLOR ? kNone : control.TransparentColor;
    }
    if (DGifGetExtensionNext(&file, &block) == GIF_ERROR) throw_damage(file.Error);
  }
  return index;
}

/// Goes to the pixels of the first frame, whose place is then in file.Image; returns the index that
/// is transparent there, or `kNone`.
int go_to_frame(GifFileType& file) {
  int transparent = kNone;
  for (;;) {
    GifRecordType kind = UNDEFINED_RECORD_TYPE;
    if (DGifGetRecordType(&file, &kind) == GIF_ERROR) throw_damage(file.Error);
    if (kind == TERMINATE_RECORD_TYPE) throw_damage(D_GIF_ERR_NO_IMAG_DSCR);
    if (kind == EXTENSION_RECORD_TYPE) transparent = pass_extension(file, transparent);
    if (kind != IMAGE_DESC_RECORD_TYPE) continue;
    if (DGifGetImageDesc(&file) == GIF_ERROR) throw_damage(file.Error);
    return transparent;
  }
}

using Palette = std::array<std::uint8_t, 4 * 256>;

/// Red, green, blue and alpha of each index. Without a list of colours, an index is a grey level.
Palette palette_of(const GifFileType& file, int transparent) {
  Palette palette{};
  for (std::size_t i = 0; i < 256; ++i) {
    std::fill_n(palette.begin() + static_cast<std::ptrdiff_t>(4 * i), 3,
                static_cast<std::uint8_t>(i));
    palette[4 * i + 3] = static_cast<int>(i) == transparent ? 0 : 255;
  }
  const ColorMapObject* colors = file.Image.ColorMap ? file.Image.ColorMap : file.SColorMap;
  for (int i = 0; colors && i < std::min(colors->ColorCount, 256); ++i) {
    const GifColorType& color = colors->Colors[i];
    std::uint8_t* to = palette.data() + std::ptrdiff_t{4} * i;
    to[0] = color.Red, to[1] = color.Green, to[2] = color.Blue;
  }
  return palette;
}

/// The row of the frame that is `n`-th in the file.
int place_of_row(int n, int height, bool interlaced) {
  constexpr std::array<std::array<int, 2>, 4> kPasses{{{0, 8}, {4, 8}, {2, 4}, {1, 2}}};
  if (!interlaced) return n;
  for (const auto& [first, step] : kPasses) {
    const int rows = height > first ? (height - first + step - 1) / step : 0;
    if (n < rows) return first + n * step;
    n -= rows;
  }
  return height;
}

/// Puts the window's part of one row of the frame on it.
void put_row(const GifImageDesc& frame, int row, const std::vector<GifByteType>& line,
             const Palette& palette, const Window& window, Image& pixels) {
  const int y = frame.Top + row - window.y;
  if (y < 0 || y >= window.height) return;
  const int left = std::max(window.x, frame.Left);
  const int right = std::min(window.x + window.width, frame.Left + frame.Width);
  std::uint8_t* to = pixels.rgb.data() + 3 * (std::ptrdiff_t{pixels.width} * y + left - window.x);
  for (int x = left; x < right; ++x, to += 3) {
    const std::size_t index = line[static_cast<std::size_t>(x - frame.Left)];
    put_on_white(palette.data() + 4 * index, 1, to);
  }
}

}  // namespace

Claim gif_claim(Bytes bytes, const Limits&) {
  const Reader file = open(bytes);
  go_to_frame(*file);
  const GifImageDesc& frame = file->Image;
  if (frame.Width <= 0 || frame.Height <= 0) throw_damage(D_GIF_ERR_NO_IMAG_DSCR);
  Claim claim;
  claim.held = true;
  claim.width = std::max(file->SWidth, frame.Left + frame.Width);
  claim.height = std::max(file->SHeight, frame.Top + frame.Height);
  return claim;
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): as the table of codecs has it
Raster decode_gif(Bytes bytes, Claim claim, const Wanted& wanted, const Limits&) {
  const Reader file = open(bytes);
  const int transparent = go_to_frame(*file);
  const GifImageDesc& frame = file->Image;
  const Palette colors = palette_of(*file, transparent);
  const Window window =
      cover(wanted.box, static_cast<int>(claim.width), static_cast<int>(claim.height));
  Raster raster;
  raster.box = within(wanted.box, window);
  raster.pixels = Image{window.width, window.height, {}};
  raster.pixels.rgb.assign(std::size_t{3} * static_cast<std::size_t>(window.width) *
                               static_cast<std::size_t>(window.height),
                           255);
  std::vector<GifByteType> line(static_cast<std::size_t>(frame.Width));
  for (int n = 0; n < frame.Height; ++n) {
    if (DGifGetLine(file.get(), line.data(), frame.Width) == GIF_ERROR) throw_damage(file->Error);
    put_row(frame, place_of_row(n, frame.Height, frame.Interlace), line, colors, window,
            raster.pixels);
  }
  return raster;
}

}  // namespace alike::image

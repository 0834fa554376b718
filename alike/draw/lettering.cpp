#include "alike/draw/lettering.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <vector>

#include "alike/base/error.h"
#include "alike/base/text.h"

// The font file, which cmake/Font.cmake puts into the program.
extern "C" const unsigned char _binary_DejaVuSansCondensed_ttf_start[];
extern "C" const unsigned char _binary_DejaVuSansCondensed_ttf_end[];

namespace alike::draw {
namespace {

constexpr char32_t kEllipsis = 0x2026;

/// The characters of valid UTF-8.
std::vector<char32_t> characters(const std::string& text) {
  std::vector<char32_t> result;
  for (const char each : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(each);
    if ((byte & 0xC0U) == 0x80U) {
      result.back() = (result.back() << 6) | (byte & 0x3FU);
    } else {
      result.push_back(byte < 0x80U   ? byte
                       : byte < 0xE0U ? byte & 0x1FU
                       : byte < 0xF0U ? byte & 0x0FU
                                      : byte & 0x07U);
    }
  }
  return result;
}

}  // namespace

struct Lettering::State {
  FT_Library library = nullptr;
  FT_Face face = nullptr;

  ~State() {
    FT_Done_Face(face);
    FT_Done_FreeType(library);
  }

  /// Width in pixels; a letter the font lacks counts as its "missing" box.
  int advance(char32_t letter) {
    if (FT_Load_Char(face, letter, FT_LOAD_DEFAULT) != 0) return 0;
    return static_cast<int>(face->glyph->advance.x >> 6);
  }

  int width(const std::vector<char32_t>& letters) {
    int width = 0;
    for (const auto letter : letters) width += advance(letter);
    return width;
  }

  /// Cuts `letters` to `width` pixels, with an ellipsis at the end; says how many are left of them.
  std::size_t fit(std::vector<char32_t>& letters, int width) {
    if (this->width(letters) <= width) return letters.size();
    const int room = width - advance(kEllipsis);
    while (!letters.empty() && this->width(letters) > room) letters.pop_back();
    letters.push_back(kEllipsis);
    return letters.size() - 1;
  }

  void draw(image::Image& image, int left, int base, char32_t letter, const Color& color) {
    if (FT_Load_Char(face, letter, FT_LOAD_RENDER) != 0) return;
    const FT_Bitmap& bitmap = face->glyph->bitmap;
    for (int row = 0; row < static_cast<int>(bitmap.rows); ++row) {
      for (int column = 0; column < static_cast<int>(bitmap.width); ++column) {
        const int x = left + face->glyph->bitmap_left + column;
        const int y = base - face->glyph->bitmap_top + row;
        if (x < 0 || y < 0 || x >= image.width || y >= image.height) continue;
        const int cover = bitmap.buffer[row * bitmap.pitch + column];
        auto* pixel = image.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * image.width + x);
        for (std::size_t c = 0; c < 3; ++c) {
          pixel[c] = static_cast<std::uint8_t>((pixel[c] * (255 - cover) + color[c] * cover) / 255);
        }
      }
    }
  }
};

Lettering::Lettering(int size) : state_(std::make_unique<State>()) {
  const auto* begin = _binary_DejaVuSansCondensed_ttf_start;
  const auto* end = _binary_DejaVuSansCondensed_ttf_end;
  if (FT_Init_FreeType(&state_->library) != 0 ||
      FT_New_Memory_Face(state_->library, begin, end - begin, 0, &state_->face) != 0 ||
      FT_Set_Pixel_Sizes(state_->face, 0, static_cast<FT_UInt>(size)) != 0) {
    throw Error(ErrorCode::io, "the font in the program cannot be used");
  }
}

Lettering::~Lettering() = default;

void Lettering::write(image::Image& image, int x, int y, int width, const std::string& text,
                      const Color& color) {
  auto letters = characters(text);
  state_->fit(letters, width);
  for (const auto letter : letters) {
    state_->draw(image, x, y, letter, color);
    x += state_->advance(letter);
  }
}

int Lettering::width(const std::string& text) { return state_->width(characters(text)); }

std::string Lettering::fitted(const std::string& text, int width) {
  auto letters = characters(text);
  const std::size_t all = letters.size(), kept = state_->fit(letters, width);
  std::string valid = valid_utf8(text);
  if (kept == all) return valid;
  std::size_t end = 0;
  for (std::size_t seen = 0; end < valid.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(valid[end]) & 0xC0U) != 0x80U;
    if (begins && seen++ == kept) break;
  }
  return valid.substr(0, end) + "…";
}

}  // namespace alike::draw

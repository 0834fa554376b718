// Writing on pictures, in the one font that the program carries with it (DejaVu Sans Condensed).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "alike/image/image.h"

namespace alike::draw {

using Color = std::array<std::uint8_t, 3>;

/// Letters of one size. One thread at a time.
class Lettering {
 public:
  /// `size`: height of a line, pixels.
  explicit Lettering(int size);
  ~Lettering();

  /// Writes `text`, UTF-8, from (x, y), the left end of its base line; text wider than `width`
  /// pixels ends in "…". Parts outside the image are left out.
  void write(image::Image& image, int x, int y, int width, const std::string& text,
             const Color& color);

  /// Pixels that `text` takes.
  int width(const std::string& text);
  /// `text`, or its beginning and "…" where it is wider than `width` pixels; valid UTF-8.
  std::string fitted(const std::string& text, int width);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::draw

#include "alike/image/orientation.h"

#include <cstddef>
#include <utility>

namespace alike::image {
namespace {

bool mirrors_x(int orientation) {
  return orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
}

bool mirrors_y(int orientation) {
  return orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
}

Box swapped(const Box& box) { return {box.y, box.x, box.height, box.width}; }

Box mirrored(Box box, int width, int height, int orientation) {
  if (mirrors_x(orientation)) box.x = width - box.x - box.width;
  if (mirrors_y(orientation)) box.y = height - box.y - box.height;
  return box;
}

}  // namespace

bool swaps_sides(int orientation) noexcept { return orientation >= 5; }

Image upright(Image stored, int orientation) {
  if (orientation == 1) return stored;
  const bool swap = swaps_sides(orientation);
  Image turned{swap ? stored.height : stored.width, swap ? stored.width : stored.height,
               std::vector<std::uint8_t>(stored.rgb.size())};
  const std::ptrdiff_t row = std::ptrdiff_t{3} * stored.width;
  const std::ptrdiff_t step_x = mirrors_x(orientation) ? -3 : 3;
  const std::ptrdiff_t step_y = mirrors_y(orientation) ? -row : row;
  const std::ptrdiff_t first = (mirrors_x(orientation) ? row - 3 : 0) +
                               (mirrors_y(orientation) ? row * (stored.height - 1) : 0);
  const std::ptrdiff_t along = swap ? step_y : step_x;
  const std::ptrdiff_t down = swap ? step_x : step_y;
  std::uint8_t* to = turned.rgb.data();
  for (int y = 0; y < turned.height; ++y) {
    std::ptrdiff_t from = first + y * down;
    for (int x = 0; x < turned.width; ++x, from += along, to += 3) {
      const std::uint8_t* pixel = stored.rgb.data() + from;
      to[0] = pixel[0];
      to[1] = pixel[1];
      to[2] = pixel[2];
    }
  }
  return turned;
}

Box to_stored(const Box& box, int width, int height, int orientation) {
  return mirrored(swaps_sides(orientation) ? swapped(box) : box, width, height, orientation);
}

Box to_upright(const Box& box, int width, int height, int orientation) {
  const Box mirror = mirrored(box, width, height, orientation);
  return swaps_sides(orientation) ? swapped(mirror) : mirror;
}

}  // namespace alike::image

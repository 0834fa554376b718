// Maps as pixels.
#include <algorithm>
#include <cmath>

#include "alike/draw/plot_canvas.h"

namespace alike::draw {
namespace {

constexpr int kParts = 4;  // of a pixel, each way: the grid of places for marks, and of samples
constexpr double kRim = 1;
constexpr double kRimmed = 3;  // the least radius with a rim

/// Whether (x, y) is inside the polygon, by the even-odd rule.
bool inside(const std::vector<std::pair<double, double>>& corners, double x, double y) {
  bool in = false;
  for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
    const auto& [xi, yi] = corners[i];
    const auto& [xj, yj] = corners[j];
    if ((yi > y) != (yj > y) && x < xi + (xj - xi) * (y - yi) / (yj - yi)) in = !in;
  }
  return in;
}

/// How much of [0, 1) from `low` to `high` covers pixel `i`.
double covered(double low, double high, int i) {
  return std::max(0.0, std::min(high, i + 1.0) - std::max(low, static_cast<double>(i)));
}

}  // namespace

PixelCanvas::PixelCanvas(int width, int height, const Color& paper)
    : Canvas(width, height, paper), image_{width, height, {}} {
  const auto pixels = static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  image_.rgb.resize(3 * pixels);
  for (std::size_t i = 0; i < image_.rgb.size(); ++i) image_.rgb[i] = paper[i % 3];
}

void PixelCanvas::blend(int x, int y, int cover, const Color& color) {
  if (x < 0 || y < 0 || x >= image_.width || y >= image_.height) return;
  auto* pixel = image_.rgb.data() + 3 * (static_cast<std::ptrdiff_t>(y) * image_.width + x);
  for (std::size_t c = 0; c < 3; ++c) {
    pixel[c] = static_cast<std::uint8_t>((pixel[c] * (255 - cover) + color[c] * cover + 127) / 255);
  }
}

void PixelCanvas::rectangle(const Rectangle& where, const Color& color) {
  const int top = std::max(0, static_cast<int>(std::floor(where.top)));
  const int left = std::max(0, static_cast<int>(std::floor(where.left)));
  for (int y = top; y < std::min<double>(where.bottom(), height()); ++y) {
    for (int x = left; x < std::min<double>(where.right(), width()); ++x) {
      const double part =
          covered(where.left, where.right(), x) * covered(where.top, where.bottom(), y);
      blend(x, y, static_cast<int>(std::lround(255 * part)), color);
    }
  }
}

void PixelCanvas::line(double x1, double y1, double x2, double y2, double thickness,
                       const Color& color) {
  const double dx = x2 - x1, dy = y2 - y1, squared = dx * dx + dy * dy;
  const double reach = thickness / 2 + 1;
  const auto from_y = static_cast<int>(std::floor(std::min(y1, y2) - reach));
  const auto from_x = static_cast<int>(std::floor(std::min(x1, x2) - reach));
  for (int y = from_y; y <= std::max(y1, y2) + reach; ++y) {
    for (int x = from_x; x <= std::max(x1, x2) + reach; ++x) {
      const double px = x + 0.5 - x1, py = y + 0.5 - y1;
      const double along = squared > 0 ? std::clamp((px * dx + py * dy) / squared, 0.0, 1.0) : 0;
      const double away = std::hypot(px - along * dx, py - along * dy);
      const double part = std::clamp(thickness / 2 + 0.5 - away, 0.0, 1.0);
      blend(x, y, static_cast<int>(std::lround(255 * part)), color);
    }
  }
}

void PixelCanvas::stamp(Mark mark, double x, double y, double radius, const Color& color) {
  const auto column = static_cast<int>(std::floor(x)), row = static_cast<int>(std::floor(y));
  const auto part_x = static_cast<int>((x - column) * kParts);
  const auto part_y = static_cast<int>((y - row) * kParts);
  Stamp& stamp = stamps_[{mark, radius, part_x, part_y}];
  const int reach = stamp.side > 0 ? stamp.side / 2 : static_cast<int>(std::ceil(1.5 * radius)) + 1;
  if (stamp.side == 0) {
    stamp.side = 2 * reach + 1;
    const double step = 1.0 / kParts;
    for (int i = 0; i < stamp.side * stamp.side; ++i) {
      const int pixel_x = i % stamp.side - reach, pixel_y = i / stamp.side - reach;
      int hits = 0;
      for (int s = 0; s < kParts * kParts; ++s) {
        const int step_x = s % kParts - part_x, step_y = s / kParts - part_y;
        const double sx = pixel_x + step_x * step, sy = pixel_y + step_y * step;
        hits += inside(corners_of(mark), sx / radius, sy / radius) ? 1 : 0;
      }
      stamp.cover.push_back(static_cast<std::uint8_t>(255 * hits / (kParts * kParts)));
    }
  }
  for (int i = 0; i < stamp.side * stamp.side; ++i) {
    const int cover = stamp.cover[static_cast<std::size_t>(i)];
    if (cover == 0) continue;
    blend(column + i % stamp.side - reach, row + i / stamp.side - reach, cover, color);
  }
}

void PixelCanvas::mark(const Style& style, double x, double y, double radius) {
  if (radius >= kRimmed) stamp(style.mark, x, y, radius + kRim, paper());
  stamp(style.mark, x, y, radius, style.color);
}

void PixelCanvas::picture(const image::Image& picture, double left, double top) {
  const auto column = static_cast<int>(std::lround(left)), row = static_cast<int>(std::lround(top));
  const std::uint8_t* pixel = picture.rgb.data();
  for (int y = 0; y < picture.height; ++y) {
    for (int x = 0; x < picture.width; ++x, pixel += 3) {
      blend(column + x, row + y, 255, {pixel[0], pixel[1], pixel[2]});
    }
  }
}

void PixelCanvas::write_fitted(const std::string& text, const Writing& how) {
  Lettering& lettering = letters(how.size);
  const int width = lettering.width(text);
  const double part = how.anchor == Anchor::start ? 0 : how.anchor == Anchor::middle ? 0.5 : 1;
  const auto x = static_cast<int>(std::lround(how.x - part * width));
  const auto y = static_cast<int>(std::lround(how.y));
  for (int i = 0; how.halo && i < 49; ++i) {
    lettering.write(image_, x + i % 7 - 3, y + i / 7 - 3, width, text, paper());
  }
  lettering.write(image_, x, y, width, text, how.color);
}

}  // namespace alike::draw

#include "alike/draw/plot_style.h"

#include <cmath>
#include <numbers>

namespace alike::draw {
namespace {

using Corners = std::vector<std::pair<double, double>>;

constexpr int kCircleCorners = 48;

Corners regular(int count, double radius, double first_angle) {
  Corners corners;
  for (int i = 0; i < count; ++i) {
    const double angle = (first_angle + 360.0 * i / count) * std::numbers::pi / 180;
    corners.emplace_back(radius * std::cos(angle), radius * std::sin(angle));
  }
  return corners;
}

/// Two bars across each other, turned by `degrees`.
Corners bars(double length, double half_width, double degrees) {
  const double a = length, b = half_width;
  const Corners upright{{b, -a}, {b, -b}, {a, -b}, {a, b},   {b, b},   {b, a},
                        {-b, a}, {-b, b}, {-a, b}, {-a, -b}, {-b, -b}, {-b, -a}};
  const double c = std::cos(degrees * std::numbers::pi / 180);
  const double s = std::sin(degrees * std::numbers::pi / 180);
  Corners corners;
  for (const auto& [x, y] : upright) corners.emplace_back(c * x - s * y, s * x + c * y);
  return corners;
}

}  // namespace

const std::vector<std::pair<double, double>>& corners_of(Mark mark) {
  static const std::vector<Corners> all{regular(kCircleCorners, 1, 0),
                                        regular(4, 1.25, 45),
                                        regular(3, 1.45, -90),
                                        regular(4, 1.3, 0),
                                        bars(1.3, 0.42, 45),
                                        regular(3, 1.45, 90),
                                        bars(1.3, 0.42, 0)};
  return all[static_cast<std::size_t>(mark)];
}

Style Theme::style(std::size_t i) const {
  return {palette[i % palette.size()], static_cast<Mark>(i % kMarks)};
}

const Theme& theme(bool dark) {
  static const Theme light{{255, 255, 255},
                           {34, 34, 34},
                           {105, 105, 105},
                           {221, 221, 221},
                           {170, 170, 170},
                           {{0, 114, 178},  // Okabe and Ito
                            {213, 94, 0},
                            {0, 158, 115},
                            {204, 121, 167},
                            {230, 159, 0},
                            {86, 180, 233},
                            {0, 0, 0},
                            {136, 34, 85},  // Tol
                            {153, 153, 51},
                            {51, 34, 136}}};
  static const Theme night{{22, 24, 28},
                           {228, 228, 228},
                           {160, 164, 170},
                           {56, 60, 66},
                           {96, 100, 106},
                           {{0, 114, 178},  // Okabe and Ito
                            {213, 94, 0},
                            {0, 158, 115},
                            {204, 121, 167},
                            {230, 159, 0},
                            {86, 180, 233},
                            {255, 255, 255},
                            {240, 228, 66},
                            {204, 102, 119},  // Tol
                            {136, 204, 238}}};
  return dark ? night : light;
}

}  // namespace alike::draw

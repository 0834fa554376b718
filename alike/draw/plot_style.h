// Colours and shapes of the points of a map.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "alike/draw/lettering.h"

namespace alike::draw {

/// The shape of a point: a second cue beside its colour.
enum class Mark { circle, square, triangle, diamond, cross, down, plus };
inline constexpr std::size_t kMarks = 7;

/// Corners of `mark` in turn, for radius 1 about (0, 0), y downwards. All marks have about the area
/// of the circle, but for the thin ones.
const std::vector<std::pair<double, double>>& corners_of(Mark mark);

/// How one group is drawn.
struct Style {
  Color color{};
  Mark mark = Mark::circle;
};

/// Colours of one drawing.
struct Theme {
  Color paper, ink, pale, rule;
  Color none;                  ///< Points of no group, and of groups beyond the most shown.
  std::vector<Color> palette;  ///< 10, tellable apart with the common kinds of colour blindness.

  /// Of the group shown in place `i`: 70 pairs of colour and shape before one comes again.
  Style style(std::size_t i) const;
};

/// Okabe and Ito, "Color Universal Design" (2008), as far as their colours show on the ground, then
/// Tol, "Colour Schemes" (2021), muted.
const Theme& theme(bool dark);

}  // namespace alike::draw

#include "alike/draw/plot_parts.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/human.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/draw/sheet.h"

namespace alike::draw {
namespace {

constexpr int kLeast = 300, kMost = 8000;  // pixels of a drawing's side
constexpr double kUsualWidth = 1200;
constexpr double kLegendShare = 0.3;  // of the width, at most
constexpr int kLabelTries = 9;

bool overlap(const Rectangle& a, const Rectangle& b) {
  return a.left < b.right() && b.left < a.right() && a.top < b.bottom() && b.top < a.bottom();
}

}  // namespace

Measure::Measure(int width)
    : letters(std::max(11, static_cast<int>(18 * width / kUsualWidth))),
      title(letters * 13 / 10),
      line(1.45 * letters),
      margin(1.3 * letters) {}

Legend legend_of(const Plot& plot, std::size_t most) {
  Legend legend;
  if (plot.group.empty()) return legend;
  const Theme& colors = theme(plot.dark);
  std::vector<std::uint64_t> counts(plot.groups.size());
  std::uint64_t none = 0;
  for (const auto group : plot.group) ++(group == kNoGroup ? none : counts[group]);

  std::vector<std::uint32_t> by_count(counts.size());
  std::iota(by_count.begin(), by_count.end(), 0U);
  std::ranges::stable_sort(by_count, [&](auto a, auto b) { return counts[a] > counts[b]; });
  by_count.resize(std::min(by_count.size(), most));
  std::ranges::sort(by_count);

  std::vector<std::uint32_t> place(counts.size(), kNoGroup);
  for (const auto group : by_count) {
    place[group] = static_cast<std::uint32_t>(legend.entries.size());
    legend.entries.push_back(
        {plot.groups[group], counts[group], colors.style(legend.entries.size())});
  }
  const std::uint64_t shown = std::accumulate(
      legend.entries.begin(), legend.entries.end(), std::uint64_t{0},
      [](std::uint64_t sum, const LegendEntry& entry) { return sum + entry.count; });
  const auto others = static_cast<std::uint32_t>(legend.entries.size());
  if (place.size() > by_count.size()) {
    legend.entries.push_back({human_count(place.size() - by_count.size()) + " others",
                              plot.group.size() - none - shown,
                              {colors.none, Mark::square}});
  }
  const auto without = static_cast<std::uint32_t>(legend.entries.size());
  if (none > 0) legend.entries.push_back({plot.none, none, {colors.none, Mark::circle}});
  for (const auto group : plot.group) {
    legend.places.push_back(group == kNoGroup          ? without
                            : place[group] == kNoGroup ? others
                                                       : place[group]);
  }
  return legend;
}

MapScale::MapScale(MatrixView points, const Rectangle& area) {
  double most_x = 0, most_y = 0;
  for (std::size_t i = 0; i < points.rows; ++i) {
    const double px = points.row(i)[0], py = points.row(i)[1];
    least_x_ = i == 0 ? px : std::min(least_x_, px);
    least_y_ = i == 0 ? py : std::min(least_y_, py);
    most_x = i == 0 ? px : std::max(most_x, px);
    most_y = i == 0 ? py : std::max(most_y, py);
  }
  const double wide = most_x - least_x_, high = most_y - least_y_;
  scale_ =
      std::min(wide > 0 ? area.width / wide : INFINITY, high > 0 ? area.height / high : INFINITY);
  if (!std::isfinite(scale_)) scale_ = 1;
  left_ = area.left + (area.width - wide * scale_) / 2;
  bottom_ = area.bottom() - (area.height - high * scale_) / 2;
}

double point_radius(std::size_t count, double area) {
  const double usual = std::pow(static_cast<double>(std::max<std::size_t>(count, 1)), -0.21) * 17;
  return std::clamp(usual * std::sqrt(area / (900.0 * 750)), 0.8, 7.0);
}

Rectangle inside_frame(const Measure& measure, int width, int height, const std::string& title,
                       std::size_t remarks) {
  const double top = measure.margin + (title.empty() ? 0 : 1.6 * measure.title);
  const double foot = remarks == 0 ? 0 : static_cast<double>(remarks) * measure.line;
  const double bottom = height - measure.margin - foot;
  return {measure.margin, top, width - 2 * measure.margin, std::max(1.0, bottom - top)};
}

void draw_frame(Canvas& canvas, const Measure& measure, const Theme& colors,
                const std::string& title, const std::vector<std::string>& remarks) {
  const double room = canvas.width() - 2 * measure.margin;
  canvas.write(title, {measure.margin, measure.margin + measure.title * 0.85, room, measure.title,
                       colors.ink, Anchor::start, false});
  double bottom = canvas.height() - measure.margin;
  for (auto remark = remarks.rbegin(); remark != remarks.rend(); ++remark, bottom -= measure.line) {
    canvas.write(*remark, {measure.margin, bottom, room, measure.letters, colors.pale,
                           Anchor::start, false});
  }
}

double legend_width(Canvas& canvas, const Measure& measure, const Legend& legend) {
  double width = 0;
  for (const auto& entry : legend.entries) {
    const std::string whole = entry.name + "  " + human_count(entry.count);
    width = std::max(width, canvas.width_of(whole, measure.letters));
  }
  if (legend.entries.empty()) return 0;
  return std::min(width + 2.5 * measure.letters, kLegendShare * canvas.width());
}

void draw_legend(Canvas& canvas, const Measure& measure, const Theme& colors, const Legend& legend,
                 const Rectangle& area) {
  double y = area.top + measure.letters;
  for (const auto& entry : legend.entries) {
    const std::string count = human_count(entry.count);
    const double taken = canvas.width_of(count, measure.letters) + measure.letters * 0.6;
    const double left = area.left + 1.5 * measure.letters;
    canvas.mark(entry.style, area.left + 0.6 * measure.letters, y - 0.35 * measure.letters,
                0.4 * measure.letters);
    canvas.write(entry.name, {left, y, area.right() - left - taken, measure.letters, colors.ink,
                              Anchor::start, false});
    canvas.write(count, {area.right(), y, taken, measure.letters, colors.pale, Anchor::end, false});
    y += measure.line;
  }
}

Matrix MapScale::pixels(MatrixView points) const {
  Matrix result(points.rows, 2);
  for (std::size_t i = 0; i < points.rows; ++i) {
    result.row(i)[0] = static_cast<float>(x(points.row(i)[0]));
    result.row(i)[1] = static_cast<float>(y(points.row(i)[1]));
  }
  return result;
}

void draw_points(Canvas& canvas, MatrixView points, const Legend& legend, const Theme& colors,
                 double radius) {
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order(points.rows);
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    const bool colored =
        legend.places.empty() || legend.entries[legend.places[i]].style.color != colors.none;
    order[i] = {colored ? 1 + random_bits(0, i) / 2 : 0, i};
  }
  std::ranges::sort(order);
  for (const auto& [key, i] : order) {
    const Style style =
        legend.places.empty() ? colors.style(0) : legend.entries[legend.places[i]].style;
    canvas.mark(style, points.row(i)[0], points.row(i)[1], radius);
  }
}

std::size_t draw_labels(Canvas& canvas, const Measure& measure, const Theme& colors,
                        const MapScale& scale, const std::vector<PlotLabel>& labels,
                        const Rectangle& area) {
  std::vector<Rectangle> taken;
  const double high = 1.15 * measure.letters;
  for (const auto& label : labels) {
    const double wide = std::min(canvas.width_of(label.text, measure.letters) + 4, area.width / 3);
    const double middle = std::clamp(scale.x(label.x), area.left + wide / 2,
                                     std::max(area.left + wide / 2, area.right() - wide / 2));
    for (int attempt = 0; attempt < kLabelTries; ++attempt) {
      const int step = attempt % 2 == 0 ? attempt / 2 : -(attempt + 1) / 2;
      const Rectangle where{middle - wide / 2, scale.y(label.y) + (step - 0.5) * high, wide, high};
      if (where.top < area.top || where.bottom() > area.bottom()) continue;
      if (std::ranges::any_of(taken, [&](const auto& other) { return overlap(where, other); })) {
        continue;
      }
      taken.push_back(where);
      canvas.write(label.text, {middle, where.top + 0.85 * measure.letters, wide, measure.letters,
                                colors.ink, Anchor::middle, true});
      break;
    }
  }
  return labels.size() - taken.size();
}

std::vector<std::uint32_t> pictures_with_room(MatrixView points, double side,
                                              const Rectangle& area) {
  using Square = std::pair<std::int64_t, std::int64_t>;
  const auto square = [&](std::size_t i) {
    return Square{static_cast<std::int64_t>(std::floor(points.row(i)[0] / side)),
                  static_cast<std::int64_t>(std::floor(points.row(i)[1] / side))};
  };
  std::map<Square, std::uint32_t> counts;
  for (std::size_t i = 0; i < points.rows; ++i) ++counts[square(i)];
  std::vector<std::uint32_t> order(points.rows), density(points.rows);
  for (std::size_t i = 0; i < points.rows; ++i) density[i] = counts[square(i)];
  std::iota(order.begin(), order.end(), 0U);
  std::ranges::stable_sort(order, [&](auto a, auto b) { return density[a] > density[b]; });

  std::multimap<Square, std::uint32_t> placed;
  const auto free = [&](std::uint32_t i) {
    const auto point = points.row(i);
    const auto [column, row] = square(i);
    for (std::int64_t s = 0; s < 9; ++s) {
      const auto [begin, end] = placed.equal_range({column + s % 3 - 1, row + s / 3 - 1});
      for (auto other = begin; other != end; ++other) {
        const auto there = points.row(other->second);
        if (std::abs(there[0] - point[0]) < side && std::abs(there[1] - point[1]) < side) {
          return false;
        }
      }
    }
    return point[0] - side / 2 >= area.left && point[0] + side / 2 <= area.right() &&
           point[1] - side / 2 >= area.top && point[1] + side / 2 <= area.bottom();
  };
  std::vector<std::uint32_t> found;
  for (const auto i : order) {
    if (!free(i)) continue;
    placed.emplace(square(i), i);
    found.push_back(i);
  }
  return found;
}

std::vector<image::Image> thumbnails_of(const std::vector<std::filesystem::path>& files,
                                        const std::vector<std::uint32_t>& chosen, int side,
                                        int threads) {
  std::vector<image::Image> pictures(chosen.size());
  parallel_for(chosen.size(), 1, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      pictures[i] = thumbnail(files[chosen[i]], side, side);
    }
  });
  return pictures;
}

void check_size(const char* what, int pixels) {
  require(pixels >= kLeast && pixels <= kMost,
          std::string("a drawing ") + human_count(static_cast<std::uint64_t>(std::max(0, pixels))) +
              " pixels " + what + " is not made; 300 to 8,000 are");
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

}  // namespace alike::draw

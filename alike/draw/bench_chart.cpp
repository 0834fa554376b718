#include "alike/draw/bench_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

#include "alike/base/human.h"
#include "alike/draw/plot_canvas.h"

namespace alike::draw {
namespace {

constexpr double kWidth = 800, kHeight = 460;
constexpr double kLeft = 90, kRight = 610, kTop = 60, kBottom = 400;  // of the plot area
constexpr double kLabelHeight = 18;
constexpr int kTicks = 5;

constexpr const char* kStyle = R"(<style>
  svg { background: #ffffff; font: 13px sans-serif; }
  text { fill: #222222; }
  .name { font-size: 15px; }
  .grid { stroke: #dddddd; }
  .to { stroke: #999999; stroke-dasharray: 2 4; }
  .curve { stroke: #b8560f; fill: none; }
  .flat { fill: #555555; }
  .coded, .coded4, .coded8 { fill: #1f6fb2; }
  .graph { fill: #b8560f; }
  @media (prefers-color-scheme: dark) {
    svg { background: #16181c; }
    text { fill: #e4e4e4; }
    .grid { stroke: #383c42; }
    .to { stroke: #7d828a; }
    .curve { stroke: #f0954a; }
    .flat { fill: #b4b4b4; }
    .coded, .coded4, .coded8 { fill: #6db3ee; }
    .graph { fill: #f0954a; }
  }
</style>
)";

std::string text_at(double x, double y, const std::string& anchor, const std::string& text) {
  return "<text x=\"" + decimals(x, 1) + "\" y=\"" + decimals(y, 1) + "\" text-anchor=\"" + anchor +
         "\">" + escaped_xml(text) + "</text>\n";
}

std::string stroke(const std::string& kind, double x1, double y1, double x2, double y2) {
  return "<line class=\"" + kind + "\" x1=\"" + decimals(x1, 1) + "\" y1=\"" + decimals(y1, 1) +
         "\" x2=\"" + decimals(x2, 1) + "\" y2=\"" + decimals(y2, 1) + "\"/>\n";
}

/// From measurements to places in the drawing.
struct Axes {
  double least = 0.9;       // recall
  int first = 0, last = 1;  // powers of ten

  explicit Axes(const std::vector<search::BenchLine>& lines) {
    double slowest = INFINITY, fastest = 1;
    for (const auto& line : lines) {
      least = std::min(least, std::floor(10 * line.recall) / 10);
      slowest = std::min(slowest, line.queries_per_second);
      fastest = std::max(fastest, line.queries_per_second);
    }
    first = static_cast<int>(std::floor(std::log10(std::min(slowest, fastest))));
    last = std::max(first + 1, static_cast<int>(std::ceil(std::log10(fastest))));
  }
  double x(double recall) const {
    return kLeft + (recall - least) / (1 - least) * (kRight - kLeft);
  }
  double y(double per_second) const {
    return kBottom - (std::log10(per_second) - first) / (last - first) * (kBottom - kTop);
  }
};

std::string power_of_ten(int power) {
  if (power < 0) return decimals(std::pow(10, power), -power);
  return human_count(static_cast<std::uint64_t>(std::llround(std::pow(10, power))));
}

std::string grid(const Axes& axes, std::size_t k) {
  std::string svg;
  for (int power = axes.first; power <= axes.last; ++power) {
    const double y = axes.y(std::pow(10, power));
    svg += stroke("grid", kLeft, y, kRight, y);
    svg += text_at(kLeft - 8, y + 4, "end", power_of_ten(power));
  }
  for (int tick = 0; tick <= kTicks; ++tick) {
    const double recall = axes.least + (1 - axes.least) * tick / kTicks;
    svg += stroke("grid", axes.x(recall), kTop, axes.x(recall), kBottom);
    svg += text_at(axes.x(recall), kBottom + 20, "middle", decimals(recall, 2));
  }
  svg += text_at((kLeft + kRight) / 2, kBottom + 44, "middle", "recall@" + std::to_string(k));
  return svg + text_at(kLeft - 60, kTop - 14, "start", "queries a second");
}

/// The heights `y` (from the top down), moved apart so that names do not cover each other.
std::vector<double> apart(std::vector<double> y) {
  for (std::size_t i = 1; i < y.size(); ++i) y[i] = std::max(y[i], y[i - 1] + kLabelHeight);
  double most = kBottom;
  for (auto height = y.rbegin(); height != y.rend(); ++height, most -= kLabelHeight) {
    *height = std::min(*height, most);
  }
  return y;
}

std::string points(const Axes& axes, std::vector<search::BenchLine> lines) {
  std::string svg, curve;
  for (const auto& line : lines) {
    if (line.kind != collection::IndexKind::graph) continue;
    curve +=
        decimals(axes.x(line.recall), 1) + "," + decimals(axes.y(line.queries_per_second), 1) + " ";
  }
  if (!curve.empty()) svg += "<polyline class=\"curve\" points=\"" + curve + "\"/>\n";
  std::ranges::sort(lines, std::greater<>(), &search::BenchLine::queries_per_second);
  std::vector<double> heights;
  for (const auto& line : lines) heights.push_back(axes.y(line.queries_per_second));
  const std::vector<double> labels = apart(heights);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const double x = axes.x(lines[i].recall);
    svg += stroke("to", x, heights[i], kRight + 14, labels[i]);
    svg += "<circle class=\"" + std::string(collection::name_of(lines[i].kind)) + "\" cx=\"" +
           decimals(x, 1) + "\" cy=\"" + decimals(heights[i], 1) + "\" r=\"5\"/>\n";
    svg += text_at(kRight + 18, labels[i] + 4, "start",
                   name_of(lines[i]) + ", " + decimals(lines[i].p50_ms, 3) + " ms");
  }
  return svg;
}

}  // namespace

std::string name_of(const search::BenchLine& line) {
  const std::string kind(collection::name_of(line.kind));
  return line.aim ? kind + " " + decimals(*line.aim, 2) : kind;
}

std::string bench_chart(const search::IndexBench& bench) {
  const std::string title = "Kinds of index on " + bench.space.name + ": " +
                            human_count(bench.rows) + " rows of " + human_count(bench.space.width) +
                            " numbers";
  const Axes axes(bench.lines);
  const std::string size = decimals(kWidth, 0) + " " + decimals(kHeight, 0);
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + size +
         "\" role=\"img\">\n<title>" + escaped_xml(title) + "</title>\n" + kStyle +
         "<g class=\"name\">\n" + text_at(kLeft - 60, 26, "start", title) + "</g>\n" +
         grid(axes, bench.k) + points(axes, bench.lines) + "</svg>\n";
}

}  // namespace alike::draw

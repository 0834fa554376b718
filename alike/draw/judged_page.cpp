#include "alike/draw/judged_page.h"

#include <algorithm>
#include <cstdio>

#include "alike/base/base64.h"
#include "alike/base/human.h"
#include "alike/draw/plot_canvas.h"
#include "alike/draw/sheet.h"
#include "alike/image/write.h"

namespace alike::draw {
namespace {

constexpr std::size_t kLineColors = 6;
constexpr const char* kHead = R"page(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<style>
:root { color-scheme: light dark; --paper: #fff; --ink: #222; --pale: #636363; --rule: #ddd; --bar: #1f6fb2; --sure: #b8560f; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181c; --ink: #e4e4e4; --pale: #a0a4aa; --rule: #383c42; --bar: #6db3ee; --sure: #f0954a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; margin: 1.8rem 0 .2rem; } h3 { font-size: 1rem; margin: 1rem 0 .2rem; }
p { margin: .2rem 0; } .pale { color: var(--pale); }
table { border-collapse: collapse; width: 100%; margin: .4rem 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .25rem .5rem .25rem 0; border-bottom: 1px solid var(--rule); vertical-align: middle; }
th { font-weight: 600; color: var(--pale); font-size: .9rem; } .n { text-align: right; white-space: nowrap; }
.plot { width: 34%; min-width: 6rem; padding-right: 0; } svg { display: block; width: 100%; height: 1.1rem; }
.bar { fill: var(--bar); } .sure { stroke: var(--sure); stroke-width: 2; } .ground { fill: var(--rule); opacity: .5; }
.curve { width: 100%; max-width: 30rem; height: auto; } .curve text { fill: var(--pale); font-size: 11px; }
.axis { stroke: var(--pale); fill: none; } .grid { stroke: var(--rule); } .line { fill: none; stroke-width: 2; }
.l0 { stroke: var(--bar); fill: var(--bar); } .l1 { stroke: var(--sure); fill: var(--sure); } .l2 { stroke: #2f9e62; fill: #2f9e62; } .l3 { stroke: #a35cc0; fill: #a35cc0; } .l4 { stroke: #d1495b; fill: #d1495b; } .l5 { stroke: #8a8a2b; fill: #8a8a2b; }
.line { fill: none; } .dashed { stroke-dasharray: 5 4; } .cell { text-align: right; } .query { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; margin: .4rem 0; }
.query figure { margin: 0; width: 5.5rem; text-align: center; font-size: .75rem; color: var(--pale); } .query figcaption { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.query img { width: 5rem; height: 5rem; object-fit: contain; background: #fff; border: 3px solid transparent; border-radius: 4px; } img.right { border-color: #2f9e62; } img.wrong { border-color: #d24d3e; border-style: dashed; }
@media (max-width: 40rem) { .wide { display: none; } body { padding: .7rem; font-size: 15px; } .plot { width: 16%; min-width: 2.5rem; } td:first-child, th:first-child { min-width: 7.5rem; } td.n + td.n { white-space: normal; } }
</style>
)page";

}  // namespace

std::string page_head(const std::string& title) {
  const std::string text = escaped_xml(title);
  return kHead + ("<title>" + text) + "</title>\n</head>\n<body>\n<h1>" + text + "</h1>\n";
}

std::string page_end() { return "</body>\n</html>\n"; }

std::string page_bar(double value, const measure::Interval* interval, double whole) {
  if (whole == 0) return "";
  const auto at = [&](double share) {
    return decimals(200 * std::clamp(share / whole, 0.0, 1.0), 1);
  };
  std::string text =
      "<svg viewBox=\"0 0 200 16\" preserveAspectRatio=\"none\" aria-hidden=\"true\">"
      "<rect class=\"ground\" y=\"3\" width=\"200\" height=\"10\"/>"
      "<rect class=\"bar\" y=\"3\" height=\"10\" width=\"" +
      at(value) + "\"/>";
  if (interval != nullptr) {
    text += "<path class=\"sure\" d=\"M" + at(interval->low) + " 8H" + at(interval->high) + "\"/>";
  }
  return text + "</svg>";
}

std::string page_interval(const judge::Judged& judged) {
  if (!judged.has_interval) return "&ndash;";
  return decimals(judged.interval.low, 4) + " to " + decimals(judged.interval.high, 4);
}

double whole_of(const measure::Measure& measure) {
  for (const char* name : {"rankme", "uniformity", "alignment", "class ratio", "anisotropy",
                           "hubness", "intrinsic dimension"}) {
    if (measure.name == name) return 0;
  }
  return measure.name.starts_with("playground") ? 100 : 1;
}

std::string page_curve(const std::vector<PageLine>& lines, const std::string& x,
                       const std::string& y, bool marks, const std::string& text) {
  constexpr int kSide = 240, kLeft = 44, kTop = 10;
  const int legend = lines.size() > 1 ? 16 * static_cast<int>(lines.size()) : 0;
  const auto place = [&](const std::pair<double, double>& point) {
    return std::pair(decimals(kLeft + 1.6 * kSide * std::clamp(point.first, 0.0, 1.0), 1),
                     decimals(kTop + kSide * (1 - std::clamp(point.second, 0.0, 1.0)), 1));
  };
  std::string svg = "<svg class=\"curve\" viewBox=\"0 0 " + std::to_string(kLeft + 400) + " " +
                    std::to_string(kTop + kSide + 40 + legend) + "\" role=\"img\" aria-label=\"" +
                    escaped_xml(text) + "\">";
  for (const double tick : {0.0, 0.25, 0.5, 0.75, 1.0}) {
    const auto [left, at] = place({0, tick});
    const auto [right, same] = place({1, tick});
    svg += "<path class=\"grid\" d=\"M" + left + " " + at + "H" + right + "\"/><text x=\"" +
           std::to_string(kLeft - 6) + "\" y=\"" + at + "\" dy=\"4\" text-anchor=\"end\">" +
           decimals(tick, 2) + "</text><text x=\"" + place({tick, 0}).first + "\" y=\"" +
           std::to_string(kTop + kSide + 15) + "\" text-anchor=\"middle\">" + decimals(tick, 2) +
           "</text>";
  }
  for (std::size_t l = 0; l < lines.size(); ++l) {
    const std::string kind = "l" + std::to_string(lines[l].color % kLineColors);
    const std::string dashed = lines[l].dashed ? " dashed" : "";
    std::string path, dots;
    for (const auto& point : lines[l].points) {
      const auto [px, py] = place(point);
      path += (path.empty() ? "M" : "L") + px + " " + py;
      if (marks)
        dots += "<circle class=\"" + kind + "\" r=\"3\" cx=\"" + px + "\" cy=\"" + py + "\"/>";
    }
    svg += "<path class=\"" + kind + " line" + dashed + "\" d=\"" + path + "\"/>" + dots;
    if (legend == 0) continue;
    const std::string at = std::to_string(kTop + kSide + 46 + 16 * static_cast<int>(l));
    svg += "<path class=\"" + kind + " line" + dashed + "\" d=\"M" + std::to_string(kLeft) + " " +
           at + "h24\"/><text x=\"" + std::to_string(kLeft + 30) + "\" y=\"" + at + "\" dy=\"4\">" +
           escaped_xml(lines[l].name) + "</text>";
  }
  svg += "<text x=\"" + std::to_string(kLeft + 384) + "\" y=\"" +
         std::to_string(kTop + kSide + 30) + "\" text-anchor=\"end\">" + escaped_xml(x) +
         "</text><text x=\"" + std::to_string(kLeft + 6) + "\" y=\"" + std::to_string(kTop + 12) +
         "\">" + escaped_xml(y) + "</text>";
  return svg + "</svg>\n";
}

std::string page_picture(const std::filesystem::path& file, int side, const std::string& kind) {
  const image::Image picture = thumbnail(file, side, side);
  std::string name = escaped_xml(file.filename().native());
  if (picture.width == 0) return name;
  return "<img class=\"" + kind + "\" alt=\"" + name + "\" src=\"data:image/jpeg;base64," +
         base64(image::encode_jpeg(picture)) + "\">";
}

}  // namespace alike::draw

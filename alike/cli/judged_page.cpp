#include "alike/cli/judged_page.h"

#include <algorithm>
#include <cstdio>

#include "alike/cli/plot_canvas.h"

namespace alike::cli {
namespace {

constexpr const char* kHead = R"page(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
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
@media (max-width: 40rem) { .wide { display: none; } body { padding: .7rem; font-size: 15px; } }
</style>
)page";

}  // namespace

std::string page_head(const std::string& title) {
  const std::string text = escaped_xml(title);
  return kHead + ("<title>" + text) + "</title>\n</head>\n<body>\n<h1>" + text + "</h1>\n";
}

std::string page_end() { return "</body>\n</html>\n"; }

std::string page_number(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string page_bar(double value, const evaluate::Interval* interval, double whole) {
  if (whole == 0) return "";
  const auto at = [&](double share) {
    return page_number(200 * std::clamp(share / whole, 0.0, 1.0), 1);
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

double whole_of(const evaluate::Measure& measure) {
  for (const char* name : {"rankme", "uniformity", "alignment", "class ratio", "anisotropy",
                           "hubness", "intrinsic dimension"}) {
    if (measure.name == name) return 0;
  }
  return measure.name.starts_with("playground") ? 100 : 1;
}

}  // namespace alike::cli

#include <algorithm>
#include <cstdio>

#include "alike/cli/eval_report.h"
#include "alike/cli/plot_canvas.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

using evaluate::Judged;
using evaluate::Measure;
using evaluate::Section;

constexpr std::size_t kQueriesShown = 12;  // worst, and as many best

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

std::string number(double value, int decimals = 4) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string escaped(const std::string& text) { return escaped_xml(text); }

/// A bar from 0 to `value` of `whole`, with its interval.
std::string bar(double value, const evaluate::Interval* interval, double whole) {
  const auto at = [&](double share) {
    return number(200 * std::clamp(share / whole, 0.0, 1.0), 1);
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

/// What a whole bar stands for.
double whole_of(const Measure& measure) { return measure.name.starts_with("playground") ? 100 : 1; }

std::string section_html(const Section& section) {
  std::string text =
      "<h2>" + std::string(evaluate::name_of(section.protocol)) + "</h2>\n<p class=\"pale\">";
  for (std::size_t i = 0; i < section.settings.size(); ++i) {
    const auto& [name, value] = section.settings[i];
    text += (i > 0 ? ", " : "") + escaped(name) + " " + escaped(value);
  }
  text += "</p>\n";
  for (const std::string& remark : section.remarks) text += "<p>" + escaped(remark) + ".</p>\n";
  if (section.judged.empty()) return text;
  text +=
      "<table><tr><th>measure</th><th class=\"plot\"></th><th class=\"n\">value</th>"
      "<th class=\"n\">95 % interval</th><th class=\"n wide\">rows</th></tr>\n";
  for (const Judged& judged : section.judged) {
    const evaluate::Interval* interval = judged.has_interval ? &judged.interval : nullptr;
    text += "<tr><td>" + escaped(judged.measure.name) + "</td><td class=\"plot\">" +
            bar(judged.measure.value, interval, whole_of(judged.measure)) +
            "</td><td class=\"n\">" + number(judged.measure.value) + "</td><td class=\"n\">" +
            (interval != nullptr ? number(interval->low) + " to " + number(interval->high)
                                 : std::string("&ndash;")) +
            "</td><td class=\"n wide\">" +
            (interval != nullptr ? human_count(judged.measure.rows.size()) : "") + "</td></tr>\n";
  }
  return text + "</table>\n";
}

std::string class_html(const EvalReport& report, const Measure& measure) {
  auto classes = evaluate::by_class(measure, report.judgement);
  std::ranges::stable_sort(classes, {}, [](const auto& each) { return each.second.value; });
  std::string text = "<h3>Classes by " + escaped(measure.name) +
                     ", hardest first</h3>\n<table><tr><th>class</th><th class=\"plot\"></th>"
                     "<th class=\"n\">value</th><th class=\"n wide\">rows</th></tr>\n";
  for (const auto& [name, each] : classes) {
    text += "<tr><td>" + escaped(name) + "</td><td class=\"plot\">" +
            bar(each.value, nullptr, whole_of(measure)) + "</td><td class=\"n\">" +
            number(each.value) + "</td><td class=\"n wide\">" + human_count(each.rows.size()) +
            "</td></tr>\n";
  }
  return text + "</table>\n";
}

/// The pictures that do worst and best as queries.
std::string query_html(const EvalReport& report, const Measure& measure) {
  std::vector<std::size_t> order(measure.rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return measure.values[i]; });
  const auto list = [&](const char* title, bool worst) {
    std::string text = "<h3>" + std::string(title) + " by " + escaped(measure.name) +
                       "</h3>\n<table><tr><th>picture</th><th class=\"n\">value</th></tr>\n";
    for (std::size_t i = 0; i < std::min(kQueriesShown, order.size()); ++i) {
      const std::size_t at = order[worst ? i : order.size() - 1 - i];
      text += "<tr><td>" + escaped(report.paths[measure.rows[at]]) + "</td><td class=\"n\">" +
              number(measure.values[at]) + "</td></tr>\n";
    }
    return text + "</table>\n";
  };
  return list("Worst queries", true) + list("Best queries", false);
}

}  // namespace

std::string eval_page(const EvalReport& report) {
  const auto& judgement = report.judgement;
  const std::string title = "How good is " + report.space;
  std::string text = kHead + std::string("<title>") + escaped(title) +
                     "</title>\n</head>\n<body>\n<h1>" + escaped(title) + "</h1>\n<p>" +
                     counted(judgement.rows, "picture") + ", " + human_count(judgement.labelled) +
                     " of them in " + human_count(judgement.classes.size()) + " classes by " +
                     escaped(report.labels) + ". " + escaped(report.encoder) +
                     (report.layer.empty() ? "" : ", layer " + escaped(report.layer)) + ", " +
                     human_count(report.width) + " numbers a picture.</p>\n";
  for (const std::string& remark : report.remarks) text += "<p>" + escaped(remark) + ".</p>\n";
  for (const Section& section : judgement.sections) {
    text += section_html(section);
    const Measure* measure = main_measure(section);
    if (measure == nullptr) continue;
    text += class_html(report, *measure);
    if (section.protocol == evaluate::Protocol::retrieval) text += query_html(report, *measure);
  }
  return text + "</body>\n</html>\n";
}

}  // namespace alike::cli

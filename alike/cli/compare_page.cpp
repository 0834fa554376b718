#include <algorithm>
#include <string>

#include "alike/cli/compare_report.h"
#include "alike/cli/judged_page.h"
#include "alike/cli/plot_canvas.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

using evaluate::find_measure;

/// Bars of one measure, in the order of the ranking.
std::string bars(const Comparison& comparison, const std::string& name) {
  std::string text = "<h2>" + escaped_xml(name) +
                     "</h2>\n<table><tr><th></th><th class=\"plot\"></th><th class=\"n\">value</th>"
                     "<th class=\"n\">95 % interval</th></tr>\n";
  for (const Compared& each : comparison.all) {
    const evaluate::Judged* judged = find_measure(each.judgement, name);
    if (judged == nullptr) continue;
    const evaluate::Interval* interval = judged->has_interval ? &judged->interval : nullptr;
    text += "<tr><td>" + escaped_xml(each.name) + "</td><td class=\"plot\">" +
            page_bar(judged->measure.value, interval, whole_of(judged->measure)) +
            "</td><td class=\"n\">" + page_number(judged->measure.value) + "</td><td class=\"n\">" +
            (interval != nullptr ? page_number(interval->low) + " to " + page_number(interval->high)
                                 : std::string("&ndash;")) +
            "</td></tr>\n";
  }
  return text + "</table>\n";
}

/// What each costs, and whether it is behind the best.
std::string ranking(const Comparison& comparison) {
  std::string text =
      "<h2>Ranking</h2>\n<table><tr><th></th><th class=\"n\">numbers</th><th class=\"n\">cost</th>"
      "<th class=\"n\">behind the best</th></tr>\n";
  for (const Compared& each : comparison.all) {
    const bool best = &each == &comparison.all.front();
    text += "<tr><td>" + escaped_xml(each.name) + (each.front ? " *" : "") +
            "</td><td class=\"n\">" + human_count(each.width) + "</td><td class=\"n\">" +
            (each.cost ? page_number(100 * *each.cost, 0) + " %" : std::string("&ndash;")) +
            "</td><td class=\"n\">" +
            (best                 ? std::string()
             : each.behind.real() ? page_number(each.behind.mean, 3)
                                  : std::string("as good")) +
            "</td></tr>\n";
  }
  return text +
         "</table>\n<p class=\"pale\">* nothing else is as good with fewer numbers a picture. "
         "Cost: share of the network that is computed. As good: the 95 % interval of the "
         "paired difference holds 0.</p>\n";
}

/// How the measure that ranks rises with the share of the network that is computed.
std::string layer_curve(const Comparison& comparison) {
  std::vector<PageLine> lines;
  std::string text;
  for (const Compared& each : comparison.all) {
    const evaluate::Judged* judged = find_measure(each.judgement, comparison.by);
    if (!each.cost || whole_of(judged->measure) == 0) continue;
    const std::string name = each.name.substr(0, each.name.rfind(' '));
    auto line = std::ranges::find(lines, name, &PageLine::name);
    if (line == lines.end()) line = lines.insert(lines.end(), {name, {}});
    line->points.emplace_back(*each.cost, judged->measure.value / whole_of(judged->measure));
    text += each.name + " " + page_number(judged->measure.value, 3) + "; ";
  }
  if (lines.empty()) return "";
  for (PageLine& line : lines) std::ranges::sort(line.points);
  return "<h2>By layer</h2>\n" +
         page_curve(lines, "share of the network computed", comparison.by, true, text);
}

}  // namespace

std::string compare_page(const Comparison& comparison) {
  const auto& judgement = comparison.all.front().judgement;
  std::string text = page_head("Representations compared") + "<p>" +
                     counted(judgement.rows, "picture") + ", " + human_count(judgement.labelled) +
                     " of them in " + human_count(judgement.classes.size()) + " classes by " +
                     escaped_xml(comparison.labels) + "; ranked by " + escaped_xml(comparison.by) +
                     ".</p>\n";
  for (const std::string& remark : comparison.remarks) {
    text += "<p>" + escaped_xml(remark) + ".</p>\n";
  }
  text += ranking(comparison) + layer_curve(comparison) + bars(comparison, comparison.by);
  for (const auto& section : judgement.sections) {
    text += "<p class=\"pale\">" + std::string(evaluate::name_of(section.protocol)) + ":";
    for (const auto& [name, value] : section.settings) {
      text += " " + escaped_xml(name) + " " + escaped_xml(value) + ",";
    }
    text.back() = '.';
    text += "</p>\n";
    for (const evaluate::Judged& judged : section.judged) {
      if (judged.measure.name != comparison.by) text += bars(comparison, judged.measure.name);
    }
  }
  return text + page_end();
}

}  // namespace alike::cli

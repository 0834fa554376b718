#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "alike/actions/compare.h"
#include "alike/base/human.h"
#include "alike/draw/compare_page.h"
#include "alike/draw/judged_page.h"
#include "alike/draw/plot_canvas.h"

namespace alike::draw {
namespace {

using judge::Compared;
using judge::Comparison;

using judge::find_measure;

/// Bars of one measure, in the order of the ranking.
std::string bars(const Comparison& comparison, const std::string& name) {
  std::string text = "<h2>" + escaped_xml(name) +
                     "</h2>\n<table><tr><th></th><th class=\"plot\"></th><th class=\"n\">value</th>"
                     "<th class=\"n\">95 % interval</th></tr>\n";
  for (const Compared& each : comparison.all) {
    const judge::Judged* judged = find_measure(each.judgement, name);
    if (judged == nullptr) continue;
    const measure::Interval* interval = judged->has_interval ? &judged->interval : nullptr;
    text += "<tr><td>" + escaped_xml(each.name) + "</td><td class=\"plot\">" +
            page_bar(judged->measure.value, interval, whole_of(judged->measure)) +
            "</td><td class=\"n\">" + decimals(judged->measure.value, 4) + "</td><td class=\"n\">" +
            page_interval(*judged) + "</td></tr>\n";
  }
  return text + "</table>\n";
}

/// The cost of each, and whether it is behind the best.
std::string ranking(const Comparison& comparison) {
  std::string text =
      "<h2>Ranking</h2>\n<table><tr><th></th><th class=\"n\">numbers</th><th class=\"n "
      "wide\">bytes</th>"
      "<th class=\"n\">cost</th><th class=\"n\">behind the best</th></tr>\n";
  for (const Compared& each : comparison.all) {
    const bool best = &each == &comparison.all.front();
    text += "<tr><td>" + escaped_xml(each.name) + (each.front ? " *" : "") +
            "</td><td class=\"n\">" + human_count(each.width) + "</td><td class=\"n wide\">" +
            human_count(each.width * sizeof(float)) + "</td><td class=\"n\">" +
            (each.cost ? decimals(100 * *each.cost, 0) + " %" : std::string("&ndash;")) +
            "</td><td class=\"n\">" +
            (best ? std::string()
             : each.behind.real()
                 ? decimals(each.behind.mean, 3) + " (" + decimals(each.behind.interval.low, 3) +
                       " to " + decimals(each.behind.interval.high, 3) + ")"
             : each.behind.rows > 0 ? std::string("as good")
                                    : std::string("&ndash;")) +
            "</td></tr>\n";
  }
  return text +
         "</table>\n<p class=\"pale\">* nothing else is as good with fewer numbers a picture. "
         "Cost: share of the network that is computed. As good: the 95 % interval of the "
         "paired difference holds 0.</p>\n";
}

/// A random network has the colour of the one that it is the twin of, and is dashed.
void color(std::vector<PageLine>& lines) {
  const std::string random = "random ";
  std::ranges::sort(lines, {}, [&](const PageLine& line) {
    const bool twin = line.name.starts_with(random);
    return std::pair(twin ? line.name.substr(random.size()) : line.name, twin);
  });
  std::string last;
  std::size_t next = 0;
  for (PageLine& line : lines) {
    std::ranges::sort(line.points);
    line.dashed = line.name.starts_with(random);
    const bool beside = line.dashed && line.name.substr(random.size()) == last;
    line.color = beside ? next - 1 : next++;
    last = line.name;
  }
}

/// How the measure that ranks rises with the share of the network that is computed.
std::string layer_curve(const Comparison& comparison) {
  std::vector<PageLine> lines;
  std::string text;
  for (const Compared& each : comparison.all) {
    const judge::Judged* judged = find_measure(each.judgement, comparison.by);
    if (!each.cost || whole_of(judged->measure) == 0) continue;
    const std::string name = each.name.substr(0, each.name.rfind(' '));
    auto line = std::ranges::find(lines, name, &PageLine::name);
    if (line == lines.end()) {
      lines.push_back({name, {}});
      line = std::prev(lines.end());
    }
    line->points.emplace_back(*each.cost, judged->measure.value / whole_of(judged->measure));
    text += each.name + " " + decimals(judged->measure.value, 3) + "; ";
  }
  if (lines.empty()) return "";
  color(lines);
  return "<h2>By layer</h2>\n" +
         page_curve(lines, "share of the network computed", comparison.by, true, text);
}

}  // namespace

std::string compare_page(const Comparison& comparison) {
  const auto& judgement = comparison.all.front().judgement;
  std::string text = page_head("Representations compared");
  for (const std::string& sentence : actions::how_compared(comparison)) {
    text += "<p>" + escaped_xml(sentence) + ".</p>\n";
  }
  text += ranking(comparison) + layer_curve(comparison) + bars(comparison, comparison.by);
  for (const auto& section : judgement.sections) {
    for (const judge::Judged& judged : section.judged) {
      if (judged.measure.name != comparison.by) text += bars(comparison, judged.measure.name);
    }
  }
  return text + page_end();
}

}  // namespace alike::draw

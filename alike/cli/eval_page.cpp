#include <algorithm>
#include <string>

#include "alike/cli/eval_report.h"
#include "alike/cli/judged_page.h"
#include "alike/cli/plot_canvas.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

using evaluate::Judged;
using evaluate::Measure;
using evaluate::Section;

constexpr std::size_t kQueriesShown = 12;  // worst, and as many best

std::string section_html(const Section& section) {
  std::string text =
      "<h2>" + std::string(evaluate::name_of(section.protocol)) + "</h2>\n<p class=\"pale\">";
  for (std::size_t i = 0; i < section.settings.size(); ++i) {
    const auto& [name, value] = section.settings[i];
    text += (i > 0 ? ", " : "") + escaped_xml(name) + " " + escaped_xml(value);
  }
  text += "</p>\n";
  for (const std::string& remark : section.remarks) text += "<p>" + escaped_xml(remark) + ".</p>\n";
  if (section.judged.empty()) return text;
  text +=
      "<table><tr><th>measure</th><th class=\"plot\"></th><th class=\"n\">value</th>"
      "<th class=\"n\">95 % interval</th><th class=\"n wide\">rows</th></tr>\n";
  for (const Judged& judged : section.judged) {
    const evaluate::Interval* interval = judged.has_interval ? &judged.interval : nullptr;
    text += "<tr><td>" + escaped_xml(judged.measure.name) + "</td><td class=\"plot\">" +
            page_bar(judged.measure.value, interval, whole_of(judged.measure)) +
            "</td><td class=\"n\">" + page_number(judged.measure.value) + "</td><td class=\"n\">" +
            (interval != nullptr ? page_number(interval->low) + " to " + page_number(interval->high)
                                 : std::string("&ndash;")) +
            "</td><td class=\"n wide\">" +
            (interval != nullptr ? human_count(judged.measure.rows.size()) : "") + "</td></tr>\n";
  }
  return text + "</table>\n";
}

std::string class_html(const EvalReport& report, const Measure& measure) {
  auto classes = evaluate::by_class(measure, report.judgement);
  std::ranges::stable_sort(classes, {}, [](const auto& each) { return each.second.value; });
  std::string text = "<h3>Classes by " + escaped_xml(measure.name) +
                     ", hardest first</h3>\n<table><tr><th>class</th><th class=\"plot\"></th>"
                     "<th class=\"n\">value</th><th class=\"n wide\">rows</th></tr>\n";
  for (const auto& [name, each] : classes) {
    text += "<tr><td>" + escaped_xml(name) + "</td><td class=\"plot\">" +
            page_bar(each.value, nullptr, whole_of(measure)) + "</td><td class=\"n\">" +
            page_number(each.value) + "</td><td class=\"n wide\">" + human_count(each.rows.size()) +
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
    std::string text = "<h3>" + std::string(title) + " by " + escaped_xml(measure.name) +
                       "</h3>\n<table><tr><th>picture</th><th class=\"n\">value</th></tr>\n";
    for (std::size_t i = 0; i < std::min(kQueriesShown, order.size()); ++i) {
      const std::size_t at = order[worst ? i : order.size() - 1 - i];
      text += "<tr><td>" + escaped_xml(report.paths[measure.rows[at]]) + "</td><td class=\"n\">" +
              page_number(measure.values[at]) + "</td></tr>\n";
    }
    return text + "</table>\n";
  };
  return list("Worst queries", true) + list("Best queries", false);
}

}  // namespace

std::string eval_page(const EvalReport& report) {
  const auto& judgement = report.judgement;
  const std::string title = "How good is " + report.space;
  std::string text = page_head(title) + "<p>" + escaped_xml(described_pictures(report)) + ". " +
                     escaped_xml(report.encoder) +
                     (report.layer.empty() ? "" : ", layer " + escaped_xml(report.layer)) + ", " +
                     human_count(report.width) + " numbers a picture.</p>\n";
  for (const std::string& remark : report.remarks) text += "<p>" + escaped_xml(remark) + ".</p>\n";
  for (const Section& section : judgement.sections) {
    text += section_html(section);
    const Measure* measure = main_measure(section);
    if (measure == nullptr) continue;
    text += class_html(report, *measure);
    if (section.protocol == evaluate::Protocol::retrieval) text += query_html(report, *measure);
  }
  return text + page_end();
}

}  // namespace alike::cli

#include <algorithm>
#include <string>

#include "alike/base/human.h"
#include "alike/collection/catalog/trust.h"
#include "alike/draw/eval_page.h"
#include "alike/draw/judged_page.h"
#include "alike/draw/plot_canvas.h"

namespace alike::draw {
namespace {

using actions::ClassTable;
using actions::JudgeReport;
using actions::ShownQuery;
using judge::Judged;
using judge::Section;
using measure::Measure;

constexpr int kPictureSide = 160;
constexpr std::size_t kMatrixClasses = 20;  // more are told by their mistakes
constexpr std::size_t kMistakesShown = 20;
constexpr std::size_t kRocPoints = 400;
constexpr std::size_t kLeaksShown = 100;

std::string section_html(const Section& section) {
  std::string text = "<h2>" + std::string(judge::name_of(section.protocol)) +
                     "</h2>\n<p class=\"pale\">" + escaped_xml(actions::settings_text(section)) +
                     "</p>\n";
  for (const std::string& remark : section.remarks) text += "<p>" + escaped_xml(remark) + ".</p>\n";
  if (section.judged.empty()) return text;
  text +=
      "<table><tr><th>measure</th><th class=\"plot\"></th><th class=\"n\">value</th>"
      "<th class=\"n\">95 % interval</th><th class=\"n wide\">rows</th></tr>\n";
  for (const Judged& judged : section.judged) {
    const measure::Interval* interval = judged.has_interval ? &judged.interval : nullptr;
    text += "<tr><td>" + escaped_xml(judged.measure.name) + "</td><td class=\"plot\">" +
            page_bar(judged.measure.value, interval, whole_of(judged.measure)) +
            "</td><td class=\"n\">" + decimals(judged.measure.value, 4) + "</td><td class=\"n\">" +
            page_interval(judged) + "</td><td class=\"n wide\">" +
            (judged.measure.rows.empty() ? "" : human_count(judged.measure.rows.size())) +
            "</td></tr>\n";
  }
  return text + "</table>\n";
}

std::string class_html(const ClassTable& table) {
  auto classes = table.classes;
  std::ranges::stable_sort(classes, {}, [](const auto& each) { return each.second.measure.value; });
  std::string text = "<h3>Classes by " + escaped_xml(table.measure->name) +
                     ", hardest first</h3>\n<table><tr><th>class</th><th class=\"plot\"></th>"
                     "<th class=\"n\">value</th><th class=\"n wide\">95 % interval</th>"
                     "<th class=\"n wide\">rows</th></tr>\n";
  for (const auto& [name, each] : classes) {
    text += "<tr><td>" + escaped_xml(name) + "</td><td class=\"plot\">" +
            page_bar(each.measure.value, each.has_interval ? &each.interval : nullptr,
                     whole_of(each.measure)) +
            "</td><td class=\"n\">" + decimals(each.measure.value, 4) +
            "</td><td class=\"n wide\">" + page_interval(each) + "</td><td class=\"n wide\">" +
            human_count(each.measure.rows.size()) + "</td></tr>\n";
  }
  return text + "</table>\n";
}

/// Which test pictures are in train too.
std::string leak_html(const JudgeReport& report) {
  const auto& leaks = report.judgement.leaks;
  if (leaks.empty()) return "";
  std::string text =
      "<h2>Leakage: the same in test and train</h2>\n<table><tr><th>of the test</th>"
      "<th>of train</th><th class=\"n\">cosine</th><th class=\"n\">file</th></tr>\n";
  for (std::size_t i = 0; i < std::min(leaks.size(), kLeaksShown); ++i) {
    text += "<tr><td>" + escaped_xml(report.paths[leaks[i].test]) + "</td><td>" +
            escaped_xml(report.paths[leaks[i].train]) + "</td><td class=\"n\">" +
            decimals(leaks[i].similarity, 4) + "</td><td class=\"n\">" +
            (leaks[i].same_content ? "the same" : "another") + "</td></tr>\n";
  }
  text += "</table>\n";
  if (leaks.size() <= kLeaksShown) return text;
  return text + "<p>and " + human_count(leaks.size() - kLeaksShown) + " more</p>\n";
}

/// Queries as pictures, each with its results.
std::string query_html(const JudgeReport& report, const char* title,
                       const std::vector<ShownQuery>& queries, const Measure& measure) {
  if (queries.empty()) return "";
  const auto& labels = report.judgement.labels;
  const auto figure = [&](std::uint32_t row, const std::string& kind, const std::string& caption) {
    collection::check_item_path(report.paths[row]);
    return "<figure>" + page_picture(report.pictures / report.paths[row], kPictureSide, kind) +
           "<figcaption>" + escaped_xml(caption) + "</figcaption></figure>";
  };
  std::string text =
      "<h3>" + std::string(title) + " by " + escaped_xml(measure.name) +
      "</h3>\n<p class=\"pale\">The query, and its nearest pictures: of its class with a "
      "green line about it, of another with a dashed red one.</p>\n";
  for (const ShownQuery& query : queries) {
    text += "<div class=\"query\">" +
            figure(query.row, "", decimals(query.value, 3) + " " + report.paths[query.row]) + "→";
    for (const std::uint32_t row : query.nearest) {
      const bool right = labels[row] == labels[query.row];
      text += figure(row, right ? "right" : "wrong", report.paths[row]);
    }
    text += "</div>\n";
  }
  return text;
}

/// Confusions of the probe: all where there are few classes, else the commonest mistakes.
std::string confusion_html(const JudgeReport& report) {
  const auto& judgement = report.judgement;
  if (judgement.confusions.empty()) return "";
  const std::size_t classes = judgement.classes.size();
  std::string text = "<h3>Confusions of the probe</h3>\n<table>";
  if (classes <= kMatrixClasses) {
    std::vector<std::size_t> counts(classes * classes);
    for (const auto& each : judgement.confusions) {
      counts[static_cast<std::size_t>(each.truth) * classes + static_cast<std::size_t>(each.told)] =
          each.rows;
    }
    text += "<tr><th>is \\ told</th>";
    for (const auto& name : judgement.classes)
      text += "<th class=\"n\">" + escaped_xml(name) + "</th>";
    for (std::size_t truth = 0; truth < classes; ++truth) {
      text += "</tr>\n<tr><th>" + escaped_xml(judgement.classes[truth]) + "</th>";
      for (std::size_t told = 0; told < classes; ++told) {
        const std::string count = human_count(counts[truth * classes + told]);
        text += "<td class=\"n\">" + (truth == told ? "<b>" + count + "</b>" : count) + "</td>";
      }
    }
    return text + "</tr></table>\n";
  }
  auto wrong = judgement.confusions;
  std::erase_if(wrong, [](const auto& each) { return each.truth == each.told; });
  std::ranges::stable_sort(wrong, std::ranges::greater(), &judge::Confusion::rows);
  wrong.resize(std::min(wrong.size(), kMistakesShown));
  text += "<tr><th>is</th><th>told</th><th class=\"n\">pictures</th></tr>\n";
  for (const auto& each : wrong) {
    text += "<tr><td>" + escaped_xml(judgement.classes[static_cast<std::size_t>(each.truth)]) +
            "</td><td>" + escaped_xml(judgement.classes[static_cast<std::size_t>(each.told)]) +
            "</td><td class=\"n\">" + human_count(each.rows) + "</td></tr>\n";
  }
  return text + "</table>\n";
}

std::string roc_html(const JudgeReport& report) {
  const auto& roc = report.judgement.roc;
  if (roc.empty()) return "";
  PageLine line{"", {}};
  const std::size_t step = std::max<std::size_t>(1, roc.size() / kRocPoints);
  for (std::size_t i = 0; i < roc.size(); i += step)
    line.points.emplace_back(roc[i].far, roc[i].tar);
  line.points.emplace_back(1, 1);
  return "<h3>Receiver operating characteristic</h3>\n" +
         page_curve({line}, "pairs of two classes accepted", "pairs of one class accepted", false,
                    "Share of pairs of one class that are accepted, over the share of others");
}

}  // namespace

std::string eval_page(const JudgeReport& report) {
  const auto& judgement = report.judgement;
  const std::string title = "How good is " + report.space;
  std::string text = page_head(title) + "<p>" + escaped_xml(actions::described_pictures(report)) +
                     ". " + escaped_xml(report.encoder) +
                     (report.layer.empty() ? "" : ", layer " + escaped_xml(report.layer)) + ", " +
                     human_count(report.width) + " numbers a picture. " +
                     actions::seed_text(judgement) + ".</p>\n";
  for (const std::string& remark : report.remarks) text += "<p>" + escaped_xml(remark) + ".</p>\n";
  for (std::size_t s = 0; s < judgement.sections.size(); ++s) {
    const Section& section = judgement.sections[s];
    text += section_html(section);
    if (section.protocol == judge::Protocol::verify) text += roc_html(report);
    const Measure* measure = report.tables[s].measure;
    if (measure == nullptr) continue;
    text += class_html(report.tables[s]);
    if (section.protocol == judge::Protocol::probe) text += confusion_html(report);
    if (section.protocol != judge::Protocol::retrieval) continue;
    text += query_html(report, "Worst queries", report.worst, *measure) +
            query_html(report, "Best queries", report.best, *measure);
  }
  return text + leak_html(report) + page_end();
}

}  // namespace alike::draw

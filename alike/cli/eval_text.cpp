#include "alike/cli/eval_text.h"

#include <algorithm>

#include "alike/base/human.h"

namespace alike::cli {
namespace {

using actions::ClassTable;
using actions::JudgeReport;
using judge::Judged;
using judge::Section;

constexpr std::size_t kClassesShown = 12;

std::string interval(const Judged& judged) {
  if (!judged.has_interval) return "-";
  return decimals(judged.interval.low, 4) + " to " + decimals(judged.interval.high, 4);
}

std::string head(const JudgeReport& report) {
  std::string text = "Space " + report.space + ": " + actions::described_pictures(report) + ". " +
                     actions::seed_text(report.judgement) + ".\n";
  for (const std::string& remark : report.remarks) text += remark + ".\n";
  return text;
}

std::string section_text(const Section& section) {
  const std::string settings = actions::settings_text(section);
  std::string text = "\n" + std::string(judge::name_of(section.protocol)) +
                     (settings.empty() ? "" : " (" + settings + ")") + "\n";
  std::vector<std::vector<std::string>> rows{{"measure", "value", "95 % interval", "rows"}};
  for (const Judged& judged : section.judged) {
    rows.push_back({judged.measure.name, decimals(judged.measure.value, 4), interval(judged),
                    judged.measure.rows.empty() ? "-" : human_count(judged.measure.rows.size())});
  }
  if (!section.judged.empty()) text += columns(rows, "lrrr");
  for (const std::string& remark : section.remarks) text += remark + ".\n";
  return text;
}

/// The classes by retrieval, or else by the measure that most rows count for.
std::string class_text(const JudgeReport& report) {
  const ClassTable* table = nullptr;
  for (std::size_t s = 0; s < report.tables.size(); ++s) {
    const ClassTable& own = report.tables[s];
    if (own.measure == nullptr) continue;
    if (table == nullptr || own.measure->rows.size() > table->measure->rows.size()) table = &own;
    if (report.judgement.sections[s].protocol != judge::Protocol::retrieval) continue;
    table = &own;  // classes of one, which nothing could find, are left out
    break;
  }
  if (table == nullptr) return "";
  auto classes = table->classes;
  std::ranges::stable_sort(classes, {}, [](const auto& each) { return each.second.measure.value; });
  std::vector<std::vector<std::string>> rows{
      {"class", table->measure->name, "95 % interval", "rows"}};
  for (std::size_t c = 0; c < std::min(classes.size(), kClassesShown); ++c) {
    const Judged& judged = classes[c].second;
    rows.push_back({printable(classes[c].first), decimals(judged.measure.value, 4),
                    interval(judged), human_count(judged.measure.rows.size())});
  }
  std::string text = "\nhardest classes\n" + columns(rows, "lrrr");
  if (classes.size() > kClassesShown) {
    text += "and " + std::to_string(classes.size() - kClassesShown) + " easier ones\n";
  }
  return text;
}

/// Which test pictures are in train too.
std::string leak_text(const JudgeReport& report) {
  const auto& leaks = report.judgement.leaks;
  if (leaks.empty()) return "";
  std::vector<std::vector<std::string>> rows{{"of the test", "of train", "cosine", "file"}};
  for (std::size_t i = 0; i < std::min(leaks.size(), kClassesShown); ++i) {
    rows.push_back({printable(report.paths[leaks[i].test]), printable(report.paths[leaks[i].train]),
                    decimals(leaks[i].similarity, 4),
                    leaks[i].same_content ? "the same" : "another"});
  }
  std::string text = "\nleakage: the same in test and train\n" + columns(rows, "llrl");
  if (leaks.size() > kClassesShown) {
    text += "and " + std::to_string(leaks.size() - kClassesShown) + " more\n";
  }
  return text;
}

}  // namespace

std::string eval_text(const JudgeReport& report) {
  std::string text = head(report);
  for (const Section& section : report.judgement.sections) text += section_text(section);
  return text + leak_text(report) + class_text(report);
}

}  // namespace alike::cli

#include "alike/cli/eval_report.h"

#include <algorithm>
#include <cstdio>

#include "alike/base/csv.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

using judge::Judged;
using judge::Section;
using measure::Measure;

constexpr std::size_t kClassesShown = 12;

std::string number(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.4f", value);
  return text;
}

/// All digits, for programs.
std::string digits(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

std::string interval(const Judged& judged) {
  if (!judged.has_interval) return "-";
  return number(judged.interval.low) + " to " + number(judged.interval.high);
}

std::string head(const EvalReport& report) {
  std::string text = "Space " + report.space + ": " + described_pictures(report) + ". " +
                     seed_text(report.judgement) + ".\n";
  for (const std::string& remark : report.remarks) text += remark + ".\n";
  return text;
}

std::string section_text(const Section& section) {
  const std::string settings = settings_text(section);
  std::string text = "\n" + std::string(judge::name_of(section.protocol)) +
                     (settings.empty() ? "" : " (" + settings + ")") + "\n";
  std::vector<std::vector<std::string>> rows{{"measure", "value", "95 % interval", "rows"}};
  for (const Judged& judged : section.judged) {
    rows.push_back({judged.measure.name, number(judged.measure.value), interval(judged),
                    judged.measure.rows.empty() ? "-" : human_count(judged.measure.rows.size())});
  }
  if (!section.judged.empty()) text += columns(rows, "lrrr");
  for (const std::string& remark : section.remarks) text += remark + ".\n";
  return text;
}

/// The classes by retrieval, or else by the measure that most rows count for.
std::string class_text(const EvalReport& report) {
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
    rows.push_back({printable(classes[c].first), number(judged.measure.value), interval(judged),
                    human_count(judged.measure.rows.size())});
  }
  std::string text = "\nhardest classes\n" + columns(rows, "lrrr");
  if (classes.size() > kClassesShown) {
    text += "and " + std::to_string(classes.size() - kClassesShown) + " easier ones\n";
  }
  return text;
}

/// Which test pictures are in train too.
std::string leak_text(const EvalReport& report) {
  const auto& leaks = report.judgement.leaks;
  if (leaks.empty()) return "";
  std::vector<std::vector<std::string>> rows{{"of the test", "of train", "cosine", "file"}};
  for (std::size_t i = 0; i < std::min(leaks.size(), kClassesShown); ++i) {
    rows.push_back({printable(report.paths[leaks[i].test]), printable(report.paths[leaks[i].train]),
                    number(leaks[i].similarity), leaks[i].same_content ? "the same" : "another"});
  }
  std::string text = "\nleakage: the same in test and train\n" + columns(rows, "llrl");
  if (leaks.size() > kClassesShown) {
    text += "and " + std::to_string(leaks.size() - kClassesShown) + " more\n";
  }
  return text;
}

json::object measure_json(const Judged& judged) {
  json::object of{{"value", judged.measure.value}};
  if (judged.has_interval) {
    of["low"] = judged.interval.low;
    of["high"] = judged.interval.high;
  }
  if (!judged.measure.rows.empty()) of["rows"] = judged.measure.rows.size();
  return of;
}

json::array texts(const std::vector<std::string>& all) {
  json::array array;
  for (const std::string& text : all) array.push_back(json_text(text));
  return array;
}

}  // namespace

void tell_classes(EvalReport& report) {
  report.tables.clear();
  for (const Section& section : report.judgement.sections) {
    ClassTable& table = report.tables.emplace_back();
    table.measure = main_measure(section);
    if (table.measure != nullptr) {
      table.classes = judge::by_class(*table.measure, report.judgement);
    }
  }
}

std::string settings_text(const Section& section) {
  std::string text;
  for (const auto& [name, value] : section.settings) {
    text += (text.empty() ? "" : ", ") + name + " " + value;
  }
  return text;
}

std::string seed_text(const judge::Judgement& judgement) {
  return "Seed " + std::to_string(judgement.seed) + ", intervals from " +
         human_count(measure::kBootstrapDraws) + " resamplings";
}

const Measure* main_measure(const Section& section) {
  const auto named = [&](std::string_view name) -> const Measure* {
    for (const Judged& judged : section.judged) {
      if (judged.measure.name == name && judged.has_interval) return &judged.measure;
    }
    return nullptr;
  };
  for (const char* name : {"map@r", "probe accuracy", "knn@5", "knn@1", "playground score"}) {
    if (const Measure* measure = named(name)) return measure;
  }
  return nullptr;
}

std::string described_pictures(const EvalReport& report) {
  const auto& judgement = report.judgement;
  const std::string pictures = counted(judgement.rows, "picture");
  if (judgement.classes.empty()) return pictures + " whose factors are known by " + report.labels;
  return pictures + ", " + human_count(judgement.labelled) + " of them in " +
         human_count(judgement.classes.size()) + " classes by " + report.labels;
}

std::string eval_text(const EvalReport& report) {
  std::string text = head(report);
  for (const Section& section : report.judgement.sections) text += section_text(section);
  return text + leak_text(report) + class_text(report);
}

json::object eval_json(const EvalReport& report) {
  json::object metrics, classes, settings, remarks;
  json::array protocols;
  for (std::size_t s = 0; s < report.judgement.sections.size(); ++s) {
    const Section& section = report.judgement.sections[s];
    const auto name = judge::name_of(section.protocol);
    protocols.emplace_back(name);
    json::object measures, how;
    for (const Judged& judged : section.judged) {
      measures[judged.measure.name] = measure_json(judged);
    }
    for (const auto& [key, value] : section.settings) how[key] = value;
    metrics[name] = std::move(measures);
    settings[name] = std::move(how);
    remarks[name] = texts(section.remarks);
    const ClassTable& table = report.tables[s];
    if (table.measure == nullptr) continue;
    json::object of_class, intervals;
    for (const auto& [label, each] : table.classes) {
      const auto key = json_text(label);
      of_class[std::string_view(key)] = each.measure.value;
      if (!each.has_interval) continue;
      intervals[std::string_view(key)] = json::array{each.interval.low, each.interval.high};
    }
    classes[name] = json::object{{"measure", table.measure->name},
                                 {"values", std::move(of_class)},
                                 {"intervals", std::move(intervals)}};
  }
  json::array leaks;
  for (const auto& leak : report.judgement.leaks) {
    leaks.push_back(json::object{{"test", json_text(report.paths[leak.test])},
                                 {"train", json_text(report.paths[leak.train])},
                                 {"cosine", leak.similarity},
                                 {"same_file", leak.same_content}});
  }
  return {{"space", report.space},
          {"seed", report.judgement.seed},
          {"resamplings", measure::kBootstrapDraws},
          {"leakage", std::move(leaks)},
          {"encoder", report.encoder},
          {"layer", report.layer},
          {"width", report.width},
          {"rows", report.judgement.rows},
          {"labelled", report.judgement.labelled},
          {"labels", report.labels},
          {"classes", report.judgement.classes.size()},
          {"protocol", std::move(protocols)},
          {"metrics", std::move(metrics)},
          {"by_class", std::move(classes)},
          {"settings", std::move(settings)},
          {"remarks", std::move(remarks)},
          {"warnings", texts(report.remarks)}};
}

std::string eval_csv(const EvalReport& report) {
  std::string text = "protocol,measure,class,value,low,high,rows,settings\n";
  for (std::size_t s = 0; s < report.judgement.sections.size(); ++s) {
    const Section& section = report.judgement.sections[s];
    const std::string settings =
        csv_field(settings_text(section) + (section.settings.empty() ? "" : ", ") +
                  "intervals by seed " + std::to_string(report.judgement.seed));
    const auto line = [&](const std::string& label, const Judged& judged) {
      const std::size_t rows = judged.measure.rows.size();
      text +=
          std::string(judge::name_of(section.protocol)) + "," + csv_field(judged.measure.name) +
          "," + csv_field(label) + "," + digits(judged.measure.value) + "," +
          (judged.has_interval ? digits(judged.interval.low) + "," + digits(judged.interval.high)
                               : std::string(",")) +
          "," + (rows > 0 ? std::to_string(rows) : "") + "," + settings + "\n";
    };
    for (const Judged& judged : section.judged) line("", judged);
    for (const auto& [label, judged] : report.tables[s].classes) line(label, judged);
  }
  return text;
}

}  // namespace alike::cli

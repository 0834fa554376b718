// A judgement as programs read it.
#include <cstdio>

#include "alike/actions/judge.h"
#include "alike/base/csv.h"
#include "alike/base/human.h"

namespace alike::actions {
namespace {

using judge::Judged;
using judge::Section;
using measure::Measure;

/// All digits, for programs.
std::string digits(double value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.10g", value);
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

json::object to_json(const FactorSet& made) {
  return {{"folder", json_text(made.folder.native())}, {"pictures", made.pictures}};
}

std::string settings_text(const Section& section) {
  std::string text;
  for (const auto& [name, value] : section.settings) {
    text += (text.empty() ? "" : ", ") + name + " " + value;
  }
  return text;
}

std::string seed_text(const judge::Judgement& judgement) {
  return "Seed " + std::to_string(judgement.seed) +
         ", intervals of 95 % for as many other rows of the same source";
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

std::string described_pictures(const JudgeReport& report) {
  const auto& judgement = report.judgement;
  const std::string pictures = counted(judgement.rows, "picture");
  if (judgement.classes.empty()) return pictures + " with known factors by " + report.labels;
  return pictures + ", " + human_count(judgement.labeled) + " of them in " +
         human_count(judgement.classes.size()) + " classes by " + report.labels;
}

json::object to_json(const JudgeReport& report) {
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
          {"leakage", std::move(leaks)},
          {"encoder", report.encoder},
          {"layer", report.layer},
          {"width", report.width},
          {"rows", report.judgement.rows},
          {"labelled", report.judgement.labeled},
          {"labels", report.labels},
          {"classes", report.judgement.classes.size()},
          {"protocol", std::move(protocols)},
          {"metrics", std::move(metrics)},
          {"by_class", std::move(classes)},
          {"settings", std::move(settings)},
          {"remarks", std::move(remarks)},
          {"warnings", texts(report.remarks)}};
}

std::string to_csv(const JudgeReport& report) {
  std::string text = "protocol,measure,class,value,low,high,rows,settings\n";
  for (std::size_t s = 0; s < report.judgement.sections.size(); ++s) {
    const Section& section = report.judgement.sections[s];
    const std::string settings = csv_field(settings_text(section));
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

}  // namespace alike::actions

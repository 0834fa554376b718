#include "alike/cli/eval_report.h"

#include <algorithm>
#include <cstdio>

#include "alike/base/csv.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

using evaluate::Judged;
using evaluate::Measure;
using evaluate::Section;

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

std::string head(const EvalReport& report) {
  std::string text = "Space " + report.space + ": " + described_pictures(report) + ".\n";
  for (const std::string& remark : report.remarks) text += remark + ".\n";
  return text;
}

std::string section_text(const Section& section) {
  std::string settings;
  for (const auto& [name, value] : section.settings) {
    settings += (settings.empty() ? "" : ", ") + name + " " + value;
  }
  std::string text =
      "\n" + std::string(evaluate::name_of(section.protocol)) + " (" + settings + ")\n";
  std::vector<std::vector<std::string>> rows{{"measure", "value", "95 % interval", "rows"}};
  for (const Judged& judged : section.judged) {
    rows.push_back({judged.measure.name, number(judged.measure.value),
                    judged.has_interval
                        ? number(judged.interval.low) + " to " + number(judged.interval.high)
                        : "-",
                    judged.measure.rows.empty() ? "-" : human_count(judged.measure.rows.size())});
  }
  if (!section.judged.empty()) text += columns(rows, "lrrr");
  for (const std::string& remark : section.remarks) text += remark + ".\n";
  return text;
}

/// The classes by retrieval, or else by the measure that most rows count for.
std::string class_text(const EvalReport& report) {
  const Measure* measure = nullptr;
  for (const Section& section : report.judgement.sections) {
    const Measure* main = main_measure(section);
    if (main == nullptr) continue;
    if (measure == nullptr || main->rows.size() > measure->rows.size()) measure = main;
    if (section.protocol != evaluate::Protocol::retrieval) continue;
    measure = main;  // classes of one, which nothing could find, are left out
    break;
  }
  if (measure == nullptr) return "";
  auto classes = evaluate::by_class(*measure, report.judgement);
  std::ranges::stable_sort(classes, {}, [](const auto& each) { return each.second.value; });
  std::vector<std::vector<std::string>> rows{{"class", measure->name, "rows"}};
  for (std::size_t c = 0; c < std::min(classes.size(), kClassesShown); ++c) {
    rows.push_back({printable(classes[c].first), number(classes[c].second.value),
                    human_count(classes[c].second.rows.size())});
  }
  std::string text = "\nhardest classes\n" + columns(rows, "lrr");
  if (classes.size() > kClassesShown) {
    text += "and " + std::to_string(classes.size() - kClassesShown) + " easier ones\n";
  }
  return text;
}

/// Which test pictures are in train too.
std::string leak_text(const EvalReport& report) {
  const auto& leaks = report.judgement.leaks;
  if (leaks.empty()) return "";
  std::vector<std::vector<std::string>> rows{{"of the test", "of train", "cosine"}};
  for (std::size_t i = 0; i < std::min(leaks.size(), kClassesShown); ++i) {
    rows.push_back({printable(report.paths[leaks[i].test]), printable(report.paths[leaks[i].train]),
                    number(leaks[i].similarity)});
  }
  std::string text = "\nleakage: the same in test and train\n" + columns(rows, "llr");
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
    of["rows"] = judged.measure.rows.size();
  }
  return of;
}

json::array texts(const std::vector<std::string>& all) {
  json::array array;
  for (const std::string& text : all) array.push_back(json_text(text));
  return array;
}

}  // namespace

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
  for (const Section& section : report.judgement.sections) {
    const auto name = evaluate::name_of(section.protocol);
    protocols.emplace_back(name);
    json::object measures, how;
    for (const Judged& judged : section.judged) {
      measures[judged.measure.name] = measure_json(judged);
    }
    for (const auto& [key, value] : section.settings) how[key] = value;
    metrics[name] = std::move(measures);
    settings[name] = std::move(how);
    remarks[name] = texts(section.remarks);
    if (const Measure* measure = main_measure(section)) {
      json::object of_class;
      for (const auto& [label, each] : evaluate::by_class(*measure, report.judgement)) {
        of_class[std::string_view(json_text(label))] = each.value;
      }
      classes[name] = json::object{{"measure", measure->name}, {"values", std::move(of_class)}};
    }
  }
  json::array leaks;
  for (const auto& leak : report.judgement.leaks) {
    leaks.push_back(json::object{{"test", json_text(report.paths[leak.test])},
                                 {"train", json_text(report.paths[leak.train])},
                                 {"cosine", leak.similarity}});
  }
  return {{"space", report.space},
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
  std::string text = "protocol,measure,class,value,low,high,rows\n";
  const auto line = [&](const Section& section, const std::string& measure,
                        const std::string& label, const std::string& rest) {
    text += std::string(evaluate::name_of(section.protocol)) + "," + csv_field(measure) + "," +
            csv_field(label) + "," + rest + "\n";
  };
  for (const Section& section : report.judgement.sections) {
    for (const Judged& judged : section.judged) {
      const std::string sure = judged.has_interval ? digits(judged.interval.low) + "," +
                                                         digits(judged.interval.high) + "," +
                                                         std::to_string(judged.measure.rows.size())
                                                   : ",,";
      line(section, judged.measure.name, "", digits(judged.measure.value) + "," + sure);
    }
    const Measure* measure = main_measure(section);
    if (measure == nullptr) continue;
    for (const auto& [label, each] : evaluate::by_class(*measure, report.judgement)) {
      line(section, measure->name, label,
           digits(each.value) + ",,," + std::to_string(each.rows.size()));
    }
  }
  return text;
}

}  // namespace alike::cli

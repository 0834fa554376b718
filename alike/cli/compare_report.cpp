#include "alike/cli/compare_report.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "alike/cli/words.h"

namespace alike::cli {
namespace {

using evaluate::find_measure;
using evaluate::Judged;

constexpr std::array<const char*, 5> kShown = {"map@r", "recall@1", "knn@5", "probe accuracy",
                                               "playground score"};

std::string number(double value, int decimals = 3) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

std::string difference(const Compared& each) {
  if (each.behind.rows == 0) return "-";
  if (!each.behind.real()) return "as good";
  return number(each.behind.mean) + " (" + number(each.behind.interval.low) + " to " +
         number(each.behind.interval.high) + ")";
}

}  // namespace

std::string compare_text(const Comparison& comparison) {
  const auto& judgement = comparison.all.front().judgement;
  std::string text = counted(judgement.rows, "picture") + ", " + human_count(judgement.labelled) +
                     " of them in " + human_count(judgement.classes.size()) + " classes by " +
                     comparison.labels + "; ranked by " + comparison.by + ".\n";
  for (const std::string& remark : comparison.remarks) text += remark + ".\n";
  std::vector<std::vector<std::string>> rows{{"", "numbers", "cost", "ms"}};
  for (const char* name : kShown) {
    if (find_measure(judgement, name) != nullptr) rows.front().emplace_back(name);
  }
  rows.front().push_back("behind the best by " + comparison.by);
  std::string align(rows.front().size(), 'r');
  align.front() = align.back() = 'l';
  for (const Compared& each : comparison.all) {
    std::vector<std::string> row{
        (each.front ? "* " : "  ") + printable(each.name), human_count(each.width),
        each.cost ? std::to_string(std::lround(100 * *each.cost)) + " %" : "-",
        each.picture_ms ? number(*each.picture_ms, 1) : "-"};
    for (const char* name : kShown) {
      if (find_measure(judgement, name) == nullptr) continue;
      const Judged* judged = find_measure(each.judgement, name);
      row.push_back(judged != nullptr ? number(judged->measure.value) : "-");
    }
    row.push_back(&each == &comparison.all.front() ? "" : difference(each));
    rows.push_back(std::move(row));
  }
  return text + "\n" + columns(rows, align) +
         "\n* nothing else is as good with fewer numbers a picture. Cost: share of the network "
         "that "
         "is computed. 'as good': the 95 % interval of the paired difference holds 0.\n";
}

json::object compare_json(const Comparison& comparison) {
  json::array all, remarks;
  for (const Compared& each : comparison.all) {
    json::object metrics;
    for (const auto& section : each.judgement.sections) {
      for (const Judged& judged : section.judged) {
        json::object of{{"value", judged.measure.value}};
        if (judged.has_interval) {
          of["low"] = judged.interval.low;
          of["high"] = judged.interval.high;
        }
        metrics[judged.measure.name] = std::move(of);
      }
    }
    all.push_back(json::object{
        {"name", json_text(each.name)},
        {"encoder", each.encoder},
        {"layer", each.layer},
        {"width", each.width},
        {"bytes_per_row", each.width * sizeof(float)},
        {"cost", each.cost ? json::value(*each.cost) : json::value(nullptr)},
        {"picture_ms", each.picture_ms ? json::value(*each.picture_ms) : json::value(nullptr)},
        {"metrics", std::move(metrics)},
        {"behind", each.behind.mean},
        {"behind_low", each.behind.interval.low},
        {"behind_high", each.behind.interval.high},
        {"real", each.behind.real()},
        {"front", each.front}});
  }
  for (const std::string& remark : comparison.remarks) remarks.push_back(json_text(remark));
  const auto& judgement = comparison.all.front().judgement;
  return {{"by", comparison.by},
          {"rows", judgement.rows},
          {"labelled", judgement.labelled},
          {"classes", judgement.classes.size()},
          {"labels", comparison.labels},
          {"compared", std::move(all)},
          {"warnings", std::move(remarks)}};
}

std::string compare_csv(const Comparison& comparison) {
  std::string text = "name,encoder,layer,width,cost,measure,value,low,high\n";
  for (const Compared& each : comparison.all) {
    for (const auto& section : each.judgement.sections) {
      for (const Judged& judged : section.judged) {
        text += each.name + "," + each.encoder + "," + each.layer + "," +
                std::to_string(each.width) + "," + (each.cost ? number(*each.cost, 6) : "") +
                ",\"" + judged.measure.name + "\"," + number(judged.measure.value, 10) + "," +
                (judged.has_interval
                     ? number(judged.interval.low, 10) + "," + number(judged.interval.high, 10)
                     : std::string(",")) +
                "\n";
      }
    }
  }
  return text;
}

}  // namespace alike::cli

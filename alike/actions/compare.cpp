#include "alike/actions/compare.h"

#include <algorithm>
#include <set>
#include <utility>

#include "alike/actions/judge.h"
#include "alike/base/csv.h"
#include "alike/base/human.h"

namespace alike::actions {
namespace {

using judge::Compared;
using judge::Comparison;
using judge::Judged;

/// Whether section `s` of every compared space has `what` in its list `in`.
template <typename List, typename What>
bool of_all(const Comparison& comparison, std::size_t s, List judge::Section::*in,
            const What& what) {
  return std::ranges::all_of(comparison.all, [&](const Compared& each) {
    return std::ranges::count(each.judgement.sections[s].*in, what) > 0;
  });
}

}  // namespace

std::vector<std::string> encoders_of(const collection::Collection& collection) {
  std::set<std::string> encoders;
  for (const auto& space : collection.spaces()) {
    if (!space.encoder.empty()) encoders.insert(space.encoder);
  }
  return {encoders.begin(), encoders.end()};
}

std::vector<std::string> how_compared(const Comparison& comparison) {
  const auto& judgement = comparison.all.front().judgement;
  std::vector<std::string> all{counted(judgement.rows, "picture") + ", " +
                                   human_count(judgement.labeled) + " of them in " +
                                   human_count(judgement.classes.size()) + " classes by " +
                                   comparison.labels + "; ranked by " + comparison.by,
                               seed_text(judgement)};
  all.insert(all.end(), comparison.remarks.begin(), comparison.remarks.end());
  for (std::size_t s = 0; s < judgement.sections.size(); ++s) {
    const std::string protocol(judge::name_of(judgement.sections[s].protocol));
    std::string settings;
    for (const auto& setting : judgement.sections[s].settings) {
      if (!of_all(comparison, s, &judge::Section::settings, setting)) continue;
      settings += (settings.empty() ? ": " : ", ") + setting.first + " " + setting.second;
    }
    all.push_back(protocol + settings);
    for (const auto& remark : judgement.sections[s].remarks) {
      if (!of_all(comparison, s, &judge::Section::remarks, remark)) continue;
      all.push_back(protocol + ": " + remark);
    }
  }
  return all;
}

json::object to_json(const Comparison& comparison) {
  json::array all, remarks;
  for (const Compared& each : comparison.all) {
    json::object metrics, settings, section_remarks;
    for (const auto& section : each.judgement.sections) {
      json::object how;
      for (const auto& [key, value] : section.settings) how[key] = value;
      settings[judge::name_of(section.protocol)] = std::move(how);
      json::array of_section;
      for (const auto& remark : section.remarks) of_section.push_back(json_text(remark));
      section_remarks[judge::name_of(section.protocol)] = std::move(of_section);
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
        {"settings", std::move(settings)},
        {"remarks", std::move(section_remarks)},
        {"behind", each.behind.mean},
        {"behind_low", each.behind.interval.low},
        {"behind_high", each.behind.interval.high},
        {"real", each.behind.real()},
        {"front", each.front}});
  }
  for (const std::string& remark : comparison.remarks) remarks.push_back(json_text(remark));
  const auto& judgement = comparison.all.front().judgement;
  return {{"by", comparison.by},
          {"seed", judgement.seed},
          {"rows", judgement.rows},
          {"labelled", judgement.labeled},
          {"classes", judgement.classes.size()},
          {"labels", comparison.labels},
          {"compared", std::move(all)},
          {"warnings", std::move(remarks)}};
}

std::string to_csv(const Comparison& comparison) {
  std::string text =
      "name,encoder,layer,width,bytes,cost,protocol,measure,value,low,high,front,settings\n";
  for (const Compared& each : comparison.all) {
    const std::string what = csv_field(each.name) + "," + csv_field(each.encoder) + "," +
                             csv_field(each.layer) + "," + std::to_string(each.width) + "," +
                             std::to_string(each.width * sizeof(float)) + "," +
                             (each.cost ? decimals(*each.cost, 6) : "") + ",";
    for (const auto& section : each.judgement.sections) {
      const std::string how = csv_field(settings_text(section));
      for (const Judged& judged : section.judged) {
        text += what + std::string(judge::name_of(section.protocol)) + "," +
                csv_field(judged.measure.name) + "," + decimals(judged.measure.value, 10) + "," +
                (judged.has_interval
                     ? decimals(judged.interval.low, 10) + "," + decimals(judged.interval.high, 10)
                     : std::string(",")) +
                (each.front ? ",1," : ",0,") + how + "\n";
      }
    }
  }
  return text;
}

}  // namespace alike::actions

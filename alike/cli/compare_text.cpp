#include "alike/cli/compare_text.h"

#include <array>
#include <cmath>

#include "alike/actions/compare.h"
#include "alike/base/human.h"

namespace alike::cli {
namespace {

using judge::Compared;
using judge::Comparison;
using judge::find_measure;
using judge::Judged;

constexpr std::array<const char*, 5> kShown = {"map@r", "recall@1", "knn@5", "probe accuracy",
                                               "playground score"};

std::string difference(const Compared& each) {
  if (each.behind.rows == 0) return "-";
  if (!each.behind.real()) return "as good";
  return decimals(each.behind.mean, 3) + " (" + decimals(each.behind.interval.low, 3) + " to " +
         decimals(each.behind.interval.high, 3) + ")";
}

}  // namespace

std::string compare_text(const Comparison& comparison) {
  const auto& judgement = comparison.all.front().judgement;
  std::string text;
  for (const std::string& sentence : actions::how_compared(comparison))
    text += printable(sentence) + ".\n";
  std::vector<std::vector<std::string>> rows{{"", "numbers", "bytes", "cost", "ms"}};
  for (const char* name : kShown) {
    if (find_measure(judgement, name) != nullptr) rows.front().emplace_back(name);
  }
  rows.front().push_back("behind the best by " + comparison.by);
  std::string align(rows.front().size(), 'r');
  align.front() = align.back() = 'l';
  for (const Compared& each : comparison.all) {
    std::vector<std::string> row{
        (each.front ? "* " : "  ") + printable(each.name), human_count(each.width),
        human_count(each.width * sizeof(float)),
        each.cost ? std::to_string(std::lround(100 * *each.cost)) + " %" : "-",
        each.picture_ms ? decimals(*each.picture_ms, 1) : "-"};
    for (const char* name : kShown) {
      if (find_measure(judgement, name) == nullptr) continue;
      const Judged* judged = find_measure(each.judgement, name);
      row.push_back(judged != nullptr ? decimals(judged->measure.value, 3) : "-");
    }
    row.push_back(&each == &comparison.all.front() ? "" : difference(each));
    rows.push_back(std::move(row));
  }
  return text + "\n" + columns(rows, align) +
         "\n* nothing else is as good with fewer numbers a picture. Cost: share of the network "
         "that is computed. 'as good': the 95 % interval of the paired difference holds 0.\n";
}

}  // namespace alike::cli

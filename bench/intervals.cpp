// Coverage of the intervals of `alike eval`, and how often `alike compare` takes two equally good
// spaces for different.
//
//   bench_intervals CLASSES ROWS WIDTH NOISE MIX SETS    prints a line for each measure
//
// Each set has ROWS rows of one mixture: the centre of a class (the same in all sets) and NOISE
// times a normal number in each place. MIX "drawn": the class of each row is drawn, "fixed": each
// class has as many rows in each set. The truth of a measure is its mean over the sets, since
// most measures depend on the number of rows. The two spaces of a comparison see each row with a
// noise of their own, half as large.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alike/base/random.h"
#include "alike/judge/judge.h"

namespace {

using namespace alike;

double normal(Random& random) {
  return std::sqrt(-2 * std::log(1 - random.uniform())) *
         std::cos(2 * 3.141592653589793 * random.uniform());
}

struct Mixture {
  std::size_t classes, rows, width;
  double noise;
  bool drawn;
};

struct Set {
  Matrix rows, seen[2];
  Labels labels;
};

Set set_of(const Mixture& mixture, std::uint64_t seed) {
  Random of_centers(1), random(1000 + seed);
  Matrix centers(mixture.classes, mixture.width);
  for (std::size_t c = 0; c < mixture.classes; ++c) {
    for (float& value : centers.row(c)) value = static_cast<float>(normal(of_centers));
  }
  Set set;
  for (Matrix* rows : {&set.rows, &set.seen[0], &set.seen[1]}) {
    *rows = Matrix(mixture.rows, mixture.width);
  }
  for (std::size_t c = 0; c < mixture.classes; ++c) {
    set.labels.names.push_back("class " + std::to_string(c));
  }
  for (std::size_t r = 0; r < mixture.rows; ++r) {
    const std::size_t c = mixture.drawn ? random.below(mixture.classes) : r % mixture.classes;
    set.labels.of.push_back(static_cast<int>(c));
    for (std::size_t j = 0; j < mixture.width; ++j) {
      const double value = double{centers.row(c)[j]} + mixture.noise * normal(random);
      set.rows.row(r)[j] = static_cast<float>(value);
      for (Matrix& seen : set.seen) {
        seen.row(r)[j] = static_cast<float>(value + mixture.noise / 2 * normal(random));
      }
    }
  }
  return set;
}

/// What the sets said of one measure.
struct Told {
  std::vector<double> values, low, high;

  void add(const judge::Judged& judged) {
    values.push_back(judged.measure.value);
    low.push_back(judged.interval.low);
    high.push_back(judged.interval.high);
  }
  void print(const char* name) const {
    const auto count = static_cast<double>(values.size());
    double mean = 0, square = 0, width = 0, held = 0;
    for (const double value : values) mean += value / count;
    for (std::size_t i = 0; i < values.size(); ++i) {
      square += (values[i] - mean) * (values[i] - mean) / (count - 1);
      width += (high[i] - low[i]) / count;
      held += low[i] <= mean && mean <= high[i] ? 1 / count : 0;
    }
    std::printf("%-36s %.3f  held %.3f  width %.2f\n", name, mean, held,
                square > 0 ? width / std::sqrt(square) / 3.92 : 0);
  }
};

/// Every measure with an interval, by "protocol measure".
std::map<std::string, const judge::Judged*> intervals_of(const judge::Judgement& judgement) {
  std::map<std::string, const judge::Judged*> all;
  for (const auto& section : judgement.sections) {
    for (const auto& judged : section.judged) {
      if (!judged.has_interval) continue;
      all[std::string(name_of(section.protocol)) + " " + judged.measure.name] = &judged;
    }
  }
  return all;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) return 2;
  const Mixture mixture{static_cast<std::size_t>(std::atoi(argv[1])),
                        static_cast<std::size_t>(std::atoi(argv[2])),
                        static_cast<std::size_t>(std::atoi(argv[3])), std::atof(argv[4]),
                        std::string_view(argv[5]) == "drawn"};
  const auto sets = static_cast<std::uint64_t>(std::atoi(argv[6]));
  std::map<std::string, Told> told;
  std::map<std::string, double> different;
  for (std::uint64_t seed = 0; seed < sets; ++seed) {
    const Set set = set_of(mixture, seed);
    const judge::Judgement judgement = judge::judge(set.rows, set.labels, {});
    for (const auto& [name, judged] : intervals_of(judgement)) {
      told[name].add(*judged);
      if (judged->measure.name != "map@r") continue;
      const auto of_classes = judge::by_class(judged->measure, judgement);
      told[name + " of " + of_classes.front().first].add(of_classes.front().second);
    }
    const judge::JudgeOptions compared{
        .protocols = {judge::Protocol::probe, judge::Protocol::knn, judge::Protocol::retrieval,
                      judge::Protocol::score},
        .few_shot = false};
    const auto first = judge::judge(set.seen[0], set.labels, compared);
    const auto second = judge::judge(set.seen[1], set.labels, compared);
    const auto of_second = intervals_of(second);
    for (const auto& [name, judged] : intervals_of(first)) {
      const auto& other = of_second.at(name)->measure;
      different[name] += measure::paired_difference(judged->measure, other).real() ? 1 : 0;
    }
  }
  for (const auto& [name, of_measure] : told) of_measure.print(name.c_str());
  for (const auto& [name, count] : different) {
    std::printf("%-36s different %.3f\n", name.c_str(), count / static_cast<double>(sets));
  }
  return 0;
}

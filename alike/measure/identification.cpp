#include "alike/measure/identification.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <limits>
#include <string>
#include <utility>

#include "alike/base/check.h"
#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/measure/labels.h"
#include "alike/measure/learners/nearest_rows.h"

namespace alike::measure {
namespace {

using Places = std::vector<std::uint32_t>;

constexpr std::array<double, 2> kFalseAlarms = {0.1, 0.01};
constexpr std::size_t kFewestClasses = 4;  // two known and two unknown

template <typename T>
void shuffle(std::vector<T>& values, Random& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.below(i)]);
}

/// The enrolled rows and the probes of one draw.
struct Draw {
  std::vector<std::size_t> known;   // classes, ascending
  std::vector<Places> enrolled;     // (known classes)
  Places probes;                    // of the known classes, then of the others
  std::vector<std::size_t> answer;  // (probes of known classes) place in `enrolled`
};

Draw drawn(const std::vector<Places>& members, std::vector<std::size_t> known, std::size_t shots,
           std::uint64_t seed) {
  Random random(seed);
  shuffle(known, random);
  known.resize(known.size() / 2);
  std::ranges::sort(known);
  Draw draw;
  for (const std::size_t c : known) {
    Places rows = members[c];
    shuffle(rows, random);
    for (std::size_t i = shots; i < rows.size(); ++i) {
      draw.probes.push_back(rows[i]);
      draw.answer.push_back(draw.enrolled.size());
    }
    rows.resize(shots);
    draw.enrolled.push_back(std::move(rows));
  }
  for (std::size_t c = 0; c < members.size(); ++c) {
    if (std::ranges::binary_search(known, c)) continue;
    draw.probes.insert(draw.probes.end(), members[c].begin(), members[c].end());
  }
  draw.known = std::move(known);
  return draw;
}

/// The template of each class.
Matrix templates(MatrixView rows, const std::vector<Places>& enrolled, index::Metric metric) {
  Matrix means(enrolled.size(), rows.width);
  std::vector<double> sum(rows.width);
  for (std::size_t c = 0; c < enrolled.size(); ++c) {
    std::ranges::fill(sum, 0.0);
    for (const std::uint32_t place : enrolled[c]) {
      const auto row = rows.row(place);
      double square = 0;
      for (const double value : row) square += value * value;
      double scale = 1 / static_cast<double>(enrolled[c].size());
      if (metric == index::Metric::cosine && square > 0) scale /= std::sqrt(square);
      for (std::size_t i = 0; i < row.size(); ++i) sum[i] += scale * double{row[i]};
    }
    std::ranges::transform(sum, means.row(c).begin(),
                           [](double value) { return static_cast<float>(value); });
  }
  return means;
}

/// The distance that all but a share of the unknown rows exceed: a nearer row is accepted as known.
float threshold_at(const std::vector<float>& sorted, double share) {
  const auto allowed = static_cast<std::size_t>(share * static_cast<double>(sorted.size()));
  return sorted[std::min(allowed, sorted.size() - 1)];
}

constexpr std::size_t kMeasures = 1 + kFalseAlarms.size();
using Values = std::array<double, kMeasures>;

/// The two nearest enrolled classes of a probe.
struct Answer {
  std::size_t first = 0, second = 0;
  float distance = 0, second_distance = 0;
};

/// Sums over draws.
class Tally {
 public:
  /// `draws_known` (classes): in how many draws each is known.
  Tally(std::size_t rows, std::vector<std::size_t> draws_known, std::size_t shots)
      : asked_(rows),
        right_(rows),
        shifts_(rows),
        draws_known_(std::move(draws_known)),
        of_template_(draws_known_.size()),
        shots_(shots) {}

  void add(MatrixView rows, const Draw& draw, const IdentificationOptions& options,
           const Watcher& watcher) {
    const auto answers = answers_of(rows, draw, options, watcher);
    std::vector<float> unknown;
    for (std::size_t i = draw.answer.size(); i < answers.size(); ++i) {
      unknown.push_back(answers[i].distance);
    }
    std::ranges::sort(unknown);
    std::vector<Values> of_template(draw.known.size());
    count(draw, answers, unknown, of_template);
    for (std::size_t f = 0; f < kFalseAlarms.size(); ++f) {
      shift(draw, answers, unknown, f, of_template);
    }
    for (std::size_t c = 0; c < draw.known.size(); ++c) {
      of_template_[draw.known[c]].push_back(of_template[c]);
    }
  }

  std::vector<Measure> measures(const std::vector<Places>& members) const {
    const std::string few = ", " + std::to_string(shots_) + " a class";
    std::vector<Measure> all{measure(0, "identification" + few, members)};
    for (std::size_t f = 0; f < kFalseAlarms.size(); ++f) {
      char name[32];
      std::snprintf(name, sizeof name, "dir@far=%g", kFalseAlarms[f]);
      all.push_back(measure(1 + f, name + few, members));
    }
    return all;
  }

 private:
  static std::vector<Answer> answers_of(MatrixView rows, const Draw& draw,
                                        const IdentificationOptions& options,
                                        const Watcher& watcher) {
    std::vector<Answer> answers;
    for_nearest(
        rows_at(rows, draw.probes), templates(rows, draw.enrolled, options.metric),
        {.metric = options.metric, .k = 2, .threads = options.threads}, watcher,
        [&](std::size_t, std::span<const index::Neighbor> found) {
          const auto& next = found.back();
          answers.push_back({static_cast<std::size_t>(found[0].id),
                             static_cast<std::size_t>(next.id), found[0].distance, next.distance});
        });
    return answers;
  }

  /// What a probe of a known class adds to the sum over rows, if it is right in this draw.
  double weight(const Draw& draw, std::size_t probe) const {
    return 1 / static_cast<double>(draws_known_[draw.known[draw.answer[probe]]]);
  }

  /// Counts right answers; adds to `of_template` (known classes) those that each template gave,
  /// less those that it took from the class that is right and would have been next.
  void count(const Draw& draw, const std::vector<Answer>& answers,
             const std::vector<float>& unknown, std::vector<Values>& of_template) {
    std::array<float, kMeasures> limits{std::numeric_limits<float>::infinity()};
    for (std::size_t f = 0; f < kFalseAlarms.size(); ++f) {
      limits[1 + f] = threshold_at(unknown, kFalseAlarms[f]);
    }
    for (std::size_t i = 0; i < draw.answer.size(); ++i) {
      ++asked_[draw.probes[i]];
      const bool first = answers[i].first == draw.answer[i];
      const bool second = !first && answers[i].second == draw.answer[i];
      for (std::size_t m = 0; m < kMeasures; ++m) {
        const bool right = first && (m == 0 || answers[i].distance < limits[m]);
        const bool taken = second && (m == 0 || answers[i].second_distance < limits[m]);
        right_[draw.probes[i]][m] += right ? 1U : 0U;
        of_template[answers[i].first][m] += right ? weight(draw, i) : taken ? -weight(draw, i) : 0;
      }
    }
  }

  /// The share of false alarms varies with the unknown rows and with the templates near them, and
  /// with it the right answers, along their curve.
  void shift(const Draw& draw, const std::vector<Answer>& answers,
             const std::vector<float>& unknown, std::size_t f, std::vector<Values>& of_template) {
    const auto all = static_cast<double>(unknown.size());
    const double share = kFalseAlarms[f];
    const double reach = 2 * std::max(std::sqrt(share * (1 - share) / all), 1 / all);
    const double low = std::max(0.0, share - reach), high = std::min(1.0, share + reach);
    const float near = threshold_at(unknown, low), far = threshold_at(unknown, high);
    double rise = 0;
    for (std::size_t i = 0; i < draw.answer.size(); ++i) {
      const bool between = answers[i].distance >= near && answers[i].distance < far;
      rise += between && answers[i].first == draw.answer[i] ? weight(draw, i) : 0;
    }
    const double slope = rise / (high - low) / all;
    const float limit = threshold_at(unknown, share);
    const double accepted =
        static_cast<double>(std::ranges::lower_bound(unknown, limit) - unknown.begin()) / all;
    for (std::size_t i = draw.answer.size(); i < answers.size(); ++i) {
      const bool alarm = answers[i].distance < limit;
      shifts_[draw.probes[i]][1 + f] -= slope * ((alarm ? 1 : 0) - accepted);
      of_template[answers[i].first][1 + f] -= alarm ? slope : 0;
    }
  }

  /// The variance of the sum over rows by the rows that were enrolled.
  void add_drawn(std::size_t which, const std::vector<Places>& members, Measure& to) const {
    double squares = 0, times = 0;
    for (std::size_t c = 0; c < members.size(); ++c) {
      const auto& own = of_template_[c];
      const auto count = static_cast<double>(own.size());
      if (own.empty()) continue;
      double mean = 0;
      for (const Values& values : own) mean += values[which] / count;
      for (const Values& values : own) {
        squares += (values[which] - mean) * (values[which] - mean);
      }
      to.drawn_freedom += own.size() - 1;
      const double shared = static_cast<double>(shots_) / static_cast<double>(members[c].size());
      times += count * (1 + count * shared / (1 - shared));
    }
    if (to.drawn_freedom == 0) return;
    const auto rows = static_cast<double>(to.rows.size());
    const double once = (squares - noise(which, members)) / static_cast<double>(to.drawn_freedom);
    to.drawn = std::max(0.0, once) * times / (rows * rows);
  }

  /// What of the squares of right answers is of single probes. Half of it, as bench_intervals has
  /// it: the rest makes up for templates that alter each other's answers. None where a threshold by
  /// few unknown rows decides.
  double noise(std::size_t which, const std::vector<Places>& members) const {
    double sum = 0;
    if (which > 0) return sum;
    for (std::size_t c = 0; c < members.size(); ++c) {
      const auto draws = static_cast<double>(draws_known_[c]);
      for (const std::uint32_t row : members[c]) {
        if (asked_[row] < 2 || draws < 2) continue;
        const double asked = asked_[row], share = right_[row][which] / asked;
        sum += asked * share * (1 - share) / (asked - 1) * (draws - 1) / (draws * draws) / 2;
      }
    }
    return sum;
  }

  Measure measure(std::size_t which, std::string name, const std::vector<Places>& members) const {
    Places rows;
    std::vector<double> values;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      if (asked_[i] == 0) continue;
      rows.push_back(static_cast<std::uint32_t>(i));
      values.push_back(static_cast<double>(right_[i][which]) / static_cast<double>(asked_[i]));
    }
    Measure made = mean_of(std::move(name), std::move(rows), std::move(values));
    for (std::size_t i = 0; i < shifts_.size(); ++i) {
      if (shifts_[i][which] == 0) continue;
      made.others.push_back(static_cast<std::uint32_t>(i));
      made.effects.push_back(shifts_[i][which]);
    }
    add_drawn(which, members, made);
    return made;
  }

  std::vector<std::uint32_t> asked_;
  std::vector<std::array<std::uint32_t, kMeasures>> right_;
  std::vector<Values> shifts_;  // effects of the unknown rows
  std::vector<std::size_t> draws_known_;
  std::vector<std::vector<Values>> of_template_;  // (classes, draws in which it is known)
  std::size_t shots_;
};

}  // namespace

Identification measure_identification(MatrixView rows, std::span<const int> labels,
                                      const IdentificationOptions& options,
                                      const Watcher& watcher) {
  require_for_each_row(labels.size(), "labels", rows.rows);
  check_finite(rows, "row");
  const auto members = rows_by_class(labels, class_count(labels));
  std::vector<std::size_t> known;
  for (std::size_t c = 0; c < members.size(); ++c) {
    if (members[c].size() > options.shots) known.push_back(c);
  }
  if (known.size() < kFewestClasses) {
    throw Error(ErrorCode::invalid_argument,
                std::to_string(known.size()) + " classes have more than " +
                    std::to_string(options.shots) +
                    " rows; identification needs four: two known and two unknown");
  }
  Identification made;
  std::vector<Draw> draws;
  std::vector<std::size_t> draws_known(members.size());
  for (std::size_t i = 0; i < options.draws; ++i) {
    draws.push_back(drawn(members, known, options.shots, random_bits(options.seed, i)));
    for (const std::size_t c : draws.back().known) ++draws_known[c];
  }
  made.classes = draws.front().enrolled.size();
  made.strangers = draws.front().probes.size() - draws.front().answer.size();
  Tally tally(rows.rows, std::move(draws_known), options.shots);
  for (const Draw& draw : draws) tally.add(rows, draw, options, watcher);
  made.measures = tally.measures(members);
  return made;
}

}  // namespace alike::measure

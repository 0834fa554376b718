#include "alike/measure/identification.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>

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
float threshold_at(std::vector<float> strangers, double share) {
  const auto allowed = static_cast<std::size_t>(share * static_cast<double>(strangers.size()));
  std::ranges::sort(strangers);
  return strangers[std::min(allowed, strangers.size() - 1)];
}

/// Sums over draws.
class Tally {
 public:
  explicit Tally(std::size_t rows) : asked_(rows), right_(rows) {}

  void add(MatrixView rows, const Draw& draw, const IdentificationOptions& options,
           const Watcher& watcher) {
    std::vector<std::pair<std::size_t, float>> nearest;
    for_nearest(rows_at(rows, draw.probes), templates(rows, draw.enrolled, options.metric),
                {.metric = options.metric, .k = 1, .threads = options.threads}, watcher,
                [&](std::size_t, std::span<const index::Neighbor> found) {
                  nearest.emplace_back(static_cast<std::size_t>(found[0].id), found[0].distance);
                });
    std::vector<float> strangers;
    for (std::size_t i = draw.answer.size(); i < nearest.size(); ++i) {
      strangers.push_back(nearest[i].second);
    }
    std::array<float, kFalseAlarms.size()> thresholds{};
    std::ranges::transform(kFalseAlarms, thresholds.begin(),
                           [&](double share) { return threshold_at(strangers, share); });
    for (std::size_t i = 0; i < draw.answer.size(); ++i) {
      ++asked_[draw.probes[i]];
      if (nearest[i].first != draw.answer[i]) continue;
      auto& right = right_[draw.probes[i]];
      ++right[0];
      for (std::size_t f = 0; f < thresholds.size(); ++f) {
        right[1 + f] += nearest[i].second < thresholds[f] ? 1U : 0U;
      }
    }
  }

  std::vector<Measure> measures(std::size_t shots) const {
    const std::string few = ", " + std::to_string(shots) + " a class";
    std::vector<Measure> all{measure(0, "identification" + few)};
    for (std::size_t f = 0; f < kFalseAlarms.size(); ++f) {
      char name[32];
      std::snprintf(name, sizeof name, "dir@far=%g", kFalseAlarms[f]);
      all.push_back(measure(1 + f, name + few));
    }
    return all;
  }

 private:
  Measure measure(std::size_t which, std::string name) const {
    Places rows;
    std::vector<double> values;
    for (std::size_t i = 0; i < asked_.size(); ++i) {
      if (asked_[i] == 0) continue;
      rows.push_back(static_cast<std::uint32_t>(i));
      values.push_back(static_cast<double>(right_[i][which]) / static_cast<double>(asked_[i]));
    }
    return mean_of(std::move(name), std::move(rows), std::move(values));
  }

  std::vector<std::uint32_t> asked_;
  std::vector<std::array<std::uint32_t, 1 + kFalseAlarms.size()>> right_;
};

}  // namespace

Identification measure_identification(MatrixView rows, std::span<const int> labels,
                                      const IdentificationOptions& options,
                                      const Watcher& watcher) {
  if (labels.size() != rows.rows) {
    throw Error(ErrorCode::invalid_argument,
                std::to_string(labels.size()) + " labels are given for " +
                    std::to_string(rows.rows) + " rows; give one for each");
  }
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
  Tally tally(rows.rows);
  for (std::size_t i = 0; i < options.draws; ++i) {
    const Draw draw = drawn(members, known, options.shots, random_bits(options.seed, i));
    tally.add(rows, draw, options, watcher);
    if (i > 0) continue;
    made.classes = draw.enrolled.size();
    made.strangers = draw.probes.size() - draw.answer.size();
  }
  made.measures = tally.measures(options.shots);
  return made;
}

}  // namespace alike::measure

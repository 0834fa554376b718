// Every measure is of the metric of the space: what does not change for the metric changes none.
#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "alike/judge/judge.h"

namespace alike::judge {
namespace {

constexpr std::size_t kRows = 120, kWidth = 3, kClasses = 4;
constexpr float kCenters[kClasses][kWidth] = {{0, 0, 0}, {4, 0, 0}, {8, 0, 0}, {0, 6, 0}};

/// The rows of reference_metrics.py: multiples of 1/512, so that 10,000 more are exact as floats.
Matrix made_rows() {
  std::uint64_t state = 5;
  Matrix rows(kRows, kWidth);
  for (std::size_t i = 0; i < kRows; ++i) {
    for (std::size_t j = 0; j < kWidth; ++j) {
      int total = 0;
      for (int n = 0; n < 4; ++n) {
        state = (1103515245 * state + 12345) % (std::uint64_t{1} << 31);
        total += static_cast<int>((state >> 16) % 1024);
      }
      rows.row(i)[j] = kCenters[i % kClasses][j] + static_cast<float>(total - 2048) / 512;
    }
  }
  return rows;
}

Labels made_labels() {
  Labels labels{{}, {"a", "b", "c", "d"}};
  for (std::size_t i = 0; i < kRows; ++i) labels.of.push_back(static_cast<int>(i % kClasses));
  return labels;
}

using Values = std::map<std::string, double>;

Values judged(const Matrix& rows, index::Metric metric) {
  const Labels labels = made_labels();
  const Judgement judgement = judge(rows, labels, {.metric = metric, .leak_similarity = 0.999});
  Values values{{"leaks", static_cast<double>(judgement.leaks.size())}};
  for (const Section& section : judgement.sections) {
    // Suggestions go by directions in every space, as `alike search +a -b` does.
    if (section.protocol == Protocol::recommend && metric == index::Metric::l2) continue;
    for (const Judged& each : section.judged) values[each.measure.name] = each.measure.value;
  }
  return values;
}

/// The probe is of standardised numbers, whatever the metric: it sees a turn.
Values without_probe(Values values) {
  std::erase_if(values, [](const auto& each) { return each.first.starts_with("probe"); });
  return values;
}

Matrix changed(const auto& change) {
  Matrix rows = made_rows();
  for (std::size_t r = 0; r < kRows; ++r) change(r, rows.row(r));
  return rows;
}

void expect_same(const Values& before, const Values& after, double tolerance) {
  ASSERT_EQ(before.size(), after.size());
  for (const auto& [name, value] : before) {
    EXPECT_NEAR(after.at(name), value, tolerance * std::max(1.0, std::abs(value))) << name;
  }
}

/// A quarter turn, and one by the angle of (3, 4): all numbers stay nearly exact.
void turn(std::size_t, std::span<float> row) {
  const float x = row[0], y = row[1], z = row[2];
  row[0] = 0.6F * y - 0.8F * z;
  row[1] = -x;
  row[2] = 0.8F * y + 0.6F * z;
}

TEST(Metric, of_l2_is_that_of_numpy_far_from_0_too) {
  for (const float far : {0.0F, 10000.0F}) {
    const auto found = judged(changed([&](std::size_t, std::span<float> row) {
                                for (float& value : row) value += far;
                              }),
                              index::Metric::l2);
    // tests/judge/reference_metrics.py
    EXPECT_NEAR(found.at("map@r"), 0.767144621, 1e-4) << far;
    EXPECT_NEAR(found.at("nmi"), 0.911223517, 0.02) << far;
    EXPECT_NEAR(found.at("class ratio"), 0.370638923, 0.01) << far;
    EXPECT_NEAR(found.at("rankme"), 2.654520743, 1e-4) << far;
  }
}

TEST(Metric, l2_sees_neither_place_nor_turn_nor_scale) {
  const Values before = judged(made_rows(), index::Metric::l2);
  for (const float far : {-10000.0F, 1000.0F}) {
    expect_same(before,
                judged(changed([&](std::size_t, std::span<float> row) {
                         for (float& value : row) value += far;
                       }),
                       index::Metric::l2),
                1e-3);
  }
  expect_same(without_probe(before), without_probe(judged(changed(turn), index::Metric::l2)), 0.01);
  expect_same(before,
              judged(changed([](std::size_t, std::span<float> row) {
                       for (float& value : row) value *= 64;
                     }),
                     index::Metric::l2),
              1e-6);
}

TEST(Metric, cosine_sees_neither_turn_nor_lengths) {
  const Values before = judged(made_rows(), index::Metric::cosine);
  expect_same(without_probe(before), without_probe(judged(changed(turn), index::Metric::cosine)),
              0.01);
  Values scaled = without_probe(judged(changed([](std::size_t r, std::span<float> row) {
                                         for (float& value : row) value *= r % 2 == 0 ? 0.5F : 4.0F;
                                       }),
                                       index::Metric::cosine));
  scaled["rankme"] = before.at("rankme");  // of the rows as they are
  expect_same(without_probe(before), scaled, 1e-6);
}

TEST(Metric, inner_product_sees_neither_turn_nor_scale) {
  const Values before = judged(made_rows(), index::Metric::inner_product);
  expect_same(without_probe(before),
              without_probe(judged(changed(turn), index::Metric::inner_product)), 0.01);
  expect_same(before,
              judged(changed([](std::size_t, std::span<float> row) {
                       for (float& value : row) value *= 0.125F;
                     }),
                     index::Metric::inner_product),
              1e-6);
}

TEST(Metric, of_directions_are_only_told_of_cosine) {
  for (const char* name : {"uniformity", "alignment", "anisotropy"}) {
    EXPECT_EQ(judged(made_rows(), index::Metric::cosine).count(name), 1U);
    EXPECT_EQ(judged(made_rows(), index::Metric::l2).count(name), 0U);
    EXPECT_EQ(judged(made_rows(), index::Metric::inner_product).count(name), 0U);
  }
}

}  // namespace
}  // namespace alike::judge

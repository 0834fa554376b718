#include "alike/map/layout/umap_levels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include "alike/base/random.h"
#include "alike/map/layout/umap_events.h"
#include "alike/map/layout/umap_table.h"

namespace alike::map {
namespace {

constexpr Curve kCurve{1.5769434, 0.8950609};

/// A random graph on its way.
struct Case {
  explicit Case(std::uint64_t seed, std::uint32_t negatives = 5) : points(2 * kCount) {
    Random random(seed);
    for (float& value : points) value = static_cast<float>(10 * random.uniform());
    points[2] = points[0];  // two at one place
    points[3] = points[1];
    begins.push_back(0);
    for (std::size_t v = 0; v < kCount; ++v) {
      // None, few, and so many that the vector twins count no further.
      const std::size_t links = v % 9 == 0 ? 0 : v == 70 ? 150 : random.below(40);
      for (std::size_t i = 0; i < links; ++i) {
        targets.push_back(static_cast<std::uint32_t>(random.below(kCount)));
        rates.push_back(static_cast<std::uint32_t>(random() >> 32));
      }
      begins.push_back(targets.size());
    }
    targets.resize(targets.size() + kSpareLinks);
    rates.resize(rates.size() + kSpareLinks);
    step = {points.data(), points.data(), nullptr, begins.data(), targets.data(), rates.data(),
            table.data(),  kCount,        17,      negatives,     0.7F,           99};
  }
  std::vector<float> moved(UmapKernel kernel) const {
    std::vector<float> out(2 * kCount);
    std::vector<std::uint32_t> due(targets.size());
    UmapStep now = step;
    now.moved = out.data();
    for (std::size_t begin = 0; begin < kCount; begin += kVertices) {
      kernel(now, begin, std::min<std::size_t>(begin + kVertices, kCount), due.data());
    }
    return out;
  }

  static constexpr std::uint32_t kCount = 301;
  std::vector<float> points;
  std::vector<std::uint64_t> begins;
  std::vector<std::uint32_t> targets, rates;
  std::vector<float> table = umap_table(kCurve, 1);
  UmapStep step{};
};

TEST(UmapKernels, are_equal_to_the_last_bit_at_every_level) {
  for (std::uint32_t negatives = 1; negatives <= 7; ++negatives) {
    const Case at(negatives, negatives);
    const auto wanted = at.moved(umap_scalar);
    for (const Simd level : {Simd::avx2, Simd::avx512}) {
      if (level > simd_level()) continue;
      const auto moved = at.moved(umap_kernel(level));
      EXPECT_EQ(std::memcmp(moved.data(), wanted.data(), sizeof(float) * wanted.size()), 0)
          << name_of(level) << " " << negatives;
    }
  }
}

TEST(UmapKernels, move_vertices_with_seeds_of_their_own_alike_in_any_company) {
  Case at(3);
  std::vector<std::uint64_t> seeds(at.kCount);
  for (std::size_t v = 0; v < seeds.size(); ++v) seeds[v] = 77 + v % 50;
  std::vector<float> from(at.points.rbegin(), at.points.rend());
  at.step.from = from.data();
  at.step.seeds = seeds.data();
  const auto wanted = at.moved(umap_scalar);
  for (const Simd level : {Simd::avx2, Simd::avx512}) {
    if (level > simd_level()) continue;
    const auto moved = at.moved(umap_kernel(level));
    EXPECT_EQ(std::memcmp(moved.data(), wanted.data(), sizeof(float) * wanted.size()), 0);
  }
  std::vector<float> alone(2 * at.kCount);
  std::vector<std::uint32_t> due(at.targets.size());
  at.step.moved = alone.data();
  umap_kernel(simd_level())(at.step, 40, 41, due.data());
  EXPECT_EQ(alone[80], wanted[80]);
  EXPECT_EQ(alone[81], wanted[81]);
}

/// Number `count` of SplitMix64 as it was published (prng.di.unimi.it/splitmix64.c): a state that
/// is stepped so many times.
std::uint64_t split_mix(std::uint64_t state, std::uint64_t count) {
  std::uint64_t z = 0;
  for (std::uint64_t i = 0; i <= count; ++i) {
    z = (state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    z = z ^ (z >> 31);
  }
  return z;
}

/// The vertex that push number `lane` of event number `event` is away from: Weyl's sequence of the
/// golden ratio from `key` on, mixed by "lowbias32" (nullprogram.com/blog/2018/07/31).
std::size_t pushing(std::uint32_t key, std::uint32_t event, std::uint32_t lane, double count) {
  const auto golden = static_cast<std::uint64_t>(std::ldexp((std::sqrt(5.0L) - 1) / 2, 32));
  std::uint64_t x = (key + (8ULL * event + lane) * golden) % (1ULL << 32);
  x = (x ^ x / 65536) * 2146121005 % (1ULL << 32);
  x = (x ^ x / 32768) * 2221713035 % (1ULL << 32);
  x = x ^ x / 65536;
  return static_cast<std::size_t>(std::floor(static_cast<double>(x) * count / 0x1p32));
}

/// Where a vertex goes, and the sum of all that moved it, whatever the direction.
struct Way {
  double x = 0, y = 0, length = 0, events = 0;
};

/// The slow obvious twin: the formulas of the paper for one vertex, in double.
Way moved_by_formulas(const Case& at, std::size_t vertex) {
  const UmapStep& step = at.step;
  const auto key = static_cast<std::uint32_t>(
      split_mix(step.seed, std::uint64_t{step.turn} * step.count + vertex));
  Way way{at.points[2 * vertex], at.points[2 * vertex + 1]};
  std::uint32_t event = 0;
  for (std::uint64_t i = at.begins[vertex]; i < at.begins[vertex + 1]; ++i) {
    const double share = at.rates[i] * 0x1p-32;
    if (std::floor(share * step.turn) == std::floor(share * (step.turn - 1))) continue;
    double by_x = 0, by_y = 0;
    const auto add = [&](std::size_t other, bool pull) {
      const double dx = way.x - at.points[2 * other], dy = way.y - at.points[2 * other + 1];
      const double d2 = dx * dx + dy * dy;
      if (d2 == 0) return;
      const double bend = 1 + kCurve.a * std::pow(d2, kCurve.b);
      const double c = pull ? -2 * kCurve.a * kCurve.b * std::pow(d2, kCurve.b - 1) / bend
                            : 2 * kCurve.b / ((0.001 + d2) * bend);
      const double to_x = (pull ? 1.5 : 1) * std::clamp(c * dx, -4.0, 4.0);
      const double to_y = (pull ? 1.5 : 1) * std::clamp(c * dy, -4.0, 4.0);
      by_x += to_x;
      by_y += to_y;
      way.length += step.rate * std::hypot(to_x, to_y);
    };
    add(at.targets[i], true);
    for (std::uint32_t lane = 1; lane <= step.negatives; ++lane) {
      add(pushing(key, event, lane, step.count), false);
    }
    way.x += step.rate * by_x;
    way.y += step.rate * by_y;
    ++event;
  }
  way.events = event;
  return way;
}

TEST(UmapKernels, move_vertices_by_the_formulas) {
  Case at(5);
  at.step.rate = 0.01F;  // so that misses of the table do not grow from event to event
  const auto moved = at.moved(umap_scalar);
  for (std::size_t v = 0; v < at.kCount; ++v) {
    const Way way = moved_by_formulas(at, v);
    const double miss = 0.017 * way.length + 2e-6 * (1 + way.events);  // of the table; of floats
    EXPECT_NEAR(moved[2 * v], way.x, miss) << v;
    EXPECT_NEAR(moved[2 * v + 1], way.y, miss) << v;
  }
}

TEST(UmapTable, keeps_pushes_and_pulls_within_a_hundredth) {
  const auto table = umap_table(kCurve, 2);
  for (double d2 = 1e-6; d2 < 1e6; d2 *= 1.013) {
    const auto bits = std::bit_cast<std::int32_t>(static_cast<float>(d2));
    const auto bin = static_cast<std::size_t>((bits >> kBinShift) - kFirstBin);
    const double bend = 1 + kCurve.a * std::pow(d2, kCurve.b);
    const double push = 4 * kCurve.b / ((0.001 + d2) * bend);
    const double pull = -3 * kCurve.a * kCurve.b * std::pow(d2, kCurve.b - 1) / bend;
    EXPECT_NEAR(table[bin] / push, 1, 0.016) << d2;
    EXPECT_NEAR(table[bin + kBins] / pull, 1, 0.016) << d2;
  }
}

TEST(UmapTable, lets_no_pull_go_farther_than_its_share_of_the_way) {
  const auto table = umap_table(kCurve, 1);
  for (const float rate : {1.0F, 0.3F, 1e-3F}) {
    const auto limited = limited_table(table, rate);
    for (std::size_t i = 0; i < table.size(); ++i) {
      const bool pull = i >= kBins;
      EXPECT_EQ(limited[i], pull ? std::max(table[i], -0.16F / rate) : table[i]);
    }
  }
}

}  // namespace
}  // namespace alike::map

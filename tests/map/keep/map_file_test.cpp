#include "alike/map/keep/map_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "tests/support/damage.h"
#include "tests/support/sample_map.h"

namespace alike::map {
namespace {

using test::outcome;
using test::sample_map;

std::string text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Map parsed(const std::string& bytes) {
  return map_from(std::as_bytes(std::span(bytes)), "the map 'x'");
}

void expect_same(const Map& a, const Map& b) {
  EXPECT_EQ(a.source, b.source);
  EXPECT_EQ(a.options, b.options);
  EXPECT_EQ(a.ids, b.ids);
  EXPECT_EQ(a.content, b.content);
  ASSERT_EQ(a.points.rows(), b.points.rows());
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_EQ(a.points.row(i)[0], b.points.row(i)[0]);
    EXPECT_EQ(a.points.row(i)[1], b.points.row(i)[1]);
  }
  EXPECT_EQ(a.trust, b.trust);
  EXPECT_EQ(a.usual, b.usual);
  EXPECT_EQ(a.cluster, b.cluster);
  EXPECT_EQ(a.clusters, b.clusters);
  EXPECT_EQ(a.figures, b.figures);
  EXPECT_EQ(a.most_ratio, b.most_ratio);
  EXPECT_EQ(a.explained, b.explained);
  EXPECT_EQ(a.start, b.start);
  EXPECT_EQ(a.remark, b.remark);
  EXPECT_EQ(a.placed, b.placed);
  EXPECT_EQ(a.made_ms, b.made_ms);
}

TEST(MapFile, gives_back_every_field_of_small_and_larger_maps) {
  for (const std::size_t n : {1UL, 2UL, 16UL, 100UL}) {
    const auto bytes = bytes_of(sample_map(n));
    EXPECT_EQ(bytes.size() % 64, 0U);
    expect_same(parsed(text(bytes)), sample_map(n));
  }
  expect_same(parsed(text(bytes_of(Map{}))), Map{});
}

TEST(MapFile, a_map_cut_short_anywhere_is_corrupt) {
  test::each_truncation(text(bytes_of(sample_map(5))), [](const std::string& cut) {
    EXPECT_EQ(outcome([&] { parsed(cut); }), ErrorCode::corrupt);
  });
}

/// The caller checksums the bytes, so that a flip may give another map, but never a bad one.
TEST(MapFile, a_flipped_bit_gives_an_error_or_a_map_that_can_be_written_again) {
  std::size_t refused = 0, read = 0;
  test::each_flip(text(bytes_of(sample_map(5))), 1 << 20, [&](const std::string& flipped) {
    try {
      const Map map = parsed(flipped);
      for (const float value : map.trust) EXPECT_TRUE(value >= 0 && value <= 1);
      for (std::size_t i = 0; i < map.size(); ++i) EXPECT_TRUE(std::isfinite(map.points.row(i)[0]));
      expect_same(parsed(text(bytes_of(map))), map);
      ++read;
    } catch (const Error& error) {
      EXPECT_TRUE(error.code() == ErrorCode::corrupt || error.code() == ErrorCode::unsupported);
      ++refused;
    }
  });
  EXPECT_GT(refused, 1000U);
  EXPECT_GT(read, 100U);
}

TEST(MapFile, refuses_what_cannot_be) {
  const auto refused = [](auto change) {
    Map map = sample_map(6);
    change(map);
    const auto bytes = text(bytes_of(map));
    EXPECT_EQ(outcome([&] { parsed(bytes); }), ErrorCode::corrupt);
  };
  refused([](Map& map) { map.ids[2] = map.ids[1]; });
  refused([](Map& map) { map.ids[0] = -1; });
  refused([](Map& map) { map.points.row(1)[0] = NAN; });
  refused([](Map& map) { map.trust[3] = 1.5F; });
  refused([](Map& map) { map.usual[3] = -1; });
  refused([](Map& map) { map.usual[3] = INFINITY; });
  refused([](Map& map) { map.cluster[3] = 2; });
  refused([](Map& map) { map.cluster[3] = -2; });
  refused([](Map& map) { map.figures.continuity = 1.5; });
  refused([](Map& map) { map.explained = {1.5}; });
  refused([](Map& map) { map.options.neighbors = 1; });
  std::string newer = text(bytes_of(sample_map(2)));
  newer[8] = 2;
  EXPECT_EQ(outcome([&] { parsed(newer); }), ErrorCode::unsupported);
  EXPECT_EQ(outcome([&] { parsed(text(bytes_of(sample_map(2))) + std::string(64, '\0')); }),
            ErrorCode::corrupt);
  EXPECT_EQ(outcome([&] { parsed(""); }), ErrorCode::corrupt);
}

TEST(Map, finds_points_by_id) {
  const Map map = sample_map(5);
  EXPECT_EQ(map.find(0), 0U);
  EXPECT_EQ(map.find(12), 4U);
  EXPECT_EQ(map.find(1), std::nullopt);
  EXPECT_EQ(map.find(13), std::nullopt);
  EXPECT_EQ(Map{}.find(0), std::nullopt);
}

}  // namespace
}  // namespace alike::map

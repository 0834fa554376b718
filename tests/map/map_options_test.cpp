#include "alike/map/map_options.h"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/support/damage.h"

namespace alike::map {
namespace {

using test::outcome;

TEST(MapOptions, the_defaults_are_fine_and_each_range_is_held) {
  EXPECT_EQ(outcome([] { check(MapOptions{}); }), std::nullopt);
  const auto refused = [](auto change) {
    MapOptions options;
    change(options);
    EXPECT_EQ(outcome([&] { check(options); }), ErrorCode::invalid_argument);
  };
  refused([](MapOptions& options) { options.neighbors = 1; });
  refused([](MapOptions& options) { options.neighbors = 201; });
  refused([](MapOptions& options) { options.min_dist = -0.1; });
  refused([](MapOptions& options) { options.min_dist = 1.1; });
  refused([](MapOptions& options) { options.min_dist = NAN; });
  refused([](MapOptions& options) { options.spread = 0; });
  refused([](MapOptions& options) { options.spread = INFINITY; });
  refused([](MapOptions& options) { options.repulsion = 11; });
  refused([](MapOptions& options) { options.perplexity = 1; });
  refused([](MapOptions& options) { options.perplexity = NAN; });
  refused([](MapOptions& options) { options.seed = std::uint64_t{1} << 63; });
}

TEST(MapOptions, an_error_names_option_value_and_range) {
  try {
    check({.neighbors = 1});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()), "neighbors is 1; it must be from 2 to 200");
  }
}

TEST(MapOptions, methods_have_names) {
  for (const Method method : {Method::umap, Method::tsne, Method::pca}) {
    EXPECT_EQ(method_from(name_of(method)), method);
  }
  EXPECT_EQ(outcome([] { method_from("umapp"); }), ErrorCode::invalid_argument);
}

TEST(MapOptions, each_method_needs_its_neighbours) {
  EXPECT_EQ(neighbors_of({.neighbors = 7}), 7U);
  EXPECT_EQ(neighbors_of({.method = Method::tsne, .perplexity = 10.5}), 32U);
  EXPECT_EQ(neighbors_of({.method = Method::pca}), 0U);
}

TEST(MapOptions, are_lowered_to_what_so_few_rows_allow) {
  const MapOptions tsne{.method = Method::tsne}, umap{};
  EXPECT_EQ(used_by(tsne, 91).perplexity, 30);
  EXPECT_EQ(used_by(tsne, 61).perplexity, 20);
  EXPECT_EQ(used_by(tsne, 3).perplexity, 1);
  EXPECT_EQ(used_by(tsne, 3).neighbors, umap.neighbors);
  EXPECT_EQ(used_by(umap, 15).neighbors, 15U);
  EXPECT_EQ(used_by(umap, 4).neighbors, 4U);
  EXPECT_EQ(used_by(umap, 4).perplexity, 30);
  EXPECT_EQ(used_by({.method = Method::pca}, 4), (MapOptions{.method = Method::pca}));
  EXPECT_EQ(used_by(umap, 1), umap);
}

}  // namespace
}  // namespace alike::map

// A map with something in every field.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/map/map.h"

namespace alike::test {

/// `n` points, at least 1.
inline map::Map sample_map(std::size_t n) {
  map::Map map;
  map.source = {"space", "encoder", "sha", "layer \xc3\xa4", "gem", "cosine", 1280, 64, true};
  map.options.method = map::Method::tsne;
  map.options.neighbors = 20;
  map.options.min_dist = 0.25;
  map.options.seed = 77;
  map.options.supervised = true;
  map.points = Matrix(n, 2);
  for (std::size_t i = 0; i < n; ++i) {
    map.ids.push_back(static_cast<std::int64_t>(3 * i));
    map.content.push_back(0xfedcba9876543210 + i);
    map.points.row(i)[0] = static_cast<float>(i) - 0.3F;
    map.points.row(i)[1] = -2.7F * static_cast<float>(i);
    map.trust.push_back(1 / static_cast<float>(i + 1));
    map.usual.push_back(0.01F * static_cast<float>(i));
    map.cluster.push_back(static_cast<std::int32_t>(i % 3) - 1);
  }
  map.clusters = {{"animals, birds", 3, n / 3}, {"food", 6, n / 3}};
  map.figures.k = 15;
  map.figures.trustworthiness = 0.9;
  map.figures.silhouette = -0.25;
  map.most_ratio = 1.75;
  map.explained = {0.3, 0.1};
  map.start = "spectral";
  map.remark = "two parts";
  map.placed = 1;
  map.made_ms = 1'700'000'000'000;
  return map;
}

}  // namespace alike::test

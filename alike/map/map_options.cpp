#include "alike/map/map_options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::map {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text;
}

/// Also refuses NaN.
void within(const char* name, double value, double least, double most) {
  if (value >= least && value <= most) return;
  throw Error(ErrorCode::invalid_argument, std::string(name) + " is " + number(value) +
                                               "; it must be from " + number(least) + " to " +
                                               number(most));
}

}  // namespace

std::string_view name_of(Method method) noexcept {
  switch (method) {
    case Method::umap: return "umap";
    case Method::tsne: return "tsne";
    case Method::pca: return "pca";
  }
  return "umap";
}

Method method_from(std::string_view name) {
  std::vector<std::string> names;
  for (const Method method : {Method::umap, Method::tsne, Method::pca}) {
    if (name == name_of(method)) return method;
    names.emplace_back(name_of(method));
  }
  throw Error(
      ErrorCode::invalid_argument,
      "'" + valid_utf8(name) + "' is not a method of making maps" + suggestion(name, names));
}

void check(const MapOptions& options) {
  within("neighbors", static_cast<double>(options.neighbors), 2, 200);
  within("spread", options.spread, 0.1, 10);
  within("min_dist", options.min_dist, 0, options.spread);
  within("repulsion", options.repulsion, 0, 10);
  within("perplexity", options.perplexity, 2, 100);
  if (options.seed >> 63 != 0) {
    throw Error(ErrorCode::invalid_argument,
                "seed is " + std::to_string(options.seed) + "; it must be below 2^63");
  }
}

MapOptions used_by(MapOptions options, std::size_t rows) {
  if (rows < 2) return options;
  if (options.method == Method::umap) options.neighbors = std::min(options.neighbors, rows);
  if (options.method == Method::tsne) {
    const double most = static_cast<double>(rows - 1) / 3;
    options.perplexity = std::max(1.0, std::min(options.perplexity, most));
  }
  return options;
}

std::size_t neighbors_of(const MapOptions& options) {
  switch (options.method) {
    case Method::umap: return options.neighbors;
    case Method::tsne: return static_cast<std::size_t>(std::ceil(3 * options.perplexity));
    case Method::pca: return 0;
  }
  return 0;
}

}  // namespace alike::map

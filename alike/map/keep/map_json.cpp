#include "alike/map/keep/map_json.h"

#include <algorithm>
#include <cmath>

#include "alike/base/error.h"
#include "alike/base/json.h"

namespace alike::map {
namespace {

[[noreturn]] void refuse(std::string_view what, const std::string& why) {
  throw Error(ErrorCode::corrupt, std::string(what) + " is not a map: " + why);
}

/// A member that is a whole number and not negative.
std::uint64_t count_member(const json::value& object, std::string_view key, std::string_view what) {
  const std::int64_t value = integer_member(object, key, what);
  if (value < 0) refuse(what, std::string(key) + " is negative");
  return static_cast<std::uint64_t>(value);
}

bool flag_member(const json::value& object, std::string_view key, std::string_view what) {
  const json::value& value = member(object, key, what);
  if (!value.is_bool()) refuse(what, std::string(key) + " is neither true nor false");
  return value.get_bool();
}

const json::array& list_member(const json::value& object, std::string_view key,
                               std::string_view what) {
  const json::value& value = member(object, key, what);
  if (!value.is_array()) refuse(what, std::string(key) + " is no list");
  return value.get_array();
}

json::object source_to_json(const MapSource& source) {
  return {{"space", source.space},
          {"encoder", source.encoder},
          {"model_sha256", source.model_sha256},
          {"layer", json_text(source.layer)},
          {"pooling", source.pooling},
          {"metric", source.metric},
          {"width", source.width},
          {"pca_dimensions", source.pca_dimensions},
          {"whiten", source.whiten}};
}

MapSource source_from(const json::value& object, std::string_view what) {
  MapSource source;
  source.space = text_member(object, "space", what);
  source.encoder = text_member(object, "encoder", what);
  source.model_sha256 = text_member(object, "model_sha256", what);
  source.layer = text_member(object, "layer", what);
  source.pooling = text_member(object, "pooling", what);
  source.metric = text_member(object, "metric", what);
  source.width = count_member(object, "width", what);
  source.pca_dimensions = count_member(object, "pca_dimensions", what);
  source.whiten = flag_member(object, "whiten", what);
  return source;
}

MapOptions options_from(const json::value& object, std::string_view what) {
  MapOptions options;
  options.neighbors = count_member(object, "neighbors", what);
  options.min_dist = number_member(object, "min_dist", what);
  options.spread = number_member(object, "spread", what);
  options.repulsion = number_member(object, "repulsion", what);
  options.perplexity = number_member(object, "perplexity", what);
  options.supervised = flag_member(object, "supervised", what);
  options.seed = count_member(object, "seed", what);
  try {
    options.method = method_from(text_member(object, "method", what));
    MapOptions asked =
        options;  // a perplexity that few rows lowered may be below all that are asked
    if (options.perplexity >= 1) asked.perplexity = std::max(2.0, options.perplexity);
    check(asked);
  } catch (const Error& error) {
    refuse(what, error.what());
  }
  return options;
}

json::value figure_to_json(const std::optional<double>& figure) {
  return figure ? json::value(*figure) : json::value(nullptr);
}

std::optional<double> figure_member(const json::value& object, std::string_view key,
                                    std::string_view what) {
  if (member(object, key, what).is_null()) return std::nullopt;
  const double value = number_member(object, key, what);
  if (!(value >= -1 && value <= 1)) refuse(what, std::string(key) + " is not from -1 to 1");
  return value;
}

MapFigures figures_from(const json::value& object, std::string_view what) {
  MapFigures figures;
  figures.k = count_member(object, "k", what);
  figures.trustworthiness = figure_member(object, "trustworthiness", what);
  figures.continuity = figure_member(object, "continuity", what);
  figures.neighbors_kept = figure_member(object, "neighbors_kept", what);
  figures.triplets = figure_member(object, "triplets", what);
  figures.label_accuracy = figure_member(object, "label_accuracy", what);
  figures.map_label_accuracy = figure_member(object, "map_label_accuracy", what);
  figures.silhouette = figure_member(object, "silhouette", what);
  return figures;
}

std::vector<MapCluster> clusters_from(const json::array& list, std::string_view what) {
  std::vector<MapCluster> clusters;
  for (const auto& object : list) {
    clusters.push_back({text_member(object, "name", what), integer_member(object, "medoid", what),
                        count_member(object, "count", what)});
  }
  return clusters;
}

}  // namespace

json::object options_to_json(const MapOptions& options) {
  return {{"method", name_of(options.method)}, {"neighbors", options.neighbors},
          {"min_dist", options.min_dist},      {"spread", options.spread},
          {"repulsion", options.repulsion},    {"perplexity", options.perplexity},
          {"supervised", options.supervised},  {"seed", options.seed}};
}

json::object figures_to_json(const MapFigures& figures) {
  return {{"k", figures.k},
          {"trustworthiness", figure_to_json(figures.trustworthiness)},
          {"continuity", figure_to_json(figures.continuity)},
          {"neighbors_kept", figure_to_json(figures.neighbors_kept)},
          {"triplets", figure_to_json(figures.triplets)},
          {"label_accuracy", figure_to_json(figures.label_accuracy)},
          {"map_label_accuracy", figure_to_json(figures.map_label_accuracy)},
          {"silhouette", figure_to_json(figures.silhouette)}};
}

json::array clusters_to_json(const std::vector<MapCluster>& clusters) {
  json::array list;
  for (const auto& cluster : clusters) {
    list.push_back(json::object{
        {"name", json_text(cluster.name)}, {"medoid", cluster.medoid}, {"count", cluster.count}});
  }
  return list;
}

std::string text_of(const Map& map) {
  json::array explained;
  for (const double share : map.explained) explained.push_back(share);
  return print_json_line(json::object{{"source", source_to_json(map.source)},
                                      {"options", options_to_json(map.options)},
                                      {"figures", figures_to_json(map.figures)},
                                      {"clusters", clusters_to_json(map.clusters)},
                                      {"explained", std::move(explained)},
                                      {"most_ratio", map.most_ratio},
                                      {"start", map.start},
                                      {"remark", json_text(map.remark)},
                                      {"placed", map.placed},
                                      {"made_ms", map.made_ms}});
}

Map map_from_text(std::string_view text, std::string_view what) {
  const json::value object = parse_json(text, what);
  Map map;
  map.source = source_from(member(object, "source", what), what);
  map.options = options_from(member(object, "options", what), what);
  map.figures = figures_from(member(object, "figures", what), what);
  map.clusters = clusters_from(list_member(object, "clusters", what), what);
  for (const auto& share : list_member(object, "explained", what)) {
    const double value = share.is_number() ? share.to_number<double>() : -1;
    if (!(value >= 0 && value <= 1)) refuse(what, "explained is not from 0 to 1");
    map.explained.push_back(value);
  }
  map.most_ratio = number_member(object, "most_ratio", what);
  if (!(map.most_ratio >= 1 && map.most_ratio <= 1e6)) refuse(what, "most_ratio is out of range");
  map.start = text_member(object, "start", what);
  map.remark = text_member(object, "remark", what);
  map.placed = count_member(object, "placed", what);
  map.made_ms = integer_member(object, "made_ms", what);
  return map;
}

}  // namespace alike::map

#include "alike/actions/map_json.h"

#include "alike/actions/map.h"

namespace alike::actions {
namespace {

json::value or_null(const std::optional<double>& figure) {
  return figure ? json::value(*figure) : json::value(nullptr);
}

}  // namespace

json::array points_to_json(const map::Map& map, const std::vector<collection::Item>& items) {
  json::array points;
  points.reserve(map.size());
  for (std::size_t i = 0; i < map.size(); ++i) {
    const std::int32_t cluster = map.cluster[i];
    points.push_back(json::object{{"id", map.ids[i]},
                                  {"x", map.points.row(i)[0]},
                                  {"y", map.points.row(i)[1]},
                                  {"label", json_text(items[i].label)},
                                  {"path", json_text(items[i].path)},
                                  {"trust", map.trust[i]},
                                  {"cluster", cluster < 0 ? json::value(nullptr) : cluster}});
  }
  return points;
}

json::object quality_to_json(const map::MapFigures& figures) {
  return {{"k", figures.k},
          {"trustworthiness", or_null(figures.trustworthiness)},
          {"continuity", or_null(figures.continuity)},
          {"neighbors_kept", or_null(figures.neighbors_kept)},
          {"triplets", or_null(figures.triplets)},
          {"label_accuracy", or_null(figures.label_accuracy)},
          {"map_label_accuracy", or_null(figures.map_label_accuracy)},
          {"silhouette", or_null(figures.silhouette)}};
}

json::array clusters_to_json(const map::Map& map) {
  json::array clusters;
  for (const auto& cluster : map.clusters) {
    clusters.push_back(json::object{
        {"name", json_text(cluster.name)}, {"medoid", cluster.medoid}, {"count", cluster.count}});
  }
  return clusters;
}

json::object options_to_json(const map::MapOptions& options) {
  return {{"method", map::name_of(options.method)}, {"neighbors", options.neighbors},
          {"min_dist", options.min_dist},           {"spread", options.spread},
          {"repulsion", options.repulsion},         {"perplexity", options.perplexity},
          {"supervised", options.supervised},       {"seed", options.seed}};
}

json::object age_to_json(const map::MapAge& age) {
  return {{"added", age.added.size()},
          {"changed", age.changed.size()},
          {"gone", age.gone.size()},
          {"current", age.current()}};
}

json::object to_json(const map::Map& map, const std::vector<collection::Item>& items) {
  json::array explained;
  for (const double share : map.explained) explained.push_back(share);
  return {{"space", map.source.space},
          {"options", options_to_json(map.options)},
          {"points", points_to_json(map, items)},
          {"quality", quality_to_json(map.figures)},
          {"clusters", clusters_to_json(map)},
          {"explained_variance", std::move(explained)},
          {"start", map.start},
          {"remark", json_text(map.remark)},
          {"placed", map.placed},
          {"made_ms", map.made_ms}};
}

json::object to_json(const MapReport& report, const std::vector<collection::Item>& items) {
  json::object document = to_json(report.map, items);
  document["map"] = report.name;
  document["age"] = age_to_json(report.age);
  document["behind"] = report.behind;
  document["kept"] = report.not_kept.empty();
  document["reused"] = report.reused;
  document["seconds"] = report.seconds;
  if (report.change) {
    document["update"] = json::object{{"placed", report.change->placed},
                                      {"off_map", report.change->off_map},
                                      {"dropped", report.change->dropped},
                                      {"better_anew", report.change->better_anew}};
  }
  return document;
}

json::object to_json(const MapSeries& series, const std::vector<collection::Item>& items) {
  json::array layers;
  for (std::size_t i = 0; i < series.maps.size(); ++i) {
    json::object map = to_json(series.maps[i], items);
    map["layer"] = series.layers[i];
    layers.push_back(std::move(map));
  }
  return {{"layers", std::move(layers)}, {"seconds", series.seconds}};
}

}  // namespace alike::actions

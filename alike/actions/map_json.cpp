// Maps as programs read them.
#include "alike/map/keep/map_json.h"
#include "alike/actions/map.h"

namespace alike::actions {
namespace {

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

/// The numbers of new, changed and vanished pictures.
json::object age_to_json(const map::MapAge& age) {
  return {{"added", age.added.size()},
          {"changed", age.changed.size()},
          {"gone", age.gone.size()},
          {"current", age.current()}};
}

}  // namespace

json::object to_json(const map::Map& map, const std::vector<collection::Item>& items) {
  json::array explained;
  for (const double share : map.explained) explained.push_back(share);
  return {{"space", map.source.space},
          {"options", map::options_to_json(map.options)},
          {"points", points_to_json(map, items)},
          {"quality", map::figures_to_json(map.figures)},
          {"clusters", map::clusters_to_json(map.clusters)},
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

json::object brief_json(const map::MapFigures& figures) {
  json::object given;
  for (const auto& figure : map::figures_to_json(figures)) {
    if (!figure.value().is_null()) given[figure.key()] = figure.value();
  }
  return given;
}

json::object to_json(const PlacedQuery& placed) {
  return {{"x", placed.at.x},
          {"y", placed.at.y},
          {"spread", placed.spread},
          {"off", placed.at.off_the_map},
          {"neighbors", json::array(placed.neighbors.begin(), placed.neighbors.end())}};
}

json::object to_json(const KeptMap& kept) {
  json::object entry{{"map", kept.name}, {"space", kept.space}};
  if (kept.error) return entry;
  entry["options"] = map::options_to_json(kept.options);
  entry["quality"] = map::figures_to_json(kept.figures);
  entry["pictures"] = kept.pictures;
  entry["age"] = age_to_json(kept.age);
  return entry;
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

#include "alike/cli/map_report.h"

#include <algorithm>
#include <cstdio>

#include "alike/cli/words.h"

namespace alike::cli {
namespace {

constexpr std::size_t kClustersShown = 12;

json::value or_null(const std::optional<double>& figure) {
  return figure ? json::value(*figure) : json::value(nullptr);
}

std::string shown(const std::optional<double>& figure) {
  if (!figure) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", *figure);
  return text;
}

}  // namespace

std::vector<collection::Item> items_of(const collection::Collection& collection,
                                       const map::Map& map) {
  std::vector<collection::Item> items(map.size());
  for (auto& item : collection.items(map.ids)) {
    const auto place = map.find(item.id).value();
    items[place] = std::move(item);
  }
  return items;
}

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

json::object map_to_json(const map::Map& map, const std::vector<collection::Item>& items) {
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

std::string quality_lines(const map::MapFigures& figures) {
  if (figures.k == 0) return "too few pictures to judge the map\n";
  const std::string k = std::to_string(figures.k);
  std::string text = "trustworthiness " + shown(figures.trustworthiness) + ", continuity " +
                     shown(figures.continuity) + ", neighbours kept @" + k + " " +
                     shown(figures.neighbors_kept) + ", triplets " + shown(figures.triplets) + "\n";
  if (figures.label_accuracy) {
    text += "labels: k-NN accuracy " + shown(figures.label_accuracy) + " in the space, " +
            shown(figures.map_label_accuracy) + " on the map, silhouette " +
            shown(figures.silhouette) + "\n";
  }
  return text;
}

std::string cluster_table(const collection::Collection& collection, const map::Map& map) {
  auto clusters = map.clusters;
  std::ranges::stable_sort(clusters, std::greater<>(), &map::MapCluster::count);
  std::vector<std::vector<std::string>> rows{{"cluster", "pictures", "in its middle"}};
  for (std::size_t i = 0; i < std::min(clusters.size(), kClustersShown); ++i) {
    const auto item = collection.item(clusters[i].medoid);
    rows.push_back({printable(clusters[i].name), human_count(clusters[i].count),
                    item ? printable(item->path) : "-"});
  }
  if (clusters.empty()) return "";
  std::string text = columns(rows, "lrl");
  if (clusters.size() > kClustersShown) {
    text += "and " + counted(clusters.size() - kClustersShown, "smaller cluster") + "\n";
  }
  return text;
}

std::string age_words(const map::MapAge& age) {
  std::string text;
  const auto add = [&](std::size_t count, const char* what) {
    if (count == 0) return;
    text += (text.empty() ? "" : ", ") + human_count(count) + " " + what;
  };
  add(age.added.size(), "new");
  add(age.changed.size(), "changed");
  add(age.gone.size(), "gone");
  return text;
}

}  // namespace alike::cli

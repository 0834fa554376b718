#include "alike/cli/map_text.h"

#include <algorithm>
#include <functional>

#include "alike/base/human.h"

namespace alike::cli {
namespace {

constexpr std::size_t kClustersShown = 12;

}  // namespace

std::string quality_lines(const map::MapFigures& figures) {
  if (figures.k == 0) return "too few pictures to judge the map\n";
  const std::string k = std::to_string(figures.k);
  std::string text = "trustworthiness " + decimals(figures.trustworthiness, 3) + ", continuity " +
                     decimals(figures.continuity, 3) + ", neighbours kept @" + k + " " +
                     decimals(figures.neighbors_kept, 3) + ", triplets " +
                     decimals(figures.triplets, 3) + "\n";
  if (figures.label_accuracy) {
    text += "labels: k-NN accuracy " + decimals(figures.label_accuracy, 3) + " in the space, " +
            decimals(figures.map_label_accuracy, 3) + " on the map, silhouette " +
            decimals(figures.silhouette, 3) + "\n";
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

std::string series_table(const actions::MapSeries& series) {
  std::vector<std::vector<std::string>> rows{{"layer", "numbers", "k-NN in the space", "on the map",
                                              "silhouette", "trustworthiness", "continuity"}};
  for (std::size_t i = 0; i < series.maps.size(); ++i) {
    const map::Map& map = series.maps[i];
    const map::MapFigures& figures = map.figures;
    rows.push_back({series.layers[i], human_count(map.source.width),
                    decimals(figures.label_accuracy, 3), decimals(figures.map_label_accuracy, 3),
                    decimals(figures.silhouette, 3), decimals(figures.trustworthiness, 3),
                    decimals(figures.continuity, 3)});
  }
  return columns(rows, "lrrrrrr");
}

std::string head_line(const actions::MapReport& report) {
  const map::Map& map = report.map;
  std::string text = "Map " + report.name + ": " + counted(map.size(), "picture") + " of space " +
                     map.source.space + " by " + std::string(map::name_of(map.options.method));
  const std::string remark = map.remark.empty() ? "" : map.remark + "\n";
  if (report.reused) return text + ", made before\n" + remark;
  if (report.change) {
    text += ": " + counted(report.change->placed, "picture") + " placed on it, " +
            human_count(report.change->off_map) + " of them off the map, " +
            human_count(report.change->dropped) + " taken away";
  }
  text += ", " + human_duration(report.seconds);
  if (!map.start.empty() && !report.change) text += ", started from " + map.start;
  return text + "\n" + remark;
}

}  // namespace alike::cli

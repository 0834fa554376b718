#include "alike/draw/map_plot.h"

#include <algorithm>
#include <array>
#include <set>

#include "alike/actions/search.h"
#include "alike/base/human.h"

namespace alike::draw {
namespace {

/// Trust is shown in steps: the least value and the name of each.
struct TrustStep {
  float least;
  const char* name;
};
constexpr auto kTrustSteps = std::to_array<TrustStep>({{0.8F, "trust 0.8 to 1"},
                                                       {0.6F, "trust 0.6 to 0.8"},
                                                       {0.4F, "trust 0.4 to 0.6"},
                                                       {0.2F, "trust 0.2 to 0.4"},
                                                       {0.0F, "trust below 0.2"}});

void color_by_cluster(const map::Map& map, Plot& plot) {
  if (map.clusters.empty()) return;
  for (const auto& cluster : map.clusters) plot.groups.push_back(cluster.name);
  for (const auto cluster : map.cluster) {
    plot.group.push_back(cluster < 0 ? kNoGroup : static_cast<std::uint32_t>(cluster));
  }
}

void color_by_trust(const map::Map& map, Plot& plot) {
  for (const auto& step : kTrustSteps) plot.groups.emplace_back(step.name);
  for (const float trust : map.trust) {
    const auto step = std::ranges::find_if(
        kTrustSteps, [&](const TrustStep& each) { return trust >= each.least; });
    plot.group.push_back(static_cast<std::uint32_t>(step - kTrustSteps.begin()));
  }
}

std::vector<PlotLabel> cluster_labels(const map::Map& map) {
  auto clusters = map.clusters;
  std::ranges::stable_sort(clusters, std::greater<>(), &map::MapCluster::count);
  std::vector<PlotLabel> labels;
  for (const auto& cluster : clusters) {
    const auto place = map.find(cluster.medoid);
    if (!place) continue;
    const auto point = map.points.row(*place);
    labels.push_back({cluster.name, point[0], point[1]});
  }
  return labels;
}

/// Remarks for reading the map.
std::vector<std::string> remarks_of(const map::Map& map) {
  const map::MapFigures& figures = map.figures;
  std::string quality;
  const auto add = [&](const char* name, const std::optional<double>& figure) {
    if (figure)
      quality += (quality.empty() ? "" : ", ") + std::string(name) + " " + decimals(*figure, 3);
  };
  add("trustworthiness", figures.trustworthiness);
  add("continuity", figures.continuity);
  add("neighbours kept", figures.neighbors_kept);
  add("label k-NN", figures.map_label_accuracy);
  std::vector<std::string> remarks;
  if (map.options.method == map::Method::pca && map.explained.size() == 2) {
    remarks.push_back("explained variance " + decimals(map.explained[0], 3) + " across, " +
                      decimals(map.explained[1], 3) + " up");
  } else {
    remarks.emplace_back("near means alike; axes, sizes and gaps mean nothing");
  }
  if (!quality.empty()) remarks.push_back(quality);
  return remarks;
}

}  // namespace

void color_by_label(const std::vector<collection::Item>& items, std::vector<std::uint32_t>& group,
                    std::vector<std::string>& groups) {
  std::set<std::string> names;
  for (const auto& item : items) {
    if (!item.label.empty()) names.insert(item.label);
  }
  groups.assign(names.begin(), names.end());
  if (groups.empty()) return;  // one colour needs no legend
  for (const auto& item : items) {
    const auto found = std::ranges::lower_bound(groups, item.label);
    group.push_back(item.label.empty() ? kNoGroup
                                       : static_cast<std::uint32_t>(found - groups.begin()));
  }
}

Plot plot_of(const map::Map& map, const collection::Collection& collection,
             const std::vector<collection::Item>& items, const MapLook& look) {
  Plot plot;
  plot.points = map.points;
  plot.title = map.source.space + " by " + std::string(map::name_of(map.options.method)) + ", " +
               counted(map.size(), "picture");
  plot.remarks = remarks_of(map);
  plot.dark = look.dark;
  plot.thumbs = look.thumbs;
  plot.threads = look.threads;
  if (look.color_by == "label") {
    plot.none = "in no folder";
    color_by_label(items, plot.group, plot.groups);
  }
  if (look.color_by == "cluster") color_by_cluster(map, plot);
  if (look.color_by == "trust") color_by_trust(map, plot);
  if (look.color_by != "trust") plot.labels = cluster_labels(map);
  for (const auto& item : items) {
    plot.pictures.push_back(actions::shown_file(collection, item));
    plot.names.push_back(item.path.empty() ? "id " + std::to_string(item.id)
                                           : printable(item.path));
  }
  return plot;
}

}  // namespace alike::draw

#include "alike/map/layout/components.h"

#include <algorithm>
#include <utility>

namespace alike::map {

Components components_of(const FuzzyGraph& graph) {
  Components components;
  std::vector<bool> met(graph.rows());
  for (std::size_t first = 0; first < graph.rows(); ++first) {
    if (met[first]) continue;
    met[first] = true;
    std::vector<std::uint32_t> component{static_cast<std::uint32_t>(first)};
    for (std::size_t at = 0; at < component.size(); ++at) {
      for (const std::uint32_t target : graph.targets_of(component[at])) {
        if (met[target]) continue;
        met[target] = true;
        component.push_back(target);
      }
    }
    std::ranges::sort(component);
    components.rows.push_back(std::move(component));
  }
  std::ranges::stable_sort(components.rows,
                           [](const auto& a, const auto& b) { return a.size() > b.size(); });
  components.numbers.resize(graph.rows());
  for (const auto& rows : components.rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      components.numbers[rows[i]] = static_cast<std::uint32_t>(i);
    }
  }
  return components;
}

FuzzyGraph part_of(const FuzzyGraph& graph, const Components& components, std::size_t which) {
  FuzzyGraph part;
  part.begins.push_back(0);
  for (const std::uint32_t row : components.rows[which]) {
    for (const std::uint32_t target : graph.targets_of(row)) {
      part.targets.push_back(components.numbers[target]);
    }
    const auto weights = graph.weights_of(row);
    part.weights.insert(part.weights.end(), weights.begin(), weights.end());
    part.begins.push_back(part.targets.size());
  }
  return part;
}

}  // namespace alike::map

#include "alike/index/graph/graph.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/index/flat/flat.h"
#include "alike/index/graph/graph_build.h"
#include "alike/index/graph/graph_index.h"
#include "alike/index/rows/sampled_rows.h"

namespace alike::index {
namespace {

constexpr std::size_t kMeasured = 200;  // queries
constexpr std::size_t kNeighbors = 10;
constexpr std::uint32_t kBeams[] = {10,  14,  20,  28,  40,  56,   80,   112,  160,
                                    224, 320, 448, 640, 896, 1280, 1792, 2560, 4096};
constexpr float kEnough = 0.999F;  // wider beams are not tried

/// The memory of a graph made here.
struct Owned {
  AlignedBytes rows;
  BuiltLinks built;
};

void copy_layers(const Graph& from, BuiltLinks& to) {
  for (const AdjacencyView& layer : from.layers) to.layers.emplace_back(layer);
  to.layer_rows.assign(from.layer_rows.begin(), from.layer_rows.end());
  to.layer_nodes.assign(from.layer_nodes.begin(), from.layer_nodes.end());
}

Graph graph_of(Reduction reduction, const std::shared_ptr<Owned>& owned) {
  const BuiltLinks& built = owned->built;
  Graph graph{
      std::move(reduction), owned->rows, built.links.view(), built.entries, {}, {}, {}, {}, owned};
  for (const Adjacency& layer : built.layers) graph.layers.push_back(layer.view());
  graph.layer_rows = built.layer_rows;
  graph.layer_nodes = built.layer_nodes;
  return graph;
}

/// How many of `answers` are as near as the nearest of `truth` but `own`, and how many those are.
std::pair<std::size_t, std::size_t> found_of(std::span<const Neighbor> truth,
                                             std::span<const Neighbor> answers, std::int64_t own) {
  std::size_t wanted = 0;
  float farthest = 0;
  for (const Neighbor& neighbor : truth) {
    if (neighbor.id == own || wanted == kNeighbors) continue;
    farthest = neighbor.distance;
    ++wanted;
  }
  const auto near = std::ranges::count_if(
      answers, [&](const Neighbor& answer) { return answer.distance <= farthest; });
  return {std::min(wanted, static_cast<std::size_t>(near)), wanted};
}

/// Whether a graph is made anew rather than extended to `nodes`: it was less than half of that, or
/// so small that its components are of too few rows. Doublings are counted from 1, not from the
/// graph, so that rows which come a few at a time add up.
bool outgrown(const Graph& known, std::size_t nodes) {
  constexpr std::size_t kSettled = std::size_t{1} << 15;
  const std::size_t before = known.links.nodes;
  return 2 * before < nodes ||
         (before < kSettled && std::bit_width(before) != std::bit_width(nodes));
}

/// The options with a degree that the known links fit into.
GraphOptions with_degree(GraphOptions options, std::size_t rows, const Graph* known) {
  if (options.degree == 0) options.degree = degree_for(rows);
  if (known != nullptr) options.degree = std::max(options.degree, known->links.degree);
  options.beam = std::max(options.beam, options.degree);
  return options;
}

}  // namespace

std::size_t Graph::bytes() const {
  return rows.size() + links.nodes * (links.degree * sizeof(Node) + sizeof(std::uint16_t)) +
         (reduction.parts().components.size() + reduction.width()) * sizeof(float);
}

std::size_t Graph::beam_for(double recall) const {
  for (const auto& [beam, reached] : measured) {
    if (reached >= recall) return beam;
  }
  return measured.empty() ? kBeams[5] : measured.back().beam;
}

bool Graph::reaches(double recall) const {
  return measured.empty() || std::ranges::any_of(measured, [&](const MeasuredRecall& each) {
           return each.recall >= recall;
         });
}

std::size_t degree_for(std::size_t rows) { return rows < 200'000 ? 32 : 48; }

Graph make_graph(const RowSource& source, Metric metric, const GraphOptions& options, int threads,
                 const Graph* known, const Watcher& watcher) {
  std::vector<std::size_t> firsts;
  std::size_t nodes = 0;
  for (std::size_t b = 0; b < source.block_count(); ++b) {
    firsts.push_back(nodes);
    nodes += source.block_rows(b);
  }
  if (nodes > kMostNodes) {
    throw Error(ErrorCode::unsupported, std::to_string(nodes) + " rows are too many for a graph, " +
                                            std::to_string(kMostNodes) + " is the most");
  }
  if (known != nullptr && outgrown(*known, nodes)) known = nullptr;
  Reduction reduction =
      known != nullptr ? known->reduction : Reduction::fit(source, metric, options.stride, threads);
  auto owned = std::make_shared<Owned>();
  const std::size_t stride = reduction.stride();
  owned->rows.resize(nodes * stride);
  if (known != nullptr) std::copy(known->rows.begin(), known->rows.end(), owned->rows.begin());
  const std::size_t done = known != nullptr ? known->links.nodes : 0;
  parallel_for(firsts.size(), 1, threads, [&](std::size_t b, std::size_t) {
    if (firsts[b] < done) return;
    const RowBlock block = source.block(b);
    reduction.encode(block.values, block.rows, owned->rows.data() + firsts[b] * stride);
  });
  const auto view = known != nullptr ? std::optional(known->view()) : std::nullopt;
  owned->built =
      build_links(reduction, owned->rows.data(), nodes, with_degree(options, nodes, known), threads,
                  view ? &*view : nullptr, watcher);
  if (known != nullptr) copy_layers(*known, owned->built);
  return graph_of(std::move(reduction), owned);
}

Graph without_nodes(const Graph& graph, const std::vector<bool>& gone, const GraphOptions& wanted,
                    int threads) {
  const GraphOptions options = with_degree(wanted, gone.size(), &graph);
  std::vector<Node> numbers(graph.links.nodes, kNoNode), kept;
  for (std::size_t i = 0; i < gone.size(); ++i) {
    if (gone[i]) continue;
    numbers[i] = static_cast<Node>(kept.size());
    kept.push_back(static_cast<Node>(i));
  }
  const std::size_t stride = graph.reduction.stride();
  const Adjacency bridged = bridge(graph.view(), gone, options, threads);
  auto owned = std::make_shared<Owned>();
  owned->rows.resize(kept.size() * stride);
  Adjacency links(kept.size(), options.degree);
  std::vector<Node> to;
  for (std::size_t i = 0; i < kept.size(); ++i) {
    std::copy_n(graph.rows.begin() + static_cast<std::ptrdiff_t>(kept[i] * stride), stride,
                owned->rows.begin() + static_cast<std::ptrdiff_t>(i * stride));
    to.clear();
    for (const Node node : bridged.view().of(kept[i])) to.push_back(numbers[node]);
    links.set(static_cast<Node>(i), to);
  }
  std::vector<Node> entries;
  for (const Node node : graph.entries) {
    if (!gone[node]) entries.push_back(numbers[node]);
  }
  if (entries.empty() && !kept.empty()) entries.push_back(0);
  // Walks that the layers lead to a node that is gone begin at the nearest of its links instead.
  std::vector<Node> layer_nodes;
  for (const Node node : graph.layer_nodes) {
    Node instead = node == kNoNode ? kNoNode : numbers[node];
    if (node != kNoNode && instead == kNoNode) {
      const auto near = graph.links.of(node);
      const auto alive = std::ranges::find_if(near, [&](Node link) { return !gone[link]; });
      if (alive != near.end()) instead = numbers[*alive];
    }
    layer_nodes.push_back(instead);
  }
  const GraphView known{graph.reduction,
                        owned->rows.data(),
                        links.view(),
                        entries,
                        {graph.layer_rows.data(), layer_nodes, graph.layers}};
  owned->built =
      build_links(graph.reduction, owned->rows.data(), kept.size(), options, threads, &known, {});
  copy_layers(graph, owned->built);
  owned->built.layer_nodes = std::move(layer_nodes);
  Graph smaller = graph_of(graph.reduction, owned);
  smaller.measured = graph.measured;
  return smaller;
}

void measure_recall(Graph& graph, const std::shared_ptr<const RowSource>& source, int threads) {
  graph.measured.clear();
  const std::size_t nodes = graph.links.nodes;
  if (nodes == 0) return;
  const std::size_t count = std::min(kMeasured, nodes);
  const SampledRows sample(source, count);
  Matrix queries(count, source->width());
  std::vector<std::int64_t> ids;
  std::vector<Node> without;
  for (std::size_t i = 0; i < count; ++i) {
    const RowBlock row = sample.block(i);
    std::copy_n(row.values, source->width(), queries.row(i).begin());
    ids.push_back(row.ids[0]);
    without.push_back(static_cast<Node>((2 * i + 1) * nodes / (2 * count)));
  }
  SearchOptions options{.k = kNeighbors + 1, .threads = threads};
  const auto truth = Flat(source, graph.reduction.metric()).search_batch(queries, options);
  options.k = kNeighbors;
  const GraphIndex index(source, std::make_shared<Graph>(graph), nullptr);
  for (const std::uint32_t beam : kBeams) {
    options.beam = beam;
    const auto answers = index.search_batch_without(queries, without, options);
    std::size_t found = 0, wanted = 0;
    for (std::size_t q = 0; q < count; ++q) {
      const auto [of_query, all] = found_of(truth[q].neighbors, answers[q].neighbors, ids[q]);
      found += of_query;
      wanted += all;
    }
    const float recall = wanted > 0 ? static_cast<float>(found) / static_cast<float>(wanted) : 1;
    graph.measured.push_back({beam, recall});
    if (recall >= kEnough) break;
  }
}

}  // namespace alike::index

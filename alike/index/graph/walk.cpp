#include "alike/index/graph/walk.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "alike/index/kernels/i8_dot.h"

namespace alike::index {
namespace {

constexpr std::uint64_t kFollowed = 1;
constexpr std::size_t kFirst = 16;     // nodes of the smallest layer that a walk begins at
constexpr std::size_t kLayerBeam = 4;  // in a layer

/// Distances are not negative, so that their bits are ordered as they are.
std::uint64_t key_of(float distance, Node node) {
  return std::uint64_t{std::bit_cast<std::uint32_t>(distance)} << 32 | std::uint64_t{node} << 1;
}

Node node_of(std::uint64_t key) { return static_cast<Node>(key & 0xffffffffU) >> 1; }

void prefetch(const void* memory, std::size_t bytes) {
  const auto* at = static_cast<const char*>(memory);
  for (std::size_t i = 0; i < bytes; i += kByteAlign) __builtin_prefetch(at + i);
}

}  // namespace

void Walk::begin(std::size_t nodes) {
  if (seen_.size() < nodes || ++round_ == 0) {
    seen_.assign(std::max(nodes, seen_.size()), 0);
    round_ = 1;
  }
  pool_.clear();
  next_ = 0;
}

bool Walk::see(Node node) {
  if (seen_[node] == round_) return false;
  seen_[node] = round_;
  return true;
}

void Walk::run(const GraphView& graph, const ReducedQuery& query, std::size_t beam, Node without) {
  estimates_ = hops_ = 0;
  descend(graph, query);
  starts_.clear();
  for (const std::uint64_t key : pool_) starts_.push_back(graph.layers.nodes[node_of(key)]);
  begin(graph.links.nodes);
  if (without != kNoNode) see(without);
  nodes_.clear();
  for (const auto& some : {std::span<const Node>(starts_), graph.entries}) {
    for (const Node node : some) {
      if (node != kNoNode && see(node)) nodes_.push_back(node);
    }
  }
  const Level base{graph.reduction, graph.rows, graph.links};
  meet(base, query, beam);
  follow(base, query, beam);
  found_.clear();
  for (const std::uint64_t key : pool_) {
    found_.push_back({std::bit_cast<float>(static_cast<std::uint32_t>(key >> 32)), node_of(key)});
  }
}

/// Leaves the nearest of the last layer in the pool.
void Walk::descend(const GraphView& graph, const ReducedQuery& query) {
  pool_.clear();
  for (const AdjacencyView& layer : graph.layers.layers) {
    nodes_.clear();
    for (const std::uint64_t key : pool_) nodes_.push_back(node_of(key));
    begin(layer.nodes);
    if (nodes_.empty()) {
      nodes_.resize(std::min(kFirst, layer.nodes));
      std::iota(nodes_.begin(), nodes_.end(), Node{0});
    }
    for (const Node node : nodes_) see(node);
    const Level level{graph.reduction, graph.layers.rows, layer};
    meet(level, query, kLayerBeam);
    follow(level, query, kLayerBeam);
  }
}

void Walk::follow(const Level& level, const ReducedQuery& query, std::size_t beam) {
  const std::size_t stride = level.reduction.stride();
  while (next_ < pool_.size()) {
    const Node from = node_of(pool_[next_]);
    pool_[next_++] |= kFollowed;
    ++hops_;
    nodes_.clear();
    for (const Node node : level.links.of(from)) {
      if (!see(node)) continue;
      nodes_.push_back(node);
      prefetch(level.rows + node * stride, stride);
    }
    while (next_ < pool_.size() && (pool_[next_] & kFollowed) != 0) ++next_;
    if (next_ < pool_.size()) prefetch(level.links.of(node_of(pool_[next_])).data(), 128);
    meet(level, query, beam);
  }
}

/// Takes `nodes_` into the pool.
void Walk::meet(const Level& level, const ReducedQuery& query, std::size_t beam) {
  estimate(level, query);
  for (std::size_t i = 0; i < nodes_.size(); ++i) offer(key_of(distances_[i], nodes_[i]), beam);
}

void Walk::estimate(const Level& level, const ReducedQuery& query) {
  const std::size_t stride = level.reduction.stride();
  products_.resize(nodes_.size());
  distances_.resize(nodes_.size());
  i8_dot()(reinterpret_cast<const std::int8_t*>(query.values.data()), level.rows, stride,
           nodes_.data(), nodes_.size(), products_.data());
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    distances_[i] = level.reduction.distance(query, level.rows + nodes_[i] * stride, products_[i]);
  }
  estimates_ += nodes_.size();
}

void Walk::offer(std::uint64_t key, std::size_t beam) {
  if (pool_.size() == beam) {
    if (key >= pool_.back()) return;
    pool_.pop_back();
  }
  const auto at = std::lower_bound(pool_.begin(), pool_.end(), key);
  const auto place = static_cast<std::size_t>(at - pool_.begin());
  pool_.insert(at, key);
  next_ = std::min(next_, place);
}

}  // namespace alike::index

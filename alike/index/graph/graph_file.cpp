#include "alike/index/graph/graph_file.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/index/kernels/i8_dot.h"
#include "alike/index/kernels/kernels.h"

namespace alike::index {
namespace {

constexpr std::uint64_t kMostWidth = 1 << 24;
constexpr std::uint64_t kMostStride = 65536;
constexpr std::uint64_t kMostDegree = 1024;
constexpr std::uint64_t kMostMeasured = 1024;
constexpr std::uint64_t kMostLayers = 16;

/// The head: 16 numbers of 8 bytes.
struct Head {
  std::uint64_t metric = 0;
  std::uint64_t width = 0;
  std::uint64_t stride = 0;
  std::uint64_t dimensions = 0;
  std::uint64_t components = 0;  // numbers in the panels of components
  std::uint64_t nodes = 0;
  std::uint64_t degree = 0;
  std::uint64_t entries = 0;
  std::uint64_t measured = 0;
  double explained = 1;
  double longest = 0;
  std::uint64_t layers = 0;
  std::uint64_t layer_nodes = 0;  // of the last layer
  std::array<std::uint64_t, 3> zeros{};
};
static_assert(sizeof(Head) == 128);

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::corrupt, "the graph is damaged: " + sentence);
}

void check(const Head& head) {
  const auto within = [](const char* name, std::uint64_t value, std::uint64_t least,
                         std::uint64_t most) {
    if (value >= least && value <= most) return;
    refuse(std::string(name) + " is " + std::to_string(value) + ", not from " +
           std::to_string(least) + " to " + std::to_string(most));
  };
  within("metric", head.metric, 0, 2);
  within("width", head.width, 1, kMostWidth);
  within("stride", head.stride, kByteAlign, kMostStride);
  if (head.stride % kByteAlign != 0) refuse("stride is " + std::to_string(head.stride));
  within("dimensions", head.dimensions, 1,
         std::min(head.width, head.stride - Reduction::kFactorBytes));
  const bool projected = head.dimensions < head.width;
  const std::uint64_t panels = (head.dimensions + kPanelQueries - 1) / kPanelQueries;
  const std::uint64_t numbers = projected ? panels * head.width * kPanelQueries : 0;
  within("components", head.components, numbers, numbers);
  within("nodes", head.nodes, 0, kMostNodes);
  within("degree", head.degree, 1, kMostDegree);
  within("entries", head.entries, head.nodes > 0 ? 1 : 0, head.nodes);
  within("measured", head.measured, 0, kMostMeasured);
  within("layers", head.layers, 0, kMostLayers);
  within("layer nodes", head.layer_nodes, head.layers > 0 ? 1 : 0,
         head.layers > 0 ? kMostNodes : 0);
  if (!std::isfinite(head.explained) || !std::isfinite(head.longest) || head.longest < 0) {
    refuse("its lengths are not numbers");
  }
}

/// Sections one after the other, each from a cache line on.
class Writer {
 public:
  template <class T>
  void add(const T* values, std::size_t count) {
    const auto* bytes = reinterpret_cast<const std::byte*>(values);
    bytes_.insert(bytes_.end(), bytes, bytes + count * sizeof(T));
    bytes_.resize((bytes_.size() + kByteAlign - 1) / kByteAlign * kByteAlign);
  }
  std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  template <class T>
  const T* take(std::uint64_t count) {
    const std::uint64_t left = bytes_.size() - at_;
    if (count > left / sizeof(T)) {
      refuse("it has " + std::to_string(bytes_.size()) +
             " bytes, too few for what it says it holds");
    }
    const auto* values = reinterpret_cast<const T*>(bytes_.data() + at_);
    at_ += std::min(left, (count * sizeof(T) + kByteAlign - 1) / kByteAlign * kByteAlign);
    return values;
  }
  bool at_end() const { return at_ == bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  std::uint64_t at_ = 0;
};

AdjacencyView take_links(Reader& reader, std::uint64_t nodes, std::uint64_t degree) {
  AdjacencyView links{nodes, degree, reader.take<std::uint16_t>(nodes), nullptr};
  links.links = reader.take<Node>(nodes * degree);
  for (std::size_t i = 0; i < nodes; ++i) {
    if (links.counts[i] > degree) {
      refuse("node " + std::to_string(i) + " has " + std::to_string(links.counts[i]) + " links");
    }
    for (const Node to : links.of(static_cast<Node>(i))) {
      if (to < nodes) continue;
      refuse("node " + std::to_string(i) + " is linked to " + std::to_string(to) + " of " +
             std::to_string(nodes));
    }
  }
  return links;
}

}  // namespace

std::vector<std::byte> bytes_of(const Graph& graph) {
  const auto& parts = graph.reduction.parts();
  Head head;
  head.metric = static_cast<std::uint64_t>(parts.metric);
  head.width = parts.center.size();
  head.stride = parts.stride;
  head.dimensions = parts.dimensions;
  head.components = parts.components.size();
  head.nodes = graph.links.nodes;
  head.degree = graph.links.degree;
  head.entries = graph.entries.size();
  head.measured = graph.measured.size();
  head.layers = graph.layers.size();
  head.layer_nodes = graph.layers.empty() ? 0 : graph.layer_nodes.size();
  head.explained = parts.explained;
  head.longest = parts.longest;
  Writer writer;
  writer.add(&head, 1);
  writer.add(parts.center.data(), parts.center.size());
  writer.add(parts.components.data(), parts.components.size());
  writer.add(graph.entries.data(), graph.entries.size());
  writer.add(graph.measured.data(), graph.measured.size());
  writer.add(graph.links.counts, graph.links.nodes);
  writer.add(graph.links.links, graph.links.nodes * graph.links.degree);
  writer.add(graph.rows.data(), graph.rows.size());
  std::vector<std::uint64_t> sizes;
  for (const AdjacencyView& layer : graph.layers) sizes.push_back(layer.nodes);
  writer.add(sizes.data(), sizes.size());
  writer.add(graph.layer_nodes.data(), head.layer_nodes);
  writer.add(graph.layer_rows.data(), head.layer_nodes * head.stride);
  for (const AdjacencyView& layer : graph.layers) {
    writer.add(layer.counts, layer.nodes);
    writer.add(layer.links, layer.nodes * layer.degree);
  }
  return writer.take();
}

Graph graph_from(std::span<const std::byte> bytes, std::shared_ptr<const void> owner) {
  Reader reader(bytes);
  Head head;
  std::memcpy(&head, reader.take<Head>(1), sizeof head);
  check(head);
  Reduction::Parts parts;
  parts.metric = static_cast<Metric>(head.metric);
  parts.stride = head.stride;
  parts.dimensions = head.dimensions;
  parts.explained = head.explained;
  parts.longest = head.longest;
  const auto* center = reader.take<float>(head.width);
  parts.center.assign(center, center + head.width);
  const auto* components = reader.take<float>(head.components);
  parts.components.assign(components, components + head.components);
  const auto finite = [](float value) { return std::isfinite(value); };
  if (!std::ranges::all_of(parts.center, finite) ||
      !std::ranges::all_of(parts.components, finite)) {
    refuse("its components are not numbers");
  }
  const auto* entries = reader.take<Node>(head.entries);
  const auto* measured = reader.take<MeasuredRecall>(head.measured);
  const AdjacencyView links = take_links(reader, head.nodes, head.degree);
  const auto* rows = reader.take<std::uint8_t>(head.nodes * head.stride);
  const auto* sizes = reader.take<std::uint64_t>(head.layers);
  const auto* layer_nodes = reader.take<Node>(head.layer_nodes);
  const auto* layer_rows = reader.take<std::uint8_t>(head.layer_nodes * head.stride);
  std::vector<AdjacencyView> layers;
  for (std::uint64_t i = 0; i < head.layers; ++i) {
    const bool last = i + 1 == head.layers;
    if (sizes[i] == 0 || sizes[i] > head.layer_nodes || (last && sizes[i] != head.layer_nodes) ||
        (i > 0 && sizes[i] < sizes[i - 1])) {
      refuse("layer " + std::to_string(i) + " has " + std::to_string(sizes[i]) + " nodes");
    }
    layers.push_back(take_links(reader, sizes[i], head.degree));
  }
  if (!reader.at_end()) refuse("bytes follow its end");
  if (std::any_of(entries, entries + head.entries, [&](Node node) { return node >= head.nodes; })) {
    refuse("an entry is not a node");
  }
  if (std::any_of(layer_nodes, layer_nodes + head.layer_nodes,
                  [&](Node node) { return node != kNoNode && node >= head.nodes; })) {
    refuse("a node of a layer is none of the graph");
  }
  return {Reduction(std::move(parts)),
          {rows, head.nodes * head.stride},
          links,
          {entries, entries + head.entries},
          std::move(layers),
          {layer_rows, head.layer_nodes * head.stride},
          {layer_nodes, head.layer_nodes},
          {measured, measured + head.measured},
          std::move(owner)};
}

}  // namespace alike::index

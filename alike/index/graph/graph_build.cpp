#include "alike/index/graph/graph_build.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/index/kernels/i8_dot.h"
#include "alike/index/rows/workers.h"

namespace alike::index {
namespace {

constexpr std::uint64_t kSeed = 20191208;
constexpr std::size_t kLayerShare = 16;  // of a layer's nodes, one in so many is in the next above
constexpr std::size_t kSmallestLayer = 64;
constexpr std::size_t kEntries = 64;
constexpr std::size_t kEntryShare = 64;  // of new nodes, one in so many becomes an entry
constexpr std::size_t kSlack = 2;        // of the degree, until a node's links are chosen anew
constexpr std::size_t kBatchShare = 50;  // of all nodes, at most one part in this many at a time
constexpr std::size_t kChunk = 8;        // links that a candidate is compared with at a time

struct Worker {
  Walk walk;
  ReducedQuery query, candidate;
  std::vector<Reached> candidates;
  std::vector<Node> chosen, nodes;
  std::vector<std::int32_t> products;
};

struct BackLink {
  Node to = 0;
  Node from = 0;

  friend auto operator<=>(const BackLink&, const BackLink&) = default;  // NOLINT: takes 0 for null
};

class Builder {
 public:
  Builder(const Reduction& reduction, const std::uint8_t* rows, std::size_t nodes,
          const GraphOptions& options, int threads, const GraphView* known)
      : reduction_(reduction),
        rows_(rows),
        options_(options),
        threads_(threads),
        links_(nodes, kSlack * options.degree),
        known_(known == nullptr ? 0 : known->links.nodes),
        order_(nodes - known_),
        workers_(Worker{}) {
    if (known != nullptr) known_view_ = known->links;
    for (std::size_t i = 0; i < known_; ++i) {
      const auto node = static_cast<Node>(i);
      links_.set(node, known->links.of(node));
    }
    if (known != nullptr) {
      entries_.assign(known->entries.begin(), known->entries.end());
      layers_ = known->layers;
    }
    std::iota(order_.begin(), order_.end(), static_cast<Node>(known_));
    Random random(kSeed);
    for (std::size_t i = order_.size(); i > 1; --i)
      std::swap(order_[i - 1], order_[random.below(i)]);
  }

  BuiltLinks build(const Watcher& watcher) {
    const std::size_t most = std::max<std::size_t>(64, (known_ + order_.size()) / kBatchShare);
    for (std::size_t done = 0; done < order_.size();) {
      std::size_t count =
          std::min({std::max<std::size_t>(1, known_ + done), most, order_.size() - done});
      if (known_ == 0) count = std::min(count, next_layer(done) - done);
      if (watcher.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted,
                    "stopped while a graph was made, of which nothing is kept; the same command "
                    "makes it anew");
      }
      insert(done, count);
      done += count;
      if (known_ == 0) keep_layer(done);
      watcher.tell({known_ + done, known_ + order_.size(), 0});
    }
    return finished();
  }

  Adjacency bridged(const std::vector<bool>& gone) {
    const AdjacencyView old = known_view_;
    workers_.each(known_, threads_, [&](std::size_t i, Worker& worker) {
      const auto node = static_cast<Node>(i);
      worker.nodes.clear();
      if (!gone[i] && std::ranges::any_of(old.of(node), [&](Node to) { return gone[to]; })) {
        const auto add = [&](Node other) {
          if (other != node && !gone[other]) worker.nodes.push_back(other);
        };
        for (const Node to : old.of(node)) {
          add(to);
          if (gone[to]) std::ranges::for_each(old.of(to), add);
        }
        std::ranges::sort(worker.nodes);
        worker.nodes.erase(std::unique(worker.nodes.begin(), worker.nodes.end()),
                           worker.nodes.end());
        choose_for(node, worker);
        links_.set(node, worker.nodes);
      } else if (gone[i]) {
        links_.set(node, {});
      }
    });
    return std::move(links_);
  }

 private:
  /// How many nodes there are when the next layer is kept: all of them, if there is no such layer.
  std::size_t next_layer(std::size_t done) const {
    std::size_t next = order_.size();
    while (next / kLayerShare > done && next / kLayerShare >= kSmallestLayer) next /= kLayerShare;
    return next;
  }
  /// Keeps the graph of the first `done` nodes if one of a layer is due.
  void keep_layer(std::size_t done) {
    const bool due = done < order_.size() && next_layer(done - 1) == done;
    if (!due) return;
    const std::size_t stride = reduction_.stride();
    std::vector<Node> numbers(order_.size(), kNoNode);
    for (std::size_t i = 0; i < done; ++i) {
      numbers[order_[i]] = static_cast<Node>(i);
      if (i < made_.layer_nodes.size()) continue;
      made_.layer_nodes.push_back(order_[i]);
      made_.layer_rows.insert(made_.layer_rows.end(), row(order_[i]), row(order_[i]) + stride);
    }
    Adjacency layer(done, options_.degree);
    workers_.each(done, threads_, [&](std::size_t i, Worker& worker) {
      keep_degree(order_[i], worker);
      for (Node& node : worker.nodes) node = numbers[node];
      layer.set(static_cast<Node>(i), worker.nodes);
    });
    made_.layers.push_back(std::move(layer));
    entries_.resize(1);
    layer_views_.clear();
    for (const Adjacency& kept : made_.layers) layer_views_.push_back(kept.view());
    layers_ = {made_.layer_rows.data(), made_.layer_nodes, layer_views_};
  }
  /// Sets `worker.nodes` to the links that `node` keeps in the end.
  void keep_degree(Node node, Worker& worker) const {
    const auto old = links_.view().of(node);
    worker.nodes.assign(old.begin(), old.end());
    if (worker.nodes.size() > options_.degree) choose_for(node, worker);
  }

  GraphView view() const { return {reduction_, rows_, links_.view(), entries_, layers_}; }
  const std::uint8_t* row(Node node) const { return rows_ + node * reduction_.stride(); }

  void insert(std::size_t first, std::size_t count) {
    std::vector<std::vector<Node>> chosen(count);
    workers_.each(count, threads_, [&](std::size_t i, Worker& worker) {
      const Node node = order_[first + i];
      reduction_.as_query(row(node), worker.query);
      worker.walk.run(view(), worker.query, options_.beam);
      const auto found = worker.walk.found();
      worker.candidates.assign(found.begin(), found.end());
      choose(worker);
      chosen[i] = worker.chosen;
    });
    std::vector<BackLink> back;
    for (std::size_t i = 0; i < count; ++i) {
      const Node node = order_[first + i];
      links_.set(node, chosen[i]);
      for (const Node to : chosen[i]) back.push_back({to, node});
      // Until there are layers, and for nodes added after them.
      const bool early = known_ == 0 && made_.layers.empty() && entries_.size() < kEntries;
      const bool is_entry = early || (known_ > 0 && (first + i) % kEntryShare == 0);
      if (is_entry) entries_.push_back(node);
    }
    link_back(std::move(back));
  }

  void link_back(std::vector<BackLink> back) {
    std::sort(back.begin(), back.end());
    std::vector<std::size_t> starts;
    for (std::size_t i = 0; i < back.size(); ++i) {
      if (i == 0 || back[i].to != back[i - 1].to) starts.push_back(i);
    }
    starts.push_back(back.size());
    workers_.each(starts.size() - 1, threads_, [&](std::size_t i, Worker& worker) {
      const Node to = back[starts[i]].to;
      const auto old = links_.view().of(to);
      worker.nodes.assign(old.begin(), old.end());
      for (std::size_t b = starts[i]; b < starts[i + 1]; ++b) worker.nodes.push_back(back[b].from);
      if (worker.nodes.size() > links_.view().degree) choose_for(to, worker);
      links_.set(to, worker.nodes);
    });
  }

  /// Leaves in `worker.nodes` those of them that `node` keeps.
  void choose_for(Node node, Worker& worker) const {
    reduction_.as_query(row(node), worker.query);
    measure(worker.query, worker.nodes, worker.products);
    worker.candidates.clear();
    for (std::size_t i = 0; i < worker.nodes.size(); ++i) {
      const Node other = worker.nodes[i];
      worker.candidates.push_back(
          {reduction_.distance(worker.query, row(other), worker.products[i]), other});
    }
    std::sort(worker.candidates.begin(), worker.candidates.end());
    choose(worker);
    std::swap(worker.nodes, worker.chosen);
  }

  void measure(const ReducedQuery& query, std::span<const Node> nodes,
               std::vector<std::int32_t>& products) const {
    products.resize(std::max(products.size(), nodes.size()));
    i8_dot()(reinterpret_cast<const std::int8_t*>(query.values.data()), rows_, reduction_.stride(),
             nodes.data(), nodes.size(), products.data());
  }

  /// Sets `worker.chosen` to the candidates, nearest first, that no chosen one is much nearer to.
  void choose(Worker& worker) const {
    worker.chosen.clear();
    for (const Reached& candidate : worker.candidates) {
      if (worker.chosen.size() == options_.degree) break;
      if (!covered(candidate, worker)) worker.chosen.push_back(candidate.node);
    }
  }

  bool covered(const Reached& candidate, Worker& worker) const {
    if (worker.chosen.empty()) return false;
    const float spread = options_.spread * options_.spread;
    reduction_.as_query(row(candidate.node), worker.candidate);
    for (std::size_t i = 0; i < worker.chosen.size(); i += kChunk) {
      const auto some =
          std::span(worker.chosen).subspan(i, std::min(kChunk, worker.chosen.size() - i));
      measure(worker.candidate, some, worker.products);
      for (std::size_t j = 0; j < some.size(); ++j) {
        const float between =
            reduction_.distance(worker.candidate, row(some[j]), worker.products[j]);
        if (spread * between <= candidate.distance) return true;
      }
    }
    return false;
  }

  BuiltLinks finished() {
    const std::size_t nodes = known_ + order_.size();
    Adjacency kept(nodes, options_.degree);
    workers_.each(nodes, threads_, [&](std::size_t i, Worker& worker) {
      keep_degree(static_cast<Node>(i), worker);
      kept.set(static_cast<Node>(i), worker.nodes);
    });
    reach_all(kept);
    made_.links = std::move(kept);
    made_.entries = std::move(entries_);
    return std::move(made_);
  }

  /// Gives every node that no walk could reach a link from the nearest node with room for one, or
  /// makes it an entry where there is none.
  void reach_all(Adjacency& links) {
    std::vector<bool> reached(links.view().nodes);
    std::vector<Node> starts = entries_;
    for (const Node node : layers_.nodes) {
      if (node != kNoNode) starts.push_back(node);
    }
    for (const Node node : starts) reached[node] = true;
    mark_reached(links, starts, reached);
    Worker worker = workers_.take();
    for (std::size_t i = 0; i < reached.size(); ++i) {
      if (reached[i]) continue;
      const auto node = static_cast<Node>(i);
      reduction_.as_query(row(node), worker.query);
      worker.walk.run({reduction_, rows_, links.view(), entries_, layers_}, worker.query,
                      options_.beam);
      const auto found = worker.walk.found();
      const auto from = std::ranges::find_if(found, [&](const Reached& other) {
        return links.view().of(other.node).size() < options_.degree;
      });
      if (from == found.end()) {
        entries_.push_back(node);
      } else {
        const auto old = links.view().of(from->node);
        worker.nodes.assign(old.begin(), old.end());
        worker.nodes.push_back(node);
        links.set(from->node, worker.nodes);
      }
      reached[i] = true;
      mark_reached(links, {node}, reached);
    }
  }

  /// Marks the nodes reachable from `open`.
  static void mark_reached(const Adjacency& links, std::vector<Node> open,
                           std::vector<bool>& reached) {
    while (!open.empty()) {
      const Node from = open.back();
      open.pop_back();
      for (const Node to : links.view().of(from)) {
        if (reached[to]) continue;
        reached[to] = true;
        open.push_back(to);
      }
    }
  }

  const Reduction& reduction_;
  const std::uint8_t* rows_;
  const GraphOptions& options_;
  int threads_;
  Adjacency links_;
  std::size_t known_;  // nodes that are linked already: the first ones
  AdjacencyView known_view_;
  std::vector<Node> order_;
  std::vector<Node> entries_;
  LayersView layers_;
  std::vector<AdjacencyView> layer_views_;
  BuiltLinks made_;
  Workers<Worker> workers_;
};

}  // namespace

BuiltLinks build_links(const Reduction& reduction, const std::uint8_t* rows, std::size_t nodes,
                       const GraphOptions& options, int threads, const GraphView* known,
                       const Watcher& watcher) {
  return Builder(reduction, rows, nodes, options, threads, known).build(watcher);
}

Adjacency bridge(const GraphView& known, const std::vector<bool>& gone, const GraphOptions& options,
                 int threads) {
  return Builder(known.reduction, known.rows, known.links.nodes, options, threads, &known)
      .bridged(gone);
}

}  // namespace alike::index

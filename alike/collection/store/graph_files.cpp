#include "alike/collection/store/graph_files.h"

#include <memory>

#include "alike/base/file.h"
#include "alike/collection/store/mapped_graph.h"
#include "alike/collection/store/segment_views.h"
#include "alike/index/graph/graph_file.h"
#include "alike/index/rows/blocks_of.h"

namespace alike::collection {
namespace {

constexpr std::uint64_t kNewShare = 10;  // one row in so many is new: the graph takes them in

void write_graph(const Folder& folder, const std::string& name,
                 const std::vector<GraphCover>& cover, const index::Graph& graph) {
  const auto bytes = index::bytes_of(graph);
  const auto covered = make_group({.type = GroupType::cover,
                                   .width = sizeof(GraphCover),
                                   .rows = static_cast<std::uint32_t>(cover.size())},
                                  bytes_of(cover));
  const auto linked = make_group({.type = GroupType::graph,
                                  .width = kGraphWidth,
                                  .rows = static_cast<std::uint32_t>(bytes.size() / kGraphWidth),
                                  .source = index::kGraphVersion},
                                 bytes);
  folder.replace(name, [&](File& file) {
    file.write_at(0, covered);
    file.write_at(covered.size(), linked);
  });
}

std::string name_in(const std::string& space) { return space + "/" + std::string(kGraphFile); }

/// Makes or extends the graph in folder `space`; returns how many rows it took in.
std::uint64_t link(const Folder& folder, const std::string& space,
                   const std::shared_ptr<const MappedRows>& rows, index::Metric metric, int threads,
                   const Watcher& watcher) {
  const auto known = MappedGraph::open(folder, space, rows, metric);
  const std::uint64_t before = known ? known->rows() : 0;
  const std::uint64_t more = rows->row_count() - before;
  if (rows->row_count() == 0 || more * kNewShare < rows->row_count()) return 0;
  auto cover = known ? known->cover() : std::vector<GraphCover>{};
  auto blocks = blocks_of(*rows, cover).value();
  for (const std::size_t block : blocks.rest) {
    const auto place = rows->place(block);
    if (place.first > 0) continue;
    cover.push_back({place.segment, rows->groups(place.segment)[place.group].sum});
  }
  auto order = std::move(blocks.nodes);
  order.insert(order.end(), blocks.rest.begin(), blocks.rest.end());
  const auto nodes = std::make_shared<index::BlocksOf>(rows, std::move(order));
  index::Graph graph =
      index::make_graph(*nodes, metric, {}, threads, known ? &known->graph() : nullptr, watcher);
  index::measure_recall(graph, nodes, threads);
  rows->check_whole();
  if (known) known->file()->check_no_page_lost();
  write_graph(folder, name_in(space), cover, graph);
  return more;
}

bool remove_graph(const Folder& folder, const std::string& space) {
  return folder.has_folder(space) && folder.remove(name_in(space));
}

}  // namespace

IndexChange refresh_graph(Writer& writer, std::int64_t space, int threads, const Watcher& watcher) {
  Catalog& catalog = writer.catalog();
  const Space of = catalog.space(catalog.name_of(space));
  const std::string place = writer.space_folder(space);
  IndexChange change;
  if (!wants_graph(of.index, of.rows)) {
    change.removed = remove_graph(writer.folder(), place) ? 1 : 0;
    return change;
  }
  const auto rows =
      std::make_shared<const MappedRows>(of.width, segment_views(catalog, of), writer.folder());
  change.linked = link(writer.folder(), place, rows, of.metric, threads, watcher);
  return change;
}

}  // namespace alike::collection

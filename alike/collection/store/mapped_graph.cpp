#include "alike/collection/store/mapped_graph.h"

#include <cstring>
#include <map>

#include "alike/base/error.h"
#include "alike/index/graph/graph_file.h"
#include "alike/index/rows/blocks_of.h"

namespace alike::collection {

std::optional<CoveredBlocks> blocks_of(const MappedRows& rows,
                                       const std::vector<GraphCover>& cover) {
  std::map<std::pair<std::int64_t, std::uint64_t>, std::vector<std::size_t>> by_group;
  for (std::size_t i = 0; i < rows.block_count(); ++i) {
    const auto place = rows.place(i);
    by_group[{place.segment, rows.groups(place.segment)[place.group].sum}].push_back(i);
  }
  CoveredBlocks found;
  for (const auto& [segment, sum] : cover) {
    const auto group = by_group.find({segment, sum});
    if (group == by_group.end()) return std::nullopt;
    found.nodes.insert(found.nodes.end(), group->second.begin(), group->second.end());
    by_group.erase(group);
  }
  for (const auto& [group, blocks] : by_group) {
    found.rest.insert(found.rest.end(), blocks.begin(), blocks.end());
  }
  return found;
}

std::optional<MappedGraph> MappedGraph::open(const Folder& folder, const std::string& space,
                                             const std::shared_ptr<const MappedRows>& rows,
                                             index::Metric metric) {
  const std::string name = space + "/" + std::string(kGraphFile);
  try {
    const auto file = std::make_shared<const MappedFile>(folder.open(name, File::Mode::read));
    const auto bytes = file->bytes();
    const auto whole = [&](const Group& group) {
      return damaged_block(bytes, group, 0, group.payload_size) < 0;
    };
    const Group cover = read_group(bytes, 0, GroupType::cover);
    const Group graph = read_group(bytes, cover.size, GroupType::graph);
    if (graph.source != index::kGraphVersion || !whole(cover) || !whole(graph)) return std::nullopt;
    if (cover.width != sizeof(GraphCover)) return std::nullopt;
    MappedGraph made;
    made.file_ = file;
    made.cover_.resize(cover.rows);
    std::memcpy(made.cover_.data(), payload_of(bytes, cover).data(),
                cover.rows * sizeof(GraphCover));
    auto blocks = blocks_of(*rows, made.cover_);
    if (!blocks) return std::nullopt;
    made.graph_ =
        std::make_shared<const index::Graph>(index::graph_from(payload_of(bytes, graph), file));
    std::uint64_t nodes = 0;
    for (const std::size_t block : blocks->nodes) nodes += rows->block_rows(block);
    const bool fits = made.graph_->links.nodes == nodes && nodes > 0 &&
                      made.graph_->reduction.width() == rows->width() &&
                      made.graph_->reduction.metric() == metric;
    if (!fits) return std::nullopt;
    made.nodes_ = std::make_shared<index::BlocksOf>(rows, std::move(blocks->nodes));
    if (!blocks->rest.empty()) {
      made.rest_ = std::make_shared<index::BlocksOf>(rows, std::move(blocks->rest));
    }
    return made;
  } catch (const Error& error) {
    if (error.code() == ErrorCode::io) throw;
    return std::nullopt;  // there is none, or 'alike verify' reports its damage
  }
}

std::unique_ptr<const index::VectorIndex> MappedGraph::index() const {
  return std::make_unique<const index::GraphIndex>(nodes_, graph_, rest_);
}

double MappedGraph::measured_recall() const {
  const std::size_t beam = graph_->beam_for(index::SearchOptions().recall);
  for (const auto& [of_beam, recall] : graph_->measured) {
    if (of_beam == beam) return recall;
  }
  return 0;
}

}  // namespace alike::collection

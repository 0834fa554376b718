// The input of a map: the rows of a space as of one moment, and data of their items.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "alike/collection/collection.h"
#include "alike/map/layout/neighbors.h"
#include "alike/map/map.h"

namespace alike::map {

/// Row `i` is the i-th of `index.rows` that is not dead: the order of `Neighbors`. Valid while it
/// lives, whatever a writer does.
struct SpaceRows {
  MapSource source;
  index::Metric metric = index::Metric::cosine;
  collection::SpaceIndex index;
  std::vector<std::int64_t> ids;       ///< (n) items.
  std::vector<std::uint64_t> content;  ///< (n) as `Map::content`.
  std::vector<std::int32_t> labels;  ///< (n) places in `label_names`; −1: a picture in no folder.
  std::vector<std::string> label_names;  ///< Folder labels, ascending.
  std::vector<std::string> paths;        ///< (n) as `Item::path`.
  std::uint64_t behind = 0;              ///< Items that have no row here yet.

  std::size_t size() const { return ids.size(); }
};

/// The present source of the space. Throws as `Collection::space`, `Collection::index`.
MapSource source_of(const collection::Space& space);

/// The rows of the space called `space`, the default one for "". Throws as the above.
SpaceRows rows_of(const collection::Collection& collection, const std::string& space);

/// As `find_neighbors`; with the graph of the space where it has one. Throws as that, and
/// `invalid_argument` where the space has no rows, with the way out.
Neighbors neighbors_in(const SpaceRows& rows, std::size_t k, int threads, const Watcher& watcher);

}  // namespace alike::map

#include "alike/collection/store/index_files.h"

#include <algorithm>
#include <array>

#include "alike/collection/store/code_files.h"
#include "alike/collection/store/graph_files.h"

namespace alike::collection {

IndexChange refresh_index(Writer& writer, std::int64_t space, int threads, const Watcher& watcher) {
  Catalog& catalog = writer.catalog();
  const Space of = catalog.space(catalog.name_of(space));
  // New files are made before unused ones go: where the disk is full, the old ones answer on.
  auto steps = std::array{refresh_codes, refresh_graph};
  if (wants_graph(of.index, of.rows)) std::ranges::reverse(steps);
  IndexChange change;
  for (const auto step : steps) {
    const IndexChange done = step(writer, space, threads, watcher);
    change.made += done.made;
    change.linked += done.linked;
    change.removed += done.removed;
  }
  if (!change.any()) return change;
  // Readers look again after any change of the catalog.
  Transaction transaction(writer.database(), true);
  catalog.add_index_change(space);
  writer.commit(transaction);
  return change;
}

}  // namespace alike::collection

#include "alike/collection/index_files.h"

#include "alike/collection/code_files.h"
#include "alike/collection/graph_files.h"

namespace alike::collection {

IndexChange refresh_index(Writer& writer, std::int64_t space, int threads, const Watcher& watcher) {
  IndexChange change = refresh_codes(writer, space, threads, watcher);
  const IndexChange graph = refresh_graph(writer, space, threads, watcher);
  change.linked = graph.linked;
  change.removed += graph.removed;
  if (!change.any()) return change;
  // Readers look again after any change of the catalog.
  Transaction transaction(writer.database(), true);
  writer.catalog().set_codes_changed(space);
  writer.commit(transaction);
  return change;
}

}  // namespace alike::collection

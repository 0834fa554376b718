#include "alike/collection/ingest/ingest.h"

#include <chrono>
#include <optional>
#include <utility>

#include "alike/base/error.h"
#include "alike/collection/ingest/folder_watch.h"
#include "alike/collection/ingest/ingest_run.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {

namespace {

/// The imported space that the options want searched another way, where that is all they want; the
/// default one where they name none.
std::optional<Space> imported_space(const Collection& collection, const IngestOptions& options) {
  if (!options.index || options.pca || options.pooling) return std::nullopt;
  if (!options.encoder.empty() || !options.layer.empty()) return std::nullopt;
  for (const Space& space : collection.spaces()) {
    const bool meant = options.space.empty() ? space.is_default : space.name == options.space;
    if (meant && space.encoder.empty()) return space;
  }
  return std::nullopt;
}

/// No file is looked at: nothing can be added to rows that were made elsewhere.
IngestSummary index_imported(const Collection& collection, const Space& space,
                             const IngestOptions& options, const Watcher& watcher) {
  const auto start = std::chrono::steady_clock::now();
  Writer writer(collection.folder());
  const std::int64_t key = writer.catalog().key_of(space.name);
  Transaction transaction(writer.database(), true);
  writer.catalog().set_index(key, *options.index);
  writer.commit(transaction);
  IngestSummary summary;
  summary.space = space.name;
  summary.unchanged = space.rows;
  summary.index = refresh_index(writer, key, options.threads, watcher);
  summary.skipped = writer.catalog().skipped();
  const auto end = std::chrono::steady_clock::now();
  summary.seconds = std::chrono::duration<double>(end - start).count();
  return summary;
}

}  // namespace

IngestSummary ingest(Collection& collection, const IngestOptions& options, const Watcher& watcher) {
  if (const auto space = imported_space(collection, options)) {
    return index_imported(collection, *space, options, watcher);
  }
  return IngestRun(collection.folder(), collection.readable_pictures(), options).run(watcher);
}

void ingest_and_watch(Collection& collection, const IngestOptions& options, const Watcher& watcher,
                      const std::function<void(const IngestSummary&)>& after_each) {
  IngestRun run(collection.folder(), collection.readable_pictures(), options);
  // Before the first look, so that no change falls between the look and the watch.
  FolderWatch watch(collection.pictures(), collection.folder());
  std::optional<IngestSummary> before;
  bool again = true;
  while (again) {
    try {
      IngestSummary summary = run.run(watcher);
      const bool changed = summary.added + summary.updated + summary.removed > 0;
      if (!before || changed || summary.skipped != before->skipped ||
          summary.missing != before->missing) {
        after_each(summary);
      }
      before = std::move(summary);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::busy) throw;
      if (watcher.stop.stop_requested()) break;
      continue;  // another process fills a space; the lock was waited for
    }
    again = watch.wait(watcher.stop);
  }
  throw Error(ErrorCode::interrupted, "stopped watching; finished work is kept");
}

}  // namespace alike::collection

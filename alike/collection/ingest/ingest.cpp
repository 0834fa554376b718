#include "alike/collection/ingest/ingest.h"

#include <optional>
#include <utility>

#include "alike/base/error.h"
#include "alike/collection/ingest/folder_watch.h"
#include "alike/collection/ingest/ingest_run.h"

namespace alike::collection {

IngestSummary ingest(Collection& collection, const IngestOptions& options, const Watcher& watcher) {
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

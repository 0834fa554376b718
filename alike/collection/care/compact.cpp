#include <algorithm>

#include "alike/base/parallel.h"
#include "alike/base/paths.h"
#include "alike/collection/care/care.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/rewrite.h"

namespace alike::collection {
namespace {

std::uint64_t bytes_below(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  for (const auto& path : paths_below(folder)) {
    // These have a size only while the catalog is open.
    const auto name = path.filename();
    if (name != "catalog.db-shm" && name != "lock" && is_file(path)) bytes += file_bytes(path);
  }
  return bytes;
}

}  // namespace

CompactReport compact(const std::filesystem::path& folder, const Watcher& watcher) {
  CompactReport report;
  {
    Writer writer(folder);
    writer.checkpoint();
    report.bytes_before = bytes_below(folder);
    Catalog& catalog = writer.catalog();
    for (const auto& space : catalog.spaces()) {
      const std::int64_t key = catalog.key_of(space.name);
      auto segments = catalog.segments(key);
      std::erase_if(segments, [&](const SegmentEntry& entry) {
        return catalog.dead_rows(key, entry.number).empty();
      });
      rewrite_segments(writer, key, segments, DamagedRows::refuse, watcher);
      refresh_index(writer, key, available_processors(), watcher);
    }
    catalog.pack();
  }
  report.bytes_after = bytes_below(folder);
  return report;
}

}  // namespace alike::collection

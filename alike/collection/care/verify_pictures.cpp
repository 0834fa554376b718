#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/collection/care/care.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/catalog/trust.h"
#include "alike/image/decode.h"

namespace alike::collection {

PicturesReport verify_pictures(const Collection& collection, const Watcher& watcher) {
  std::vector<std::pair<std::string, std::string>> items;  // path and hash
  open_catalog(collection.folder())->each_item([&](const Item& item) {
    if (!item.path.empty() && !item.hash.empty()) items.emplace_back(item.path, item.hash);
  });
  const auto& folder = collection.readable_pictures();
  PicturesReport report;
  for (const auto& [path, hash] : items) {
    if (watcher.stop.stop_requested()) throw Error(ErrorCode::interrupted, "stopped");
    try {
      check_item_path(path);
      const auto bytes = read_file(folder / path, image::kMaxFileBytes);
      report.bytes += bytes.size();
      if (content_hash(bytes) != hash) {
        report.differing.push_back({path, "its content is not the one that was indexed"});
      }
    } catch (const Error& error) {
      report.differing.push_back({path, error.what()});
    }
    watcher.tell({++report.pictures, items.size(), report.differing.size()});
  }
  return report;
}

}  // namespace alike::collection

#include "alike/collection/ingest/moved_pictures.h"

#include <algorithm>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/math/sample.h"
#include "alike/base/paths.h"
#include "alike/collection/catalog/trust.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSample = 32;

/// Evenly over all pictures.
std::vector<Item> sample_of(Catalog& catalog) {
  std::vector<ItemId> all;
  catalog.each_item([&](const Item& item) {
    if (!item.path.empty() && !item.hash.empty()) all.push_back(item.id);
  });
  std::vector<ItemId> sample;
  for (const auto place : even_places(all.size(), kSample)) sample.push_back(all[place]);
  return catalog.items(sample);
}

bool lies_in(const fs::path& folder, const Item& item) try {
  check_item_path(item.path);
  const fs::path file = folder / item.path;
  if (file_bytes(file) != item.size) return false;
  return content_hash(read_file(file, item.size)) == item.hash;
} catch (const Error&) {
  return false;
}

}  // namespace

Collection move_pictures(const Collection& collection, const fs::path& pictures) {
  const auto refuse = [&](const std::string& why) {
    throw Error(ErrorCode::invalid_argument, "'" + collection.folder().native() +
                                                 "' is the collection of '" +
                                                 collection.pictures().native() + "', not of '" +
                                                 pictures.native() + "': " + why);
  };
  if (path_exists(collection.pictures())) {
    refuse("that folder is still there");
  }
  const auto where = real_path(pictures);
  {
    Writer writer(collection.folder());
    const auto sample = sample_of(writer.catalog());
    const auto found = static_cast<std::size_t>(
        std::ranges::count_if(sample, [&](const Item& item) { return lies_in(where, item); }));
    if (found == 0 || 10 * found < 9 * sample.size()) {
      refuse("that folder is gone, and of " + std::to_string(sample.size()) +
             " of its pictures only " + std::to_string(found) + " lie in this one");
    }
    const bool above = collection.folder().parent_path() == where;
    Transaction transaction(writer.database(), true);
    writer.catalog().set_setting("pictures", above ? "" : where.native());
    writer.catalog().set_setting("missing", std::string(kJustMoved));
    writer.commit(transaction);
    trust_own(collection.folder(), where);
  }
  return Collection(collection.folder());
}

}  // namespace alike::collection

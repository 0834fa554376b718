#include "alike/collection/store/map_store.h"

#include <algorithm>
#include <optional>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/text.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/names.h"
#include "alike/collection/store/segment.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {
namespace {

[[noreturn]] void refuse_unknown(const std::vector<MapEntry>& maps, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& map : maps) names.push_back(map.name);
  if (names.empty()) {
    throw Error(ErrorCode::not_found, "the collection has no map yet",
                Remedy{"map", {}, "to make one"});
  }
  throw Error(ErrorCode::not_found, "there is no map '" + name + "'" + suggestion(name, names));
}

MapEntry known(const std::vector<MapEntry>& maps, const std::string& name) {
  const auto found = std::ranges::find(maps, name, &MapEntry::name);
  if (found == maps.end()) refuse_unknown(maps, name);
  return *found;
}

[[noreturn]] void refuse_damaged(const MapEntry& map, const std::filesystem::path& file,
                                 const std::string& what) {
  throw Error(ErrorCode::corrupt, "'" + file.native() + "', " + what, map_remedy(map));
}

std::string hexadecimal(std::uint64_t sum) {
  std::string text(16, '0');
  for (std::size_t i = 16; i-- > 0; sum >>= 4) text[i] = "0123456789abcdef"[sum & 15];
  return text;
}

/// The map in `file`, or nothing where a writer seems to have replaced it meanwhile.
std::optional<std::vector<std::byte>> read_current(const Collection& collection,
                                                   const MapEntry& map,
                                                   const std::filesystem::path& path) {
  const Folder folder(collection.folder());
  const MappedFile file(folder.open(map_file_name(map.name), File::Mode::read));
  const auto bytes = file.bytes();
  const Group group = read_group(bytes, 0, GroupType::map);
  const auto block = damaged_block(bytes, group, 0, group.payload_size);
  if (block >= 0) {
    const auto offset = group.payload_offset + static_cast<std::uint64_t>(block) * kBlockSize;
    refuse_damaged(map, path,
                   "offset " + std::to_string(offset) + ": the block does not have its checksum");
  }
  if (group.size != bytes.size()) {
    refuse_damaged(map, path,
                   "offset " + std::to_string(group.size) + ": bytes follow the end of the map");
  }
  const auto catalog = open_catalog(collection.folder());
  const Transaction transaction(catalog->database());
  if (catalog->was_migrated()) return std::nullopt;
  if (!is_current_map(*catalog, map.name, group.sum)) return std::nullopt;
  const auto payload = payload_of(bytes, group);
  std::vector<std::byte> copy(payload.begin(), payload.end());
  file.check_no_page_lost();
  return copy;
}

}  // namespace

bool is_current_map(Catalog& catalog, const std::string& name, std::uint64_t sum) {
  const std::string sums = catalog.map_sums(name);
  return sums.empty() || sums.find(hexadecimal(sum)) != sums.npos;
}

std::vector<std::byte> read_map(const Collection& collection, const std::string& name) {
  const MapEntry map = known(collection.maps(), name);
  const auto path = collection.folder() / map_file_name(name);
  try {
    constexpr int kTries = 3;
    for (int i = 0; i < kTries; ++i) {
      if (auto bytes = read_current(collection, map, path)) return std::move(*bytes);
    }
    refuse_damaged(map, path, "offset 0: it is not the one that was kept last");
  } catch (const Error& error) {
    if (error.code() == ErrorCode::not_found) refuse_damaged(map, path, "offset 0: it is gone");
    const bool of_group = std::string_view(error.what()).starts_with("offset ");
    if (error.code() == ErrorCode::corrupt && of_group) refuse_damaged(map, path, error.what());
    throw;
  }
}

void write_map(const Collection& collection, const std::string& name, const std::string& space,
               std::span<const std::byte> bytes) {
  check_name(name, "a map");
  const std::uint64_t rows = (bytes.size() + kMapWidth - 1) / kMapWidth;
  if (rows == 0 || rows > kMaxRows) {
    throw Error(ErrorCode::unsupported, "a map of " + std::to_string(bytes.size()) +
                                            " bytes cannot be kept; it has at least one and at "
                                            "most 1 GiB");
  }
  const auto group = make_group(
      {.type = GroupType::map, .width = kMapWidth, .rows = static_cast<std::uint32_t>(rows)},
      bytes);
  Writer writer(collection.folder());
  Catalog& catalog = writer.catalog();
  const std::int64_t key = catalog.key_of(space);
  const std::string sum = hexadecimal(read_group(group, 0, GroupType::map).sum);
  {
    // So that a kill leaves a map that counts, be it the old one or the new one.
    const std::string before = catalog.map_sums(name);
    Transaction transaction(writer.database(), true);
    if (!before.empty()) catalog.set_map_sums(name, before + " " + sum);
    writer.commit(transaction);
  }
  writer.folder().make_folder("maps");
  writer.folder().replace(map_file_name(name), group);
  Transaction transaction(writer.database(), true);
  catalog.set_map(name, key, sum);
  writer.commit(transaction);
}

void remove_map(const Collection& collection, const std::string& name) {
  Writer writer(collection.folder());
  known(writer.catalog().maps(), name);
  Transaction transaction(writer.database(), true);
  writer.catalog().remove_map(name);
  writer.commit(transaction);
  writer.remove_leftovers();
}

std::string default_map_name(const std::string& space, const std::string& method) {
  return space + "." + method;
}

Remedy map_remedy(const MapEntry& map) {
  Remedy remedy{"map", {"--space", map.space}, "to make the map again"};
  const auto with = [&](const char* option, const std::string& value) {
    remedy.arguments.insert(remedy.arguments.end(), {option, value});
    return remedy;
  };
  for (const char* method : {"umap", "tsne", "pca"}) {
    if (map.name == default_map_name(map.space, method)) return with("--method", method);
  }
  return with("--name", map.name);
}

}  // namespace alike::collection

// An untrusted catalog.db, and the WAL beside it, without a catalog.sum, as a foreign
// collection may come. Input: u32 bytes of catalog.db, catalog.db, catalog.db-wal.
#include <algorithm>
#include <cstring>

#include "alike/base/error.h"
#include "alike/collection/catalog/catalog.h"
#include "fuzz/support.h"

namespace {

using namespace alike;
using namespace alike::collection;

std::string input_of(const std::string& catalog, const std::string& wal) {
  const auto size = static_cast<std::uint32_t>(catalog.size());
  std::string input(reinterpret_cast<const char*>(&size), sizeof size);
  return input + catalog + wal;
}

/// A small catalog with an item and a space.
std::string made_catalog() {
  const fuzz::ScratchFolder folder;
  Catalog::create(folder.path(), "");
  {
    Catalog catalog(folder.path(), Database::Mode::write);
    Item item;
    item.path = "a/b.png";
    item.label = "a";
    catalog.add_item(item);
    Space space;
    space.name = space.encoder = space.layer = "tiny";
    space.width = 4;
    const auto key = catalog.add_space(space);
    catalog.set_segment(key, {0, 4096, 1});
    catalog.add_row(key, 0, {0, 0});
    catalog.pack();
  }
  return read_text(folder.path() / "catalog.db");
}

void put(const char* name, std::span<const std::byte> bytes) {
  File(fuzz::folder() / name, File::Mode::fresh).write_at(0, bytes);
}

/// Reads all that a search and `status` read.
void read_everything(Catalog& catalog) {
  catalog.each_item([](const Item&) {});
  catalog.skipped();
  catalog.maps();
  for (const auto& space : catalog.spaces()) {
    const auto key = catalog.key_of(space.name);
    catalog.transform(key);
    catalog.items_with_row(key);
    for (const auto& segment : catalog.segments(key)) catalog.dead_rows(key, segment.number);
  }
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  const std::string catalog = made_catalog();
  fuzz::plant(count, arguments, {input_of(catalog, ""), input_of(catalog, std::string(4152, 'w'))});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = fuzz::bytes_from(data, size);
  if (bytes.size() < 4) return 0;
  const auto rest = bytes.subspan(4);
  const std::size_t catalog_bytes =
      std::min<std::size_t>(fuzz::number_at<std::uint32_t>({data, size}, 0), rest.size());
  std::error_code ignored;
  std::filesystem::remove(fuzz::folder() / "catalog.db-shm", ignored);
  put("catalog.db", rest.first(catalog_bytes));
  put("catalog.db-wal", rest.subspan(catalog_bytes));
  try {
    read_everything(*open_catalog(fuzz::folder()));
  } catch (const Error&) {
  }
  return 0;
}

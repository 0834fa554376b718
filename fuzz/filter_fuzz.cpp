// An expression of --where. Any accepted one is SQL that SQLite runs.
#include "alike/base/error.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/catalog/filter.h"
#include "fuzz/support.h"

namespace {

using namespace alike;
using namespace alike::collection;

Database& database() {
  static const fuzz::ScratchFolder folder;
  static Catalog catalog = [] {
    Catalog::create(folder.path(), "");
    Catalog made(folder.path(), Database::Mode::write);
    Item item;
    item.path = "a/b.png";
    item.label = "a";
    made.add_item(item);
    return Catalog(folder.path(), Database::Mode::read);
  }();
  return catalog.database();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments,
              {"label = \"animals\" and width > 800",
               "not (label in (\"a\", 'b''c') or path like \"2019/%\")",
               "added >= \"2026-01-31\" and modified < '2026-01-31T12:30:59'",
               "id not in (1, -2, +3.5) or size != 1e3 or height<=7 or label == \"\""});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Filter filter;
  try {
    filter = parse_filter(fuzz::text_from(data, size));
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_argument) std::abort();
    return 0;
  }
  auto statement = database().prepare("SELECT id FROM items WHERE " + filter.sql);
  for (const auto& value : filter.values) {
    std::visit([&](const auto& bound) { statement.bind(bound); }, value);
  }
  while (statement.step()) {
  }
  return 0;
}

// Rows made elsewhere, taken as a space.
#include <algorithm>
#include <cmath>
#include <unordered_map>
#include <unordered_set>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/ingest/ingest_batch.h"
#include "alike/collection/ingest/scan.h"
#include "alike/collection/names.h"
#include "alike/collection/store/index_files.h"
#include "alike/collection/store/segment.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {
namespace {

constexpr std::size_t kPieceBytes = 64 << 20;

[[noreturn]] void throw_invalid(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

void check(Catalog& catalog, MatrixView rows, const std::vector<std::string>& paths,
           const std::string& space) {
  check_space_name(space);
  for (const auto& known : catalog.spaces()) {
    if (known.name == space) {
      throw Error(ErrorCode::invalid_argument,
                  "there is a space '" + space + "' already; choose another name",
                  Remedy{"spaces", {"remove", space}, "to remove it"});
    }
  }
  if (rows.rows == 0 || rows.width == 0) {
    throw_invalid("there are no rows to import: the array has the shape (" +
                  std::to_string(rows.rows) + ", " + std::to_string(rows.width) + ")");
  }
  if (rows.width > kMaxWidth) {
    throw_invalid("the rows have " + std::to_string(rows.width) + " numbers; at most " +
                  std::to_string(kMaxWidth) + " can be kept");
  }
  if (!paths.empty() && paths.size() != rows.rows) {
    throw_invalid("there are " + std::to_string(paths.size()) + " paths for " +
                  std::to_string(rows.rows) + " rows; there must be one line for each row");
  }
  if (std::unordered_set<std::string>(paths.begin(), paths.end()).size() != paths.size()) {
    throw_invalid("a path stands twice in the list; each row needs its own");
  }
  for (std::size_t i = 0; i < rows.rows; ++i) {
    const auto row = rows.row(i);
    const auto bad = std::ranges::find_if(row, [](float x) { return !std::isfinite(x); });
    if (bad != row.end()) {
      throw_invalid("row " + std::to_string(i) + ", column " + std::to_string(bad - row.begin()) +
                    " is " + std::to_string(*bad) + "; only finite numbers can be searched");
    }
  }
}

/// Which item each row belongs to; makes the items of a collection that has none.
std::vector<ItemId> items_for(Catalog& catalog, std::size_t rows,
                              const std::vector<std::string>& paths) {
  std::vector<ItemId> ids;
  if (catalog.item_count() == 0) {
    ItemId next_id = catalog.next_id();
    for (std::size_t i = 0; i < rows; ++i) {
      Item item;
      item.id = next_id++;
      if (!paths.empty()) item.path = paths[i];
      item.label = label_of(item.path);
      item.added_ms = now_ms();
      catalog.add_item(item);
      ids.push_back(item.id);
    }
    catalog.set_next_id(next_id);
    return ids;
  }
  for (std::size_t i = 0; i < rows; ++i) {
    const auto item =
        paths.empty() ? catalog.item(static_cast<ItemId>(i)) : catalog.item_at(paths[i]);
    if (!item) {
      throw_invalid(paths.empty()
                        ? "row " + std::to_string(i) + " has no item: the collection has " +
                              std::to_string(catalog.item_count()) +
                              " items; name the item of each row with --paths"
                        : "line " + std::to_string(i + 1) + " of the paths, '" + paths[i] +
                              "', is not in the collection; paths are relative to its folder");
    }
    ids.push_back(item->id);
  }
  return ids;
}

void scale_to_length_1(Matrix& rows) {
  for (std::size_t i = 0; i < rows.rows(); ++i) encode::normalize(rows.row(i));
}

}  // namespace

std::uint64_t import_rows(Collection& collection, MatrixView rows,
                          const std::vector<std::string>& paths, const std::string& space,
                          index::Metric metric, IndexKind wanted) {
  Writer writer(collection.folder());
  Catalog& catalog = writer.catalog();
  check(catalog, rows, paths, space);
  Space made;
  made.name = space;
  made.metric = metric;
  made.width = rows.width;

  Transaction transaction(writer.database(), true);
  const auto ids = items_for(catalog, rows.rows, paths);
  const std::int64_t key = catalog.add_space(made);
  if (wanted != IndexKind::automatic) catalog.set_index(key, wanted);
  const std::size_t piece = std::max<std::size_t>(1, kPieceBytes / (rows.width * sizeof(float)));
  for (std::size_t begin = 0; begin < rows.rows; begin += piece) {
    const std::size_t count = std::min(piece, rows.rows - begin);
    Matrix kept(count, rows.width);
    std::copy_n(rows.data + begin * rows.width, count * rows.width, kept.data());
    if (metric == index::Metric::cosine) scale_to_length_1(kept);
    const auto some = std::span(ids).subspan(begin, count);
    const auto places = writer.append(key, some, kept);
    for (std::size_t i = 0; i < count; ++i) catalog.add_row(key, some[i], places[i]);
  }
  writer.commit(transaction);
  refresh_index(writer, key, available_processors(), {});
  return rows.rows;
}

}  // namespace alike::collection

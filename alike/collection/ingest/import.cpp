// Rows made elsewhere, taken as a space.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "alike/base/error.h"
#include "alike/base/parallel.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/ingest/ingest_batch.h"
#include "alike/collection/ingest/pca_sample.h"
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

encode::Pca fitted(MatrixView rows, const std::vector<ItemId>& ids, index::Metric metric,
                   const encode::PcaOptions& options) {
  if (metric == index::Metric::inner_product) {
    throw_invalid(
        "a PCA takes the mean off the rows, which changes their inner products; import "
        "them under cosine or l2, or without a PCA");
  }
  std::vector<std::uint64_t> keys(rows.rows);
  std::iota(keys.begin(), keys.end(), std::uint64_t{0});
  const auto drawn = draw_sample(keys, pca_sample_size(rows.rows, rows.width, options.dimensions));
  Matrix sample(drawn.size(), rows.width);
  std::vector<ItemId> of;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    std::ranges::copy(rows.row(drawn[i]), sample.row(i).begin());
    of.push_back(ids[drawn[i]]);
  }
  return encode::Pca::fit(sample, of, options);
}

}  // namespace

std::uint64_t import_rows(Collection& collection, MatrixView rows,
                          const std::vector<std::string>& paths, const std::string& space,
                          index::Metric metric, const IndexChain& chain) {
  Writer writer(collection.folder());
  Catalog& catalog = writer.catalog();
  check(catalog, rows, paths, space);
  Space made;
  made.name = space;
  made.metric = metric;
  if (chain.pca > 0) made.pca = encode::PcaOptions{chain.pca, false};

  Transaction transaction(writer.database(), true);
  const auto ids = items_for(catalog, rows.rows, paths);
  const auto pca = made.pca ? std::optional(fitted(rows, ids, metric, *made.pca)) : std::nullopt;
  made.width = pca ? pca->output_width() : rows.width;
  const std::int64_t key = catalog.add_space(made);
  if (pca) {
    const auto bytes = pca->bytes();
    catalog.set_transform(key, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  const IndexKind kind = chain.kind.value_or(IndexKind::automatic);
  if (kind != IndexKind::automatic) catalog.set_index(key, kind);
  const std::size_t piece = std::max<std::size_t>(1, kPieceBytes / (rows.width * sizeof(float)));
  for (std::size_t begin = 0; begin < rows.rows; begin += piece) {
    const std::size_t count = std::min(piece, rows.rows - begin);
    Matrix kept(count, made.width);
    for (std::size_t i = 0; i < count; ++i) {
      if (pca) {
        pca->apply(rows.row(begin + i), kept.row(i));
      } else {
        std::ranges::copy(rows.row(begin + i), kept.row(i).begin());
      }
      if (metric == index::Metric::cosine) encode::normalize(kept.row(i));
    }
    const auto some = std::span(ids).subspan(begin, count);
    const auto places = writer.append(key, some, kept);
    for (std::size_t i = 0; i < count; ++i) catalog.add_row(key, some[i], places[i]);
  }
  writer.commit(transaction);
  refresh_index(writer, key, available_processors(), {});
  return rows.rows;
}

}  // namespace alike::collection

// The part of the catalog for spaces: their properties and the places of their rows.
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "alike/base/error.h"
#include "alike/base/text.h"
#include "alike/collection/catalog/catalog.h"

namespace alike::collection {
namespace {

Space read_space(const Statement& row, const std::string& default_name, std::uint64_t items) {
  Space space;
  space.name = row.text(0);
  space.encoder = row.text(1);
  space.model_sha256 = row.text(2);
  space.layer = row.text(3);
  try {
    space.pooling = encode::pooling_from(row.text(4));
    space.metric = index::metric_from(row.text(7));
    space.index = index_kind_from(row.text(11));
  } catch (const Error& error) {
    throw Error(ErrorCode::corrupt,
                "space '" + valid_utf8(space.name) + "' in the catalog: " + error.what(),
                repair_remedy());
  }
  if (row.integer(5) > 0) {
    space.pca = encode::PcaOptions{static_cast<std::size_t>(row.integer(5)), row.integer(6) != 0};
  }
  space.width = static_cast<std::size_t>(row.integer(8));
  space.filling = row.integer(9) != 0;
  space.rows = static_cast<std::uint64_t>(row.integer(10));
  space.behind = items > space.rows ? items - space.rows : 0;
  space.is_default = space.name == default_name;
  return space;
}

}  // namespace

std::vector<Space> Catalog::spaces() {
  const std::string default_name = setting("default_space");
  const std::uint64_t items = item_count();
  auto statement = database_.prepare(
      "SELECT name, encoder, model_sha256, layer, pooling, pca_dimensions, pca_whiten, metric, "
      "width, filling, (SELECT coalesce(sum(rows), 0) FROM segments WHERE space = key) - "
      "(SELECT count(*) FROM dead WHERE space = key), index_kind FROM spaces ORDER BY key");
  std::vector<Space> spaces;
  while (statement.step()) spaces.push_back(read_space(statement, default_name, items));
  std::optional<std::uint64_t> imported;
  for (Space& space : spaces) {
    if (space.behind > 0 && !space.encoder.empty()) {
      if (!imported) imported = imported_count();
      space.behind -= std::min(space.behind, *imported);
    }
  }
  return spaces;
}

std::uint64_t Catalog::imported_count() {
  auto statement = database_.prepare("SELECT count(*) FROM items WHERE hash = ''");
  statement.step();
  return static_cast<std::uint64_t>(statement.integer(0));
}

Space Catalog::space(const std::string& name) {
  const auto all = spaces();
  for (const auto& space : all) {
    if (name.empty() ? space.is_default : space.name == name) return space;
  }
  refuse_space(name, all);
}

void Catalog::refuse_space(const std::string& name, const std::vector<Space>& all) const {
  std::vector<std::string> names;
  for (const auto& space : all) names.push_back(space.name);
  if (all.empty()) {
    throw Error(ErrorCode::not_found, "the collection '" + folder_.native() + "' has no space yet",
                Remedy{"index", {}, "to make one"});
  }
  throw Error(ErrorCode::not_found, "there is no space '" + name + "' in '" + folder_.native() +
                                        "'" + suggestion(name, names));
}

std::int64_t Catalog::key_of(const std::string& space) {
  auto statement = database_.prepare("SELECT key FROM spaces WHERE name = ?");
  if (!statement.bind(space).step()) {
    throw Error(ErrorCode::not_found, "there is no space '" + space + "' any more");
  }
  return statement.integer(0);
}

std::string Catalog::name_of(std::int64_t key) {
  auto statement = database_.prepare("SELECT name FROM spaces WHERE key = ?");
  if (!statement.bind(key).step()) {
    throw Error(ErrorCode::not_found, "there is no space of key " + std::to_string(key));
  }
  return statement.text(0);
}

std::int64_t Catalog::add_space(const Space& space) {
  auto statement = database_.prepare(
      "INSERT INTO spaces(name, encoder, model_sha256, layer, pooling, pca_dimensions, pca_whiten, "
      "metric, width, filling, index_kind, index_changes, package_hash) "
      "VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '')");
  statement.bind(space.name).bind(space.encoder).bind(space.model_sha256).bind(space.layer);
  statement.bind(std::string(encode::name_of(space.pooling)));
  statement.bind(std::uint64_t{space.pca ? space.pca->dimensions : 0});
  statement.bind(space.pca && space.pca->whiten ? 1 : 0);
  statement.bind(std::string(index::name_of(space.metric))).bind(std::uint64_t{space.width});
  statement.bind(space.filling ? 1 : 0);
  statement.bind(std::string(collection::name_of(space.index))).run();
  if (setting("default_space").empty()) set_setting("default_space", space.name);
  return key_of(space.name);
}

void Catalog::remove_space(std::int64_t key) {
  const std::string name = name_of(key);
  for (const auto& map : maps()) {
    if (map.space == name) remove_map(map.name);
  }
  keep_next_segment(key);
  for (const char* sql :
       {"DELETE FROM rows WHERE space = ?", "DELETE FROM dead WHERE space = ?",
        "DELETE FROM segments WHERE space = ?", "DELETE FROM transforms WHERE space = ?",
        "DELETE FROM spaces WHERE key = ?"}) {
    kept(sql).bind(key).run();
  }
}

void Catalog::set_transform(std::int64_t key, std::string_view bytes) {
  kept("INSERT OR REPLACE INTO transforms VALUES(?, ?)").bind(key).bind_bytes(bytes).run();
}

std::string Catalog::transform(std::int64_t key) {
  auto statement = database_.prepare("SELECT bytes FROM transforms WHERE space = ?");
  return statement.bind(key).step() ? statement.text(0) : "";
}

void Catalog::set_filling(std::int64_t key, bool filling) {
  kept("UPDATE spaces SET filling = ? WHERE key = ?").bind(filling ? 1 : 0).bind(key).run();
}

void Catalog::set_index(std::int64_t key, IndexKind index) {
  kept("UPDATE spaces SET index_kind = ? WHERE key = ?")
      .bind(std::string(collection::name_of(index)))
      .bind(key)
      .run();
}

std::vector<MapEntry> Catalog::maps() {
  auto statement = database_.prepare(
      "SELECT maps.name, spaces.name FROM maps JOIN spaces ON spaces.key = maps.space "
      "ORDER BY 1");
  std::vector<MapEntry> maps;
  while (statement.step()) maps.push_back({statement.text(0), statement.text(1)});
  return maps;
}

void Catalog::set_map(const std::string& name, std::int64_t space, const std::string& sums) {
  kept("INSERT OR REPLACE INTO maps VALUES(?, ?, ?)").bind(name).bind(space).bind(sums).run();
}

void Catalog::set_map_sums(const std::string& name, const std::string& sums) {
  kept("UPDATE maps SET sums = ? WHERE name = ?").bind(sums).bind(name).run();
}

void Catalog::remove_map(const std::string& name) {
  kept("DELETE FROM maps WHERE name = ?").bind(name).run();
}

std::string Catalog::map_sums(const std::string& name) {
  auto statement = database_.prepare("SELECT sums FROM maps WHERE name = ?");
  return statement.bind(name).step() ? statement.text(0) : "";
}

std::int64_t Catalog::index_changes(std::int64_t key) {
  auto statement = database_.prepare("SELECT index_changes FROM spaces WHERE key = ?");
  return statement.bind(key).step() ? statement.integer(0) : 0;
}

void Catalog::add_index_change(std::int64_t key) {
  kept("UPDATE spaces SET index_changes = (index_changes & 0xFFFFFFFF) + 1 WHERE key = ?")
      .bind(key)
      .run();
}

std::string Catalog::package_hash(std::int64_t key) {
  auto statement = database_.prepare("SELECT package_hash FROM spaces WHERE key = ?");
  return statement.bind(key).step() ? statement.text(0) : "";
}

void Catalog::set_package_hash(std::int64_t key, const std::string& hash) {
  kept("UPDATE spaces SET package_hash = ? WHERE key = ?").bind(hash).bind(key).run();
}

void Catalog::drop_rows(ItemId id, std::optional<std::int64_t> space) {
  for (const char* sql : {"INSERT INTO dead SELECT space, segment, row FROM rows WHERE item = ?1 "
                          "AND space IN (SELECT key FROM spaces WHERE ?2 < 0 OR key = ?2)",
                          "DELETE FROM rows WHERE item = ?1 "
                          "AND space IN (SELECT key FROM spaces WHERE ?2 < 0 OR key = ?2)"}) {
    kept(sql).bind(id).bind(space.value_or(-1)).run();
  }
}

std::optional<RowPlace> Catalog::row_place(std::int64_t space, ItemId id) {
  return row_places(space, {&id, 1})[0];
}

std::vector<std::optional<RowPlace>> Catalog::row_places(std::int64_t space,
                                                         std::span<const ItemId> ids) {
  auto statement = database_.prepare("SELECT segment, row FROM rows WHERE space = ? AND item = ?");
  std::vector<std::optional<RowPlace>> places(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (statement.bind(space).bind(ids[i]).step()) {
      places[i] = {statement.integer(0), static_cast<std::uint64_t>(statement.integer(1))};
    }
    statement.reset();
  }
  return places;
}

void Catalog::add_row(std::int64_t space, ItemId id, const RowPlace& place) {
  kept("INSERT INTO rows VALUES(?, ?, ?, ?)")
      .bind(space)
      .bind(id)
      .bind(place.segment)
      .bind(place.row)
      .run();
}

void Catalog::move_row(std::int64_t space, ItemId id, const RowPlace& place) {
  kept("UPDATE rows SET segment = ?, row = ? WHERE space = ? AND item = ?")
      .bind(place.segment)
      .bind(place.row)
      .bind(space)
      .bind(id)
      .run();
}

std::uint64_t Catalog::forget_rows(std::int64_t space, std::int64_t segment) {
  kept("DELETE FROM rows WHERE space = ? AND segment = ?").bind(space).bind(segment).run();
  return static_cast<std::uint64_t>(database_.changes());
}

std::vector<ItemId> Catalog::items_with_row(std::int64_t space) {
  auto statement = database_.prepare("SELECT item FROM rows WHERE space = ? ORDER BY item");
  statement.bind(space);
  std::vector<ItemId> ids;
  while (statement.step()) ids.push_back(statement.integer(0));
  return ids;
}

std::vector<SegmentEntry> Catalog::segments(std::int64_t space) {
  auto statement =
      database_.prepare("SELECT number, bytes, rows FROM segments WHERE space = ? ORDER BY number");
  statement.bind(space);
  std::vector<SegmentEntry> entries;
  while (statement.step()) {
    entries.push_back({statement.integer(0), static_cast<std::uint64_t>(statement.integer(1)),
                       static_cast<std::uint64_t>(statement.integer(2))});
  }
  return entries;
}

void Catalog::set_segment(std::int64_t space, const SegmentEntry& segment) {
  kept("INSERT OR REPLACE INTO segments VALUES(?, ?, ?, ?)")
      .bind(space)
      .bind(segment.number)
      .bind(segment.bytes)
      .bind(segment.rows)
      .run();
}

std::int64_t Catalog::next_segment(std::int64_t space) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;  // beyond it is nonsense
  const std::string text = setting("next_segment." + name_of(space));
  std::int64_t next = 0;
  std::from_chars(text.data(), text.data() + text.size(), next);
  if (next < 0 || next > kMost) next = 0;
  for (const auto& entry : segments(space)) next = std::max(next, entry.number + 1);
  return next;
}

void Catalog::keep_next_segment(std::int64_t space) {
  set_setting("next_segment." + name_of(space), std::to_string(next_segment(space)));
}

void Catalog::remove_segment(std::int64_t space, std::int64_t number) {
  keep_next_segment(space);
  for (const char* sql : {"DELETE FROM dead WHERE space = ? AND segment = ?",
                          "DELETE FROM segments WHERE space = ? AND number = ?"}) {
    kept(sql).bind(space).bind(number).run();
  }
}

std::vector<std::uint64_t> Catalog::dead_rows(std::int64_t space, std::int64_t segment) {
  auto statement =
      database_.prepare("SELECT row FROM dead WHERE space = ? AND segment = ? ORDER BY row");
  statement.bind(space).bind(segment);
  std::vector<std::uint64_t> rows;
  while (statement.step()) rows.push_back(static_cast<std::uint64_t>(statement.integer(0)));
  return rows;
}

}  // namespace alike::collection

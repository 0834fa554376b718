#include "alike/actions/map.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "alike/collection/store/map_store.h"
#include "alike/map/keep/kept_map.h"
#include "alike/map/map_update.h"
#include "alike/map/space_map.h"

namespace alike::actions {
namespace {

using Clock = std::chrono::steady_clock;

bool is_refusal(ErrorCode code) { return code == ErrorCode::io || code == ErrorCode::no_space; }

/// The kept map if it is whole and made with these options of the present rows; otherwise `damage`
/// may say why not.
std::optional<map::Map> kept_map(const collection::Collection& collection, const std::string& name,
                                 const map::SpaceRows& rows, const map::MapOptions& options,
                                 std::string& damage) {
  const auto maps = collection.maps();
  if (std::ranges::count(maps, name, &collection::MapEntry::name) == 0) return std::nullopt;
  try {
    auto map = map::load_map(collection, name);
    const bool same = map.options == map::used_by(options, rows.size()) && map.placed == 0;
    if (same && map::age_of(map, rows).current()) return map;
  } catch (const Error& error) {
    if (is_refusal(error.code())) throw;
    damage = error.what();
  }
  return std::nullopt;
}

void keep(const collection::Collection& collection, bool may_lose, MapReport& report) {
  try {
    map::keep_map(collection, report.name, report.map);
  } catch (const Error& error) {
    const bool refused = is_refusal(error.code()) || error.code() == ErrorCode::busy;
    if (!may_lose || !refused) throw;
    report.not_kept = error.what();
  }
}

void make(const collection::Collection& collection, const MapOptions& options,
          const map::SpaceRows& rows, const Watcher& watcher, MapReport& report) {
  if (!options.anew) {
    if (auto map = kept_map(collection, report.name, rows, options.map, report.damage)) {
      report.map = std::move(*map);
      report.reused = true;
      return;
    }
  }
  report.map = map::make_map(rows, options.map, options.threads, watcher);
  keep(collection, options.may_lose, report);
}

void update(const collection::Collection& collection, const MapOptions& options,
            const map::SpaceRows& rows, const Watcher& watcher, MapReport& report) {
  report.change.emplace();
  report.reused = map::age_of(report.map, rows).current();
  if (report.reused) return;
  auto made = map::update_map(report.map, rows, options.threads, watcher);
  report.map = std::move(made.map);
  report.change = {made.placed, made.off_map, made.dropped, made.better_anew};
  keep(collection, options.may_lose, report);
}

}  // namespace

MapReport map_space(const collection::Collection& collection, const MapOptions& options,
                    const Watcher& watcher) {
  map::check(options.map);
  const std::string space = collection.space(options.space).name;
  const auto method = std::string(map::name_of(options.map.method));
  MapReport report;
  report.name = options.name.empty() ? collection::default_map_name(space, method) : options.name;
  const auto start = Clock::now();
  if (options.update) report.map = map::load_map(collection, report.name);
  const auto rows = map::rows_of(collection, options.update ? report.map.source.space : space);
  (options.update ? update : make)(collection, options, rows, watcher, report);
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  report.age = map::age_of(report.map, rows);
  report.behind = rows.behind;
  return report;
}

std::vector<collection::Item> items_of(const collection::Collection& collection,
                                       const map::Map& map) {
  std::vector<collection::Item> items(map.size());
  for (auto& item : collection.items(map.ids)) {
    const auto place = map.find(item.id).value();
    items[place] = std::move(item);
  }
  return items;
}

std::vector<KeptMap> list_maps(const collection::Collection& collection) {
  std::vector<KeptMap> all;
  for (const auto& [name, space] : collection.maps()) {
    KeptMap& kept = all.emplace_back(KeptMap{name, space, std::nullopt});
    try {
      const auto map = map::load_map(collection, name);
      kept.age = map::age_of(map, map::rows_of(collection, space));
      kept.options = map.options;
      kept.figures = map.figures;
      kept.pictures = map.size();
    } catch (const Error& error) {
      kept.error = error;
    }
  }
  return all;
}

std::uint64_t stale(const collection::Collection& collection, const map::Map& map) {
  const auto age = map::age_of(map, map::rows_of(collection, map.source.space));
  return age.other_rows ? map.size() : age.added.size() + age.changed.size() + age.gone.size();
}

PlacedQuery place_query(const map::Map& map, const map::Placer& placer,
                        const index::VectorIndex& index, std::span<const float> row) {
  constexpr std::size_t kNear = 15;
  PlacedQuery placed;
  std::vector<std::uint32_t> places;
  std::vector<float> distances;
  const auto found =
      index.search(row, {.k = std::min(kNear, map.size()), .filter = index::Filter::of(map.ids)});
  for (const auto& neighbor : found.neighbors) {
    places.push_back(static_cast<std::uint32_t>(map.find(neighbor.id).value()));
    distances.push_back(std::max(0.0F, neighbor.distance));
    placed.neighbors.push_back(neighbor.id);
  }
  if (places.empty()) throw Error(ErrorCode::not_found, "the map has no point that is still there");
  placed.at = placer.place(places, distances);
  std::vector<double> away;
  for (const std::uint32_t other : places) {
    const auto point = map.points.row(other);
    away.push_back(
        std::hypot(double{point[0]} - double{placed.at.x}, double{point[1]} - double{placed.at.y}));
  }
  std::ranges::sort(away);
  placed.spread = away[away.size() / 2];
  return placed;
}

}  // namespace alike::actions

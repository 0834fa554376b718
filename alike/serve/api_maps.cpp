// Maps as columns, and where a query lies on one.
#include <algorithm>
#include <cmath>
#include <cstring>

#include "alike/actions/map.h"
#include "alike/base/error.h"
#include "alike/map/keep/map_json.h"
#include "alike/map/reading/square.h"
#include "alike/serve/api.h"
#include "alike/serve/query_text.h"

namespace alike::serve {
namespace {

template <class T>
void put(std::string& bytes, T value) {
  char raw[sizeof value];
  std::memcpy(raw, &value, sizeof value);
  bytes.append(raw, sizeof value);
}

std::string ids_of(const map::Map& map) {
  std::string bytes;
  std::int64_t before = -1;
  for (const std::int64_t id : map.ids) {
    auto step = static_cast<std::uint64_t>(id - before - 1);
    before = id;
    do {
      const auto low = static_cast<unsigned char>(step & 127U);
      step >>= 7U;
      bytes += static_cast<char>(step > 0 ? low | 128U : low);
    } while (step > 0);
  }
  return bytes;
}

std::string places_of(const map::Map& map) {
  const map::Square square(map.points);
  std::string bytes;
  for (std::size_t i = 0; i < map.size(); ++i) {
    for (std::size_t axis = 0; axis < 2; ++axis) {
      const double share = square.share(axis, map.points.row(i)[axis]);
      put(bytes, static_cast<std::uint16_t>(std::lround(map::kSquareSteps * share)));
    }
  }
  return bytes;
}

std::string column_of(const OpenMap& open, const std::string& name) {
  const map::Map& map = open.map;
  if (name == "id") return ids_of(map);
  if (name == "xy") return places_of(map);
  std::string bytes;
  for (std::size_t i = 0; i < map.size(); ++i) {
    if (name == "label") {
      put(bytes, open.of[i]);
    } else if (name == "cluster") {
      put(bytes, static_cast<std::uint16_t>(map.cluster[i] < 0 ? 65535 : map.cluster[i]));
    } else if (name == "trust") {
      const float trust = std::clamp(map.trust[i], 0.0F, 1.0F);
      bytes += static_cast<char>(static_cast<unsigned char>(std::lround(255 * trust)));
    } else if (name == "added") {
      put(bytes, static_cast<double>(open.added_ms[i]));
    } else {
      throw Error(ErrorCode::not_found, "a map has no column '" + name +
                                            "'; there are id, xy, label, cluster, trust and added");
    }
  }
  return bytes;
}

Response describe(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const auto kept = open->map(call.at("m"));
  const map::Map& map = kept->map;
  const map::Square square(map.points);
  json::array labels, explained;
  std::vector<std::uint64_t> counts(kept->labels.size());
  for (const std::uint16_t label : kept->of) ++counts[label];
  for (std::size_t i = 0; i < counts.size(); ++i) {
    labels.push_back(json::object{{"label", json_text(kept->labels[i])}, {"count", counts[i]}});
  }
  for (const double share : map.explained) explained.push_back(share);
  return json_content(json::object{
      {"name", call.at("m")},
      {"space", map.source.space},
      {"method", map::name_of(map.options.method)},
      {"count", map.size()},
      {"box", json::array{square.x, square.y, square.x + square.side, square.y + square.side}},
      {"labels", std::move(labels)},
      {"clusters", map::clusters_to_json(map.clusters)},
      {"figures", actions::brief_json(map.figures)},
      {"explained", std::move(explained)},
      {"remark", json_text(map.remark)},
      {"placed", map.placed},
      {"made", map.made_ms},
      {"stale", actions::stale(open->collection(), map)}});
}

Response column(const Call& call, Api& api) {
  const auto kept = api.collections.get(call.at("c"))->map(call.at("m"));
  Response response = content("application/octet-stream", "");
  if (is_known(call.request, kept->tag + "-" + call.at("column"), response)) return response;
  response.body = column_of(*kept, call.at("column"));
  return response;
}

Response place(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const auto& collection = open->collection();
  const auto kept = open->map(call.at("m"));
  const map::Map& map = kept->map;
  if (kept->placer == nullptr) {
    throw Error(ErrorCode::unsupported,
                "nothing is placed on a map by pca; make one by umap or tsne");
  }
  ReadQuery read = read_query(call.request, collection);
  search::Query& query = read.query;
  query.space = map.source.space;
  const auto hold = api.pixels.take(read.pixels);
  const auto placed = collection::read(collection, [&](const collection::View& view) {
    const auto row = open->searcher().row(query, view);
    return actions::place_query(map, *kept->placer, *view.index(query.space).index, row);
  });
  return json_content(actions::to_json(placed));
}

}  // namespace

void add_map_routes(Router& router, Api& api) {
  router.add({"GET", "/v1/collections/{c}/maps/{m}",
              [&api](const Call& call) { return describe(call, api); }});
  router.add({"GET", "/v1/collections/{c}/maps/{m}/columns/{column}",
              [&api](const Call& call) { return column(call, api); }});
  router.add({"POST", "/v1/collections/{c}/maps/{m}/place",
              [&api](const Call& call) { return place(call, api); }, Lane::search, false});
}

}  // namespace alike::serve

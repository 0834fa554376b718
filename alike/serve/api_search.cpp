// Searches, and the result of the last comparison.
#include <cstdio>

#include "alike/actions/scores.h"
#include "alike/actions/search.h"
#include "alike/base/error.h"
#include "alike/search/fold.h"
#include "alike/serve/api.h"
#include "alike/serve/query_text.h"

namespace alike::serve {
namespace {

json::object result_to_json(const search::Result& result, const ItemText& item_text) {
  return {{"rank", result.rank},         {"item", item_text(result.item)},
          {"score", result.score},       {"distance", result.distance},
          {"relevant", result.relevant}, {"folded", json::array()}};
}

json::array results_of(const search::Results& found, bool fold, const collection::View& view,
                       const ItemText& item_text) {
  json::array results;
  if (!fold) {
    for (const auto& result : found.results) results.push_back(result_to_json(result, item_text));
    return results;
  }
  for (const auto& [best, followers] : search::fold_near_duplicates(view, found)) {
    json::object result = result_to_json(found.results[best], item_text);
    for (const std::size_t at : followers) {
      result["folded"].as_array().push_back(item_text(found.results[at].item));
    }
    results.push_back(std::move(result));
  }
  return results;
}

std::string server_timing(const search::Timings& timings) {
  char text[128];
  std::snprintf(text, sizeof text, "encode;dur=%.2f, search;dur=%.2f, total;dur=%.2f",
                timings.encode_ms, timings.search_ms, timings.total_ms);
  return text;
}

Response search_in(const Call& call, Api& api) {
  const auto open = api.collections.get(call.at("c"));
  const auto& collection = open->collection();
  const ReadQuery asked = read_query(call.request, collection);
  const auto hold = api.pixels.take(asked.pixels);
  const ItemText item_text(collection, Guard::is_local(call.request));
  json::array results;
  const auto found = collection::read(collection, [&](const collection::View& view) {
    auto made = open->searcher().search(asked.query, view);
    results = results_of(made, asked.fold, view, item_text);
    return made;
  });
  json::object document = actions::summary_of(found);
  document["timings"] = json::object{{"encode", found.timings.encode_ms},
                                     {"search", found.timings.search_ms},
                                     {"total", found.timings.total_ms}};
  document["results"] = std::move(results);
  Response response = json_content(document);
  response.headers["server-timing"] = server_timing(found.timings);
  return response;
}

}  // namespace

void add_search_routes(Router& router, Api& api) {
  router.add({"POST", "/v1/collections/{c}/search",
              [&api](const Call& call) { return search_in(call, api); }, Lane::search, false});
  router.add({"GET", "/v1/collections/{c}/scores",
              [&api](const Call& call) {
                return content("application/json",
                               actions::read_scores(api.collections.get(call.at("c"))->folder()));
              },
              Lane::light});
}

}  // namespace alike::serve

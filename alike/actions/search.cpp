#include "alike/actions/search.h"

#include <algorithm>
#include <chrono>

#include "alike/base/error.h"
#include "alike/base/npy.h"
#include "alike/collection/catalog/trust.h"

namespace alike::actions {

std::string score_name(index::Metric metric) {
  switch (metric) {
    case index::Metric::cosine: return "cosine";
    case index::Metric::inner_product: return "inner product";
    case index::Metric::l2: break;
  }
  return "";
}

std::filesystem::path shown_file(const collection::Collection& collection,
                                 const collection::Item& item) {
  try {
    return collection.picture_file(item);
  } catch (const collection::UntrustedPictures&) {
    throw;
  } catch (const Error&) {
    return {};
  }
}

std::string path_lines(const search::Results& found, const collection::Collection& collection,
                       char end) {
  std::string text;
  for (const auto& result : found.results) {
    const auto file = shown_file(collection, result.item);
    if (!file.empty()) text += file.native() + end;
  }
  return text;
}

json::object summary_of(const search::Results& found) {
  json::value line = nullptr;
  if (found.line.known) line = found.line.distance;
  return {{"space", found.space.name},
          {"complete", found.space.complete()},
          {"metric", index::name_of(found.space.metric)},
          {"relevant", found.relevant},
          {"relevance_line", line},
          {"candidates", found.candidates},
          {"index", collection::name_of(found.index)},
          {"rows_read", found.rows_read}};
}

json::object to_json(const search::Results& found, const std::vector<std::string>& words) {
  json::array query, results;
  for (const auto& word : words) query.push_back(json_text(word));
  for (const auto& result : found.results) {
    results.push_back(json::object{{"rank", result.rank},
                                   {"id", result.item.id},
                                   {"path", json_text(result.item.path)},
                                   {"score", result.score},
                                   {"distance", result.distance},
                                   {"label", json_text(result.item.label)},
                                   {"relevant", result.relevant}});
  }
  json::object document{{"query", std::move(query)}};
  for (auto& member : summary_of(found)) document.insert(member);
  document["codes_read"] = found.codes_read;
  document["timings_ms"] = json::object{{"encode", found.timings.encode_ms},
                                        {"search", found.timings.search_ms},
                                        {"total", found.timings.total_ms}};
  document["results"] = std::move(results);
  return document;
}

double VectorReport::per_second() const {
  return static_cast<double>(queries) / std::max(seconds, 1e-9);
}

VectorReport search_vectors(const std::shared_ptr<const collection::Collection>& collection,
                            const std::filesystem::path& vectors, const search::Query& query,
                            const std::filesystem::path& out) {
  const Matrix queries = read_npy(vectors);
  const search::Searcher searcher(collection);
  const auto start = std::chrono::steady_clock::now();
  const auto ids = searcher.search_vectors(queries, query);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  write_npy(out, ids, query.k);
  return {queries.rows(), taken.count(), collection->space(query.space)};
}

json::object to_json(const VectorReport& report) {
  return {{"queries", report.queries},
          {"seconds", report.seconds},
          {"queries_per_second", report.per_second()},
          {"space", report.space.name},
          {"complete", report.space.complete()}};
}

}  // namespace alike::actions

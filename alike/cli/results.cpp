#include "alike/cli/results.h"

#include <algorithm>
#include <cstdio>

#include "alike/base/error.h"
#include "alike/cli/words.h"
#include "alike/collection/catalog/trust.h"

namespace alike::cli {
namespace {

constexpr const char* kNothingSimilar = "Nothing similar. The nearest all the same:";

std::string decimals(float value) {
  char text[64];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(value));
  return text;
}

/// What the score is called; "" where it says no more than the distance.
std::string score_name(index::Metric metric) {
  switch (metric) {
    case index::Metric::cosine: return "cosine";
    case index::Metric::inner_product: return "inner product";
    case index::Metric::l2: break;
  }
  return "";
}

/// "cosine 0.647" or "distance 3.100".
std::string named_score(const search::Result& result, index::Metric metric) {
  const std::string name = score_name(metric);
  return name.empty() ? "distance " + decimals(result.distance)
                      : name + " " + decimals(result.score);
}

}  // namespace

std::string relevance_sentence(const search::Results& found, const std::string& where) {
  if (found.results.empty()) {
    if (found.line.known && found.candidates > 0) return "Nothing similar.";
    return where.empty() ? "There is nothing to search among."
                         : "No picture fits --where '" + printable(where) + "'.";
  }
  if (!found.line.known) {
    return found.space.metric == index::Metric::inner_product
               ? "Inner products have no relevance line."
               : "There are too few pictures for a relevance line.";
  }
  if (found.relevant == 0) return kNothingSimilar;
  const std::size_t below = found.results.size() - std::min(found.relevant, found.results.size());
  if (below == 0) return "";
  return (below == 1 ? "The last" : "The last " + human_count(below)) + " of " +
         human_count(found.results.size()) + (below == 1 ? " is" : " are") +
         " below the relevance line.";
}

std::string table(const search::Results& found) {
  const std::string name = score_name(found.space.metric);
  std::vector<std::vector<std::string>> rows{{"", "distance", "id", "path"}};
  for (const auto& result : found.results) {
    rows.push_back({std::to_string(result.rank), decimals(result.distance),
                    std::to_string(result.item.id),
                    result.item.path.empty() ? "-" : printable(result.item.path)});
  }
  if (!name.empty()) {
    rows[0].insert(rows[0].begin() + 1, name);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      rows[i].insert(rows[i].begin() + 1, decimals(found.results[i - 1].score));
    }
  }
  std::string text = columns(rows, name.empty() ? "rrrl" : "rrrrl");
  const bool all_above = !found.line.known || found.relevant >= found.results.size();
  if (all_above || found.relevant == 0) return text;
  std::size_t at = 0;
  for (std::size_t row = 0; row <= found.relevant; ++row) at = text.find('\n', at) + 1;
  return text.insert(at, "--- below the relevance line ---\n");
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

json::object to_json(const search::Results& found, const std::vector<std::string>& words) {
  json::array query;
  for (const auto& word : words) query.push_back(json_text(word));
  json::array results;
  for (const auto& result : found.results) {
    results.push_back(json::object{{"rank", result.rank},
                                   {"id", result.item.id},
                                   {"path", json_text(result.item.path)},
                                   {"score", result.score},
                                   {"distance", result.distance},
                                   {"label", json_text(result.item.label)},
                                   {"relevant", result.relevant}});
  }
  json::value line = nullptr;
  if (found.line.known) line = found.line.distance;
  return {{"query", std::move(query)},
          {"space", found.space.name},
          {"complete", found.space.complete()},
          {"metric", index::name_of(found.space.metric)},
          {"results", std::move(results)},
          {"relevant", found.relevant},
          {"relevance_line", line},
          {"candidates", found.candidates},
          {"index", collection::name_of(found.index)},
          {"rows_read", found.rows_read},
          {"codes_read", found.codes_read},
          {"timings_ms", json::object{{"encode", found.timings.encode_ms},
                                      {"search", found.timings.search_ms},
                                      {"total", found.timings.total_ms}}}};
}

std::vector<Cell> query_cells(const search::Query& query,
                              const collection::Collection& collection) {
  std::vector<Cell> cells;
  for (const auto& example : query.examples) {
    Cell cell;
    cell.caption = {example.positive ? "query" : "unlike"};
    if (example.kind == search::Example::Kind::picture) {
      cell.file = example.file;
      cell.caption.push_back(example.file.filename().native());
    } else if (const auto item = collection.item(example.id); item && !item->path.empty()) {
      cell.file = shown_file(collection, *item);
      cell.caption.push_back("id:" + std::to_string(example.id));
    }
    if (!cell.file.empty()) cells.push_back(std::move(cell));
  }
  return cells;
}

std::vector<Cell> result_cells(const search::Results& found,
                               const collection::Collection& collection) {
  std::vector<Cell> cells;
  for (const auto& result : found.results) {
    Cell cell;
    cell.file = shown_file(collection, result.item);
    if (cell.file.empty()) continue;
    cell.caption = {std::to_string(result.rank) + "  " + named_score(result, found.space.metric),
                    cell.file.filename().native()};
    cell.relevant = result.relevant || !found.line.known;
    cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace alike::cli

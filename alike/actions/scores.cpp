#include "alike/actions/scores.h"

#include <algorithm>

#include "alike/base/clock.h"
#include "alike/base/error.h"
#include "alike/base/folder.h"
#include "alike/base/json.h"

namespace alike::actions {
namespace {

constexpr std::size_t kQueries = 200;  // of the bar chart
constexpr const char* kFile = "scores.json";
constexpr std::uint64_t kMostBytes = 64 << 20;

struct Shown {
  const char *name, *title, *help;
};

/// The measures that the page shows, the one that ranks first.
constexpr Shown kShown[] = {
    {"map@r", "MAP@R", "Of each picture as a query: how early the pictures of its class come."},
    {"recall@1", "Recall@1", "Share of pictures whose nearest other picture is of their class."},
    {"knn@5", "5-NN", "Share of pictures that their five nearest neighbours give the right class."},
    {"probe accuracy", "Linear probe",
     "Share of pictures that a linear classifier on this representation gives the right class."},
    {"playground score", "Search score",
     "The ConvNet Playground's: same-class results among the first 15, early ones count more; "
     "0 to 100."}};

json::object values_of(const judge::Compared& each) {
  json::object values;
  for (const Shown& shown : kShown) {
    const judge::Judged* judged = judge::find_measure(each.judgement, shown.name);
    if (judged == nullptr) continue;
    json::object value{{"value", judged->measure.value}};
    if (judged->has_interval) {
      value["low"] = judged->interval.low;
      value["high"] = judged->interval.high;
    }
    values[shown.name] = std::move(value);
  }
  return values;
}

/// The playground's scores of some queries, evenly through the collection.
json::object queries_of(const judge::Comparison& comparison, const std::vector<std::int64_t>& ids) {
  json::object scores;
  json::array shown_ids, labels;
  for (const judge::Compared& each : comparison.all) {
    const judge::Judged* judged = judge::find_measure(each.judgement, "playground score");
    if (judged == nullptr || each.space.empty()) continue;
    const auto& measure = judged->measure;
    const std::size_t step = std::max<std::size_t>(1, measure.rows.size() / kQueries);
    json::array values;
    const bool first = shown_ids.empty();
    for (std::size_t i = 0; i < measure.rows.size() && values.size() < kQueries; i += step) {
      values.push_back(measure.values[i]);
      if (!first) continue;
      const std::size_t row = measure.rows[i];
      const int label = each.judgement.labels[row];
      shown_ids.push_back(ids[row]);
      labels.push_back(json_text(each.judgement.classes[static_cast<std::size_t>(label)]));
    }
    scores[each.space] = std::move(values);
  }
  return {
      {"ids", std::move(shown_ids)}, {"labels", std::move(labels)}, {"scores", std::move(scores)}};
}

}  // namespace

void keep_scores(const collection::Collection& collection, const judge::Comparison& found) {
  const auto ids = collection.matching("id >= 0");
  json::array measures, rows;
  for (const Shown& shown : kShown) {
    measures.push_back(
        json::object{{"name", shown.name}, {"title", shown.title}, {"help", shown.help}});
  }
  for (const judge::Compared& each : found.all) {
    rows.push_back(json::object{{"space", each.space.empty() ? each.name : each.space},
                                {"encoder", each.encoder},
                                {"layer", each.layer},
                                {"bytes", each.width * sizeof(float)},
                                {"baseline", each.space.empty()},
                                {"values", values_of(each)}});
  }
  json::object document{
      {"made", now_ms()}, {"measures", std::move(measures)}, {"rows", std::move(rows)}};
  if (ids.size() == found.all.front().judgement.rows) document["queries"] = queries_of(found, ids);
  const std::string text = print_json_line(document);
  Folder(collection.folder()).replace(kFile, bytes_of(text));
}

std::string read_scores(const std::filesystem::path& folder) {
  try {
    const auto bytes = Folder(folder).read(kFile, kMostBytes);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  } catch (const Error& error) {
    if (error.code() != ErrorCode::not_found) throw;
    throw Error(ErrorCode::not_found, "nothing was compared yet; start a 'compare' job");
  }
}

}  // namespace alike::actions

#include "alike/cli/search_text.h"

#include <algorithm>

#include "alike/actions/search.h"
#include "alike/base/human.h"

namespace alike::cli {
namespace {

constexpr const char* kNothingSimilar = "Nothing similar. The nearest all the same:";

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
  const std::string name = actions::score_name(found.space.metric);
  std::vector<std::vector<std::string>> rows{{"", "distance", "id", "path"}};
  for (const auto& result : found.results) {
    rows.push_back({std::to_string(result.rank), decimals(double{result.distance}, 3),
                    std::to_string(result.item.id),
                    result.item.path.empty() ? "-" : printable(result.item.path)});
  }
  if (!name.empty()) {
    rows[0].insert(rows[0].begin() + 1, name);
    for (std::size_t i = 1; i < rows.size(); ++i) {
      rows[i].insert(rows[i].begin() + 1, decimals(double{found.results[i - 1].score}, 3));
    }
  }
  std::string text = columns(rows, name.empty() ? "rrrl" : "rrrrl");
  const bool all_above = !found.line.known || found.relevant >= found.results.size();
  if (all_above || found.relevant == 0) return text;
  std::size_t at = 0;
  for (std::size_t row = 0; row <= found.relevant; ++row) at = text.find('\n', at) + 1;
  return text.insert(at, "--- below the relevance line ---\n");
}

}  // namespace alike::cli

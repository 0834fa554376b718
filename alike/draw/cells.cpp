#include "alike/draw/cells.h"

#include "alike/actions/search.h"
#include "alike/base/human.h"

namespace alike::draw {
namespace {

/// "cosine 0.647" or "distance 3.100".
std::string named_score(const search::Result& result, index::Metric metric) {
  const std::string name = actions::score_name(metric);
  return name.empty() ? "distance " + decimals(double{result.distance}, 3)
                      : name + " " + decimals(double{result.score}, 3);
}

}  // namespace

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
      cell.file = actions::shown_file(collection, *item);
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
    cell.file = actions::shown_file(collection, result.item);
    if (cell.file.empty()) continue;
    cell.caption = {std::to_string(result.rank) + "  " + named_score(result, found.space.metric),
                    cell.file.filename().native()};
    cell.relevant = result.relevant || !found.line.known;
    cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace alike::draw

#include "alike/judge/judged_rows.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "alike/base/text.h"
#include "alike/judge/user_files.h"
#include "alike/map/layout/placed_rows.h"

namespace alike::judge {

JudgedRows judged_rows(const map::SpaceRows& space, const std::filesystem::path& labels) {
  JudgedRows judged;
  std::vector<std::size_t> order(space.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return space.ids[i]; });
  const map::PlacedRows placed(space.index.rows);
  judged.rows = Matrix(placed.living(), placed.width());
  std::vector<std::string> words;
  for (std::size_t i = 0; i < order.size(); ++i) {
    std::ranges::copy(placed.row(order[i]), judged.rows.row(i).begin());
    judged.ids.push_back(space.ids[order[i]]);
    judged.paths.push_back(space.paths[order[i]]);
    const std::uint64_t content = space.content[order[i]];
    judged.contents.push_back(content == 0 ? "" : std::to_string(content));
    const int label = space.labels[order[i]];
    words.push_back(label >= 0 ? space.label_names[static_cast<std::size_t>(label)] : "");
  }
  placed.check_whole();
  judged.label_source = "folder";
  if (!labels.empty()) {
    judged.label_source = labels.filename().native();
    UserLabels given = read_labels(labels, judged.paths);
    words = std::move(given.of);
    if (!given.missing.empty()) {
      judged.warnings.push_back(std::to_string(given.missing.size()) +
                                " labels of pictures that are not there, such as '" +
                                valid_utf8(given.missing.front()) + "'");
    }
  }
  judged.labels = number_labels(words);
  if (space.behind > 0) {
    judged.warnings.push_back(std::to_string(space.behind) + " pictures are not yet in space " +
                              space.source.space + " and not judged; index that space to add them");
  }
  return judged;
}

}  // namespace alike::judge

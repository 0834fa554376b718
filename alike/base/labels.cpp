#include "alike/base/labels.h"

#include <algorithm>

namespace alike {

Labels number_labels(std::span<const std::string> words) {
  Labels labels;
  labels.names.assign(words.begin(), words.end());
  std::ranges::sort(labels.names);
  labels.names.erase(std::unique(labels.names.begin(), labels.names.end()), labels.names.end());
  if (!labels.names.empty() && labels.names.front().empty()) {
    labels.names.erase(labels.names.begin());
  }
  labels.of.reserve(words.size());
  for (const std::string& word : words) {
    const auto at = std::ranges::lower_bound(labels.names, word);
    labels.of.push_back(word.empty() ? -1 : static_cast<int>(at - labels.names.begin()));
  }
  return labels;
}

}  // namespace alike

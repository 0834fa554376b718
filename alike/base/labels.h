// The classes of rows, as numbers.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace alike {

/// Which class each row is of. Numbers are the places of `names`, which are sorted bytewise.
struct Labels {
  std::vector<int> of;             ///< (rows) the class, -1 where none is known.
  std::vector<std::string> names;  ///< (classes) each has one row at least.

  std::size_t classes() const { return names.size(); }
};

/// Numbers the words (rows); an empty one is no label.
Labels number_labels(std::span<const std::string> words);

}  // namespace alike

// The classes of rows, as numbers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace alike::evaluate {

/// Which class each row is of. Numbers are the places of `names`, which are sorted bytewise.
struct Labels {
  std::vector<int> of;             ///< (rows) the class, below 0 where none is known.
  std::vector<std::string> names;  ///< (classes) each has one row at least.

  std::size_t classes() const { return names.size(); }
};

/// Numbers the words (rows); an empty one is no label.
Labels number_labels(std::span<const std::string> words);

/// One more than the largest of `labels`; 0 where no row has one.
std::size_t class_count(std::span<const int> labels);

/// The rows of each class, ascending, class by class; rows without one are left out.
/// `labels` (rows) are below `classes`; throws `invalid_argument` where one is not.
std::vector<std::vector<std::uint32_t>> rows_by_class(std::span<const int> labels,
                                                      std::size_t classes);

}  // namespace alike::evaluate

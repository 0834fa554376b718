// The rows of classes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "alike/base/labels.h"

namespace alike::measure {

using alike::Labels;
using alike::number_labels;

/// One more than the largest of `labels`; 0 where no row has one.
std::size_t class_count(std::span<const int> labels);

/// The rows of each class, ascending, class by class; rows without one are left out.
/// `labels` (rows) are below `classes`; throws `invalid_argument` where one is not.
std::vector<std::vector<std::uint32_t>> rows_by_class(std::span<const int> labels,
                                                      std::size_t classes);

}  // namespace alike::measure

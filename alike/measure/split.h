// Rows to learn from and rows to be judged by.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace alike::measure {

/// Places of rows, ascending; no row is in both.
struct Split {
  std::vector<std::uint32_t> train, test;
};

/// Takes `test_share` of each class for the test, rounded, but leaves one row of each class in
/// train and, where the class has two or more, takes one at least. Rows with a label below 0 are in
/// neither. The same for the same labels, share and seed. Throws `invalid_argument` for a share
/// that is not between 0 and 1.
Split stratified_split(std::span<const int> labels, double test_share, std::uint64_t seed);

/// `count` rows of each class of `rows`, at random by `seed`, ascending; all of a class that has
/// fewer. `rows` are places of `labels`.
std::vector<std::uint32_t> few_of_each(std::span<const std::uint32_t> rows,
                                       std::span<const int> labels, std::size_t count,
                                       std::uint64_t seed);

}  // namespace alike::measure

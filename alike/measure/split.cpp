#include "alike/measure/split.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/math/sample.h"

namespace alike::measure {
Split stratified_split(std::span<const int> labels, double test_share, std::uint64_t seed) {
  if (!(test_share > 0 && test_share < 1)) {
    throw Error(
        ErrorCode::invalid_argument,
        "the share of the test is " + std::to_string(test_share) + "; it must be between 0 and 1");
  }
  std::map<int, std::vector<std::uint32_t>> classes;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0) classes[labels[i]].push_back(static_cast<std::uint32_t>(i));
  }
  Split split;
  Random random(seed);
  for (auto& [label, rows] : classes) {
    const auto wanted = std::lround(test_share * static_cast<double>(rows.size()));
    const std::size_t most = rows.size() - 1;
    const auto count = std::clamp<std::size_t>(static_cast<std::size_t>(wanted),
                                               std::min<std::size_t>(1, most), most);
    draw(rows, count, random);
    const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(count);
    split.test.insert(split.test.end(), rows.begin(), middle);
    split.train.insert(split.train.end(), middle, rows.end());
  }
  std::ranges::sort(split.train);
  std::ranges::sort(split.test);
  return split;
}

std::vector<std::uint32_t> few_of_each(std::span<const std::uint32_t> rows,
                                       std::span<const int> labels, std::size_t count,
                                       std::uint64_t seed) {
  std::map<int, std::vector<std::uint32_t>> classes;
  for (const std::uint32_t row : rows) classes[labels[row]].push_back(row);
  std::vector<std::uint32_t> few;
  Random random(seed);
  for (auto& [label, members] : classes) {
    const std::size_t taken = std::min(count, members.size());
    draw(members, taken, random);
    few.insert(few.end(), members.begin(), members.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  std::ranges::sort(few);
  return few;
}

}  // namespace alike::measure

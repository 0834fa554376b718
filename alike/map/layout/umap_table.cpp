#include "alike/map/layout/umap_table.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "alike/base/math/exponential.h"
#include "alike/map/layout/umap_levels.h"

namespace alike::map {
namespace {

constexpr float kMostShare = 0.16F;  // of the way to the other point
constexpr double kPulls =
    1.5;  // of one end, for those of both that umap-learn moves (decision 0007)

double bin_begin(std::int32_t bin) { return std::bit_cast<float>((kFirstBin + bin) << kBinShift); }

}  // namespace

std::vector<float> umap_table(const Curve& curve, double repulsion) {
  std::vector<float> table(2 * kBins);
  for (std::int32_t bin = 0; bin < kBins; ++bin) {
    const double squared = (bin_begin(bin) + bin_begin(bin + 1)) / 2;
    const double raised = power(squared, curve.b), near = 1 / (1 + curve.a * raised);
    const auto at = static_cast<std::size_t>(bin);
    table[at] = static_cast<float>(2 * repulsion * curve.b * near / (0.001 + squared));
    table[at + kBins] =
        static_cast<float>(-2 * kPulls * curve.a * curve.b * raised / squared * near);
  }
  return table;
}

std::vector<float> limited_table(const std::vector<float>& table, float rate) {
  std::vector<float> limited = table;
  for (std::size_t i = kBins; i < limited.size(); ++i) {
    limited[i] = std::max(limited[i], -kMostShare / rate);
  }
  return limited;
}

}  // namespace alike::map

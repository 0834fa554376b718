#include "alike/collection/ingest/pca_sample.h"

#include <algorithm>
#include <string>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/random.h"

namespace alike::collection {
namespace {

constexpr std::size_t kSampleBytes = 512 << 20;

}  // namespace

std::size_t pca_sample_size(std::size_t rows, std::size_t width, std::size_t dimensions) {
  const std::size_t affordable = std::max<std::size_t>(2, kSampleBytes / (width * sizeof(float)));
  const std::size_t most = std::min({width, affordable - 1, rows - 1});
  if (dimensions > most) {
    throw Error(ErrorCode::invalid_argument,
                "a PCA to " + std::to_string(dimensions) + " dimensions cannot be fitted on " +
                    std::to_string(rows) + " new rows of " + std::to_string(width) + " numbers; " +
                    (most > 0 ? "ask for at most " + std::to_string(most)
                              : std::string("it needs two rows at least")));
  }
  return std::clamp(4 * dimensions + 1000, dimensions + 1, affordable);
}

std::vector<std::size_t> draw_sample(std::span<const std::uint64_t> keys, std::size_t count) {
  std::vector<std::pair<std::uint64_t, std::size_t>> order;
  for (std::size_t i = 0; i < keys.size(); ++i) order.emplace_back(random_bits(keys[i], 0), i);
  std::ranges::sort(order);
  order.resize(std::min(count, order.size()));
  std::vector<std::size_t> sample;
  for (const auto& [key, place] : order) sample.push_back(place);
  std::ranges::sort(sample);
  return sample;
}

}  // namespace alike::collection

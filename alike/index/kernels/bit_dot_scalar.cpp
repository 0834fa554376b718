#include <bit>

#include "alike/index/kernels/bit_dot_levels.h"

namespace alike::index {

void bit_dot_scalar(const std::uint64_t* planes, const std::uint64_t* rows, std::size_t row_count,
                    std::size_t words, std::int32_t* out) {
  for (std::size_t r = 0; r < row_count; ++r) {
    std::int32_t sum = 0;
    for (std::size_t p = 0; p < kQueryBits; ++p) {
      std::int32_t count = 0;
      for (std::size_t w = 0; w < words; ++w) {
        count += std::popcount(planes[p * words + w] & rows[r * words + w]);
      }
      const std::int32_t weight = 1 << p;
      sum += p + 1 == kQueryBits ? -weight * count : weight * count;
    }
    out[r] = sum;
  }
}

}  // namespace alike::index

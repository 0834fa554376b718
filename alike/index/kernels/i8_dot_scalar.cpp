#include "alike/index/kernels/i8_dot_levels.h"

namespace alike::index {

void i8_dot_scalar(const std::int8_t* query, const std::uint8_t* rows, std::size_t stride,
                   const std::uint32_t* which, std::size_t count, std::int32_t* out) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint8_t* row = rows + which[i] * stride;
    std::int32_t sum = 0;
    for (std::size_t j = 0; j < stride; ++j) sum += query[j] * row[j];
    out[i] = sum;
  }
}

}  // namespace alike::index

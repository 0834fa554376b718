#include "alike/index/kernels/packed_dot_levels.h"

namespace alike::index {
namespace {

/// Σ over the numbers with a set bit.
std::int32_t sum_of(const std::int8_t* query, std::uint64_t bits) {
  std::int32_t sum = 0;
  for (std::size_t i = 0; i < 64; ++i) sum += (bits >> i & 1) != 0 ? query[i] : 0;
  return sum;
}

}  // namespace

void packed_dot_scalar(const std::int8_t* query, const PackedRows& rows, const std::uint32_t* which,
                       std::size_t count, std::int32_t* out) {
  const std::size_t planes = rows.bits - 1;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t* tops = rows.tops + which[i] * rows.words;
    const std::uint64_t* rest = rows.rest + which[i] * rows.words * planes;
    std::int32_t sum = 0;
    for (std::size_t w = 0; w < rows.words; ++w) {
      std::int32_t of_word = sum_of(query + 64 * w, tops[w]);
      for (std::size_t p = 0; p < planes; ++p)
        of_word = 2 * of_word + sum_of(query + 64 * w, *rest++);
      sum += of_word;
    }
    out[i] = sum;
  }
}

}  // namespace alike::index

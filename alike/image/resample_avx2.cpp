#include <immintrin.h>

#include <cstring>
#include <vector>

#include "alike/image/resample.h"

// Products of 8-bit pixels and 22-bit weights need 32 bits, whose multiplication is slow. A weight
// is cut in two instead, w = high · 2^12 + low, and pairs of taps go through the 16-bit
// multiply-add. Sums wrap like unsigned numbers, so the parts add up to the scalar result exactly.

namespace alike::image {
namespace {

constexpr int kLowBits = 12;
constexpr int kLowMask = (1 << kLowBits) - 1;

int high(int weight) { return weight >> kLowBits; }
int low(int weight) { return weight & kLowMask; }

/// Two 16-bit numbers in one 32-bit lane.
int pair(int first, int second) {
  return static_cast<int>(static_cast<std::uint32_t>(first & 0xffff) |
                          static_cast<std::uint32_t>(second) << 16);
}

struct Sums {
  __m256i high = _mm256_setzero_si256();
  __m256i low = _mm256_setzero_si256();

  void add(__m256i pixels, __m256i high_weights, __m256i low_weights) {
    high = _mm256_add_epi32(high, _mm256_madd_epi16(pixels, high_weights));
    low = _mm256_add_epi32(low, _mm256_madd_epi16(pixels, low_weights));
  }

  __m256i total() const { return _mm256_add_epi32(_mm256_slli_epi32(high, kLowBits), low); }
};

/// Four RGB pixels at `from` (16 bytes are read) as pairs of taps per channel.
__m256i four_pixels(const std::uint8_t* from) {
  const __m256i order =
      _mm256_setr_epi8(0, -1, 3, -1, 1, -1, 4, -1, 2, -1, 5, -1, -1, -1, -1, -1, 6, -1, 9, -1, 7,
                       -1, 10, -1, 8, -1, 11, -1, -1, -1, -1, -1);
  const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
  return _mm256_shuffle_epi8(_mm256_broadcastsi128_si256(bytes), order);
}

/// The weights of four taps, ready to be multiplied: 0 and 1 in the low half, 2 and 3 in the high.
struct FourWeights {
  __m256i high;
  __m256i low;
};

__m256i spread(int first, int second) {
  return _mm256_set_m128i(_mm_set1_epi32(second), _mm_set1_epi32(first));
}

FourWeights four_weights(const int* w) {
  return {spread(pair(high(w[0]), high(w[1])), pair(high(w[2]), high(w[3]))),
          spread(pair(low(w[0]), low(w[1])), pair(low(w[2]), low(w[3])))};
}

/// Rounds, clamps and writes one pixel.
void store_pixel(const Sums& sums, std::uint8_t* to) {
  const __m256i total = sums.total();
  __m128i sum = _mm_add_epi32(_mm256_castsi256_si128(total), _mm256_extracti128_si256(total, 1));
  sum = _mm_srai_epi32(_mm_add_epi32(sum, _mm_set1_epi32(1 << (kWeightBits - 1))), kWeightBits);
  sum = _mm_packs_epi32(sum, sum);
  const int bytes = _mm_cvtsi128_si32(_mm_packus_epi16(sum, sum));
  std::memcpy(to, &bytes, 3);
}

void scale_row(const std::uint8_t* from, const Weights& weights, const FourWeights* ready,
               std::uint8_t* to) {
  for (std::size_t x = 0; x < weights.first.size(); ++x, to += 3) {
    const std::uint8_t* source = from + std::ptrdiff_t{3} * weights.first[x];
    Sums sums;
    for (int i = 0; i < weights.count[x]; i += 4, source += 12, ++ready) {
      sums.add(four_pixels(source), ready->high, ready->low);
    }
    store_pixel(sums, to);
  }
}

void row_pass(const std::uint8_t* from, int pixels, int rows, const Weights& weights,
              std::uint8_t* to) {
  std::vector<FourWeights> ready;
  for (std::size_t x = 0; x < weights.first.size(); ++x) {
    const int* weight = weights.weight.data() + x * static_cast<std::size_t>(weights.taps);
    for (int i = 0; i < weights.count[x]; i += 4) ready.push_back(four_weights(weight + i));
  }
  // Reading by four pixels and 16 bytes goes up to 13 bytes past a row: another row, where there is
  // one, times weights of zero. The last row is given room of its own.
  const std::size_t row = std::size_t{3} * static_cast<std::size_t>(pixels);
  std::vector<std::uint8_t> last(row + 16);
  const std::size_t room = row < 16 ? static_cast<std::size_t>(rows) : 1;
  for (int y = 0; y < rows; ++y, from += row, to += 3 * weights.first.size()) {
    const bool near_end = static_cast<std::size_t>(rows - y) <= room;
    if (near_end) std::memcpy(last.data(), from, row);
    scale_row(near_end ? last.data() : from, weights, ready.data(), to);
  }
}

__m256i widened(__m128i bytes) { return _mm256_cvtepu8_epi16(bytes); }

__m256i rounded(__m256i sum) {
  return _mm256_srai_epi32(_mm256_add_epi32(sum, _mm256_set1_epi32(1 << (kWeightBits - 1))),
                           kWeightBits);
}

/// 16 neighbouring values of output row `y`; `from` is their place in the first input row.
__m128i sixteen(const std::uint8_t* from, std::size_t bytes, const int* weight, int count) {
  Sums left;
  Sums right;
  for (int k = 0; k < count; k += 2) {
    const auto* row = reinterpret_cast<const __m128i*>(from + static_cast<std::size_t>(k) * bytes);
    const __m128i a = _mm_loadu_si128(row);
    const bool paired = k + 1 < count;
    const __m128i b = paired ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(
                                   from + static_cast<std::size_t>(k + 1) * bytes))
                             : _mm_setzero_si128();
    const int second = paired ? weight[k + 1] : 0;
    const __m256i highs = _mm256_set1_epi32(pair(high(weight[k]), high(second)));
    const __m256i lows = _mm256_set1_epi32(pair(low(weight[k]), low(second)));
    left.add(widened(_mm_unpacklo_epi8(a, b)), highs, lows);
    right.add(widened(_mm_unpackhi_epi8(a, b)), highs, lows);
  }
  __m256i words = _mm256_packs_epi32(rounded(left.total()), rounded(right.total()));
  words = _mm256_permute4x64_epi64(words, 0xd8);
  return _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
}

void column_pass(const std::uint8_t* from, std::size_t bytes, const Weights& weights, std::size_t y,
                 std::uint8_t* to) {
  const int* weight = weights.weight.data() + y * static_cast<std::size_t>(weights.taps);
  const int count = weights.count[y];
  from += static_cast<std::size_t>(weights.first[y]) * bytes;
  if (bytes < 16) {
    scalar_passes().column(from - static_cast<std::size_t>(weights.first[y]) * bytes, bytes,
                           weights, y, to);
    return;
  }
  for (std::size_t i = 0; i < bytes; i += 16) {
    // The last step overlaps the one before it where the row is no multiple of 16.
    const std::size_t at = i + 16 <= bytes ? i : bytes - 16;
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), sixteen(from + at, bytes, weight, count));
  }
}

}  // namespace

Passes avx2_passes() noexcept { return {row_pass, column_pass}; }

}  // namespace alike::image

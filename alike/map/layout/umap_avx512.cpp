#include <immintrin.h>

#include <array>
#include <bit>

#include "alike/map/layout/umap_events.h"
#include "alike/map/layout/umap_levels.h"

namespace alike::map {
namespace {

/// Two vertices that share registers.
struct Pair {
  const Events& a;
  const Events& b;  // has no more events than a
};

/// Appends the due targets of links [begin, end) and returns how many they are.
std::uint32_t keep_due(const UmapStep& step, std::uint64_t begin, std::uint64_t end,
                       std::uint32_t* to) {
  const __m512i turn = _mm512_set1_epi32(static_cast<int>(step.turn));
  std::uint32_t count = 0;
  for (std::uint64_t i = begin; i < end; i += 16) {
    const auto links = static_cast<__mmask16>(end - i < 16 ? (1U << (end - i)) - 1 : 0xffffU);
    const __m512i rates = _mm512_loadu_si512(step.rates + i);
    const __mmask16 due =
        _mm512_mask_cmplt_epu32_mask(links, _mm512_mullo_epi32(turn, rates), rates);
    _mm512_storeu_si512(to + count,
                        _mm512_maskz_compress_epi32(due, _mm512_loadu_si512(step.targets + i)));
    count += static_cast<std::uint32_t>(std::popcount(static_cast<unsigned>(due)));
  }
  return count;
}

/// Sixteen lanes are those of two vertices. Random numbers come in the order a 0 to 7, b 0 to 7;
/// coordinates and coefficients in that of `kOrder`, so that halves are added up.
class Mover {
 public:
  explicit Mover(const UmapStep& step) : step_(step) {
    constexpr std::array<std::uint32_t, 16> kOrder = {0, 1, 4, 5, 0, 1, 4, 5,
                                                      2, 3, 6, 7, 2, 3, 6, 7};
    alignas(64) std::array<float, 16> most{};
    for (std::size_t i = 0; i < 16; ++i) {
      most[i] = kOrder[i] <= step.negatives ? kMostPush : 0;
      if (kOrder[i] == 0) most[i] = kMostPull;
    }
    most_ = _mm512_load_ps(most.data());
    least_ = _mm512_xor_ps(most_, _mm512_set1_ps(-0.0F));
    count_ = _mm512_set1_epi64(step.count);
    rate_ = _mm256_set1_ps(step.rate);
  }

  /// Numbers 0, 1 are where a is, 4, 5 where b is.
  __m256 start(const Pair& pair) const { return _mm256_setr_m128(from(pair.a), from(pair.b)); }

  __m256 after_event(__m256 at, const Pair& pair, std::uint32_t event) const {
    const bool both = event < pair.b.count;
    __m512i others = drawn(pair, event);
    others = _mm512_mask_set1_epi32(others, 1, static_cast<int>(pair.a.targets[event]));
    others =
        _mm512_mask_set1_epi32(others, 1 << 8, both ? static_cast<int>(pair.b.targets[event]) : 0);
    const __m512 a = points(_mm512_maskz_extracti64x4_epi64(255, others, 0));
    const __m512 b = points(_mm512_maskz_extracti64x4_epi64(255, others, 1));
    const __m512 wide = _mm512_castps256_ps512(at);
    const __m512 dx =
        _mm512_sub_ps(_mm512_maskz_permutexvar_ps(
                          0xffff, lanes(0, 0, 0, 0, 4, 4, 4, 4, 0, 0, 0, 0, 4, 4, 4, 4), wide),
                      _mm512_permutex2var_ps(
                          a, lanes(0, 2, 8, 10, 16, 18, 24, 26, 4, 6, 12, 14, 20, 22, 28, 30), b));
    const __m512 dy =
        _mm512_sub_ps(_mm512_maskz_permutexvar_ps(
                          0xffff, lanes(1, 1, 1, 1, 5, 5, 5, 5, 1, 1, 1, 1, 5, 5, 5, 5), wide),
                      _mm512_permutex2var_ps(
                          a, lanes(1, 3, 9, 11, 17, 19, 25, 27, 5, 7, 13, 15, 21, 23, 29, 31), b));
    const __m512 c = coefficients(_mm512_add_ps(_mm512_mul_ps(dx, dx), _mm512_mul_ps(dy, dy)));
    const __m256 x = halves(limited(_mm512_mul_ps(c, dx)));
    const __m256 y = halves(limited(_mm512_mul_ps(c, dy)));
    const __m256 four = _mm256_add_ps(_mm256_unpacklo_ps(x, y), _mm256_unpackhi_ps(x, y));
    const __m256 all = _mm256_add_ps(four, _mm256_permute_ps(four, 0x4e));
    return _mm256_mask_add_ps(at, both ? 0xff : 0x0f, at, _mm256_mul_ps(rate_, all));
  }

  void finish(__m256 at, const Pair& pair, bool with_b) const {
    store(pair.a, _mm256_castps256_ps128(at));
    if (with_b) store(pair.b, _mm256_extractf128_ps(at, 1));
  }

 private:
  static __m512i lanes(int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k,
                       int l, int m, int n, int o, int p) {
    return _mm512_setr_epi32(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p);
  }

  __m128 from(const Events& events) const {
    return _mm_castsi128_ps(_mm_loadl_epi64(
        reinterpret_cast<const __m128i*>(step_.from + std::size_t{2} * events.vertex)));
  }

  void store(const Events& events, __m128 at) const {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(step_.moved + std::size_t{2} * events.vertex),
                     _mm_castps_si128(at));
  }

  __m512i drawn(const Pair& pair, std::uint32_t event) const {
    const __m512i lane = lanes(0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7);
    const __m512i steps = _mm512_mullo_epi32(lane, _mm512_set1_epi32(static_cast<int>(kLaneStep)));
    const std::uint32_t first = 8 * event * kLaneStep;
    const __m512i keys =
        _mm512_mask_set1_epi32(_mm512_set1_epi32(static_cast<int>(pair.a.key + first)), 0xff00,
                               static_cast<int>(pair.b.key + first));
    __m512i v = _mm512_add_epi32(steps, keys);
    v = _mm512_xor_si512(v, shifted<16>(v));
    v = _mm512_mullo_epi32(v, _mm512_set1_epi32(0x7feb352d));
    v = _mm512_xor_si512(v, shifted<15>(v));
    v = _mm512_mullo_epi32(v, _mm512_set1_epi32(static_cast<int>(0x846ca68bU)));
    v = _mm512_xor_si512(v, shifted<16>(v));
    const __m512i even = high(_mm512_maskz_mul_epu32(0xff, v, count_));
    const __m512i odd = _mm512_maskz_mul_epu32(0xff, high(v), count_);
    return _mm512_mask_blend_epi32(0xaaaa, even, odd);
  }

  // The masked forms do not warn about an undefined register in GCC 12's header.
  template <unsigned kBits>
  static __m512i shifted(__m512i v) {
    return _mm512_maskz_srli_epi32(0xffff, v, kBits);
  }
  static __m512i high(__m512i v) { return _mm512_maskz_srli_epi64(0xff, v, 32); }

  __m512 points(__m256i vertices) const {
    return _mm512_castpd_ps(
        _mm512_mask_i32gather_pd(_mm512_setzero_pd(), 0xff, vertices, step_.points, 8));
  }

  __m512 coefficients(__m512 squared) const {
    const __m512i bin =
        _mm512_sub_epi32(_mm512_maskz_srai_epi32(0xffff, _mm512_castps_si512(squared), kBinShift),
                         _mm512_set1_epi32(kFirstBin));
    const __m512i inside =
        _mm512_maskz_min_epi32(0xffff, _mm512_maskz_max_epi32(0xffff, bin, _mm512_setzero_si512()),
                               _mm512_set1_epi32(kBins - 1));
    const __m512i places = _mm512_mask_add_epi32(inside, 0x0011, inside, _mm512_set1_epi32(kBins));
    return _mm512_mask_i32gather_ps(_mm512_setzero_ps(), 0xffff, places, step_.coefficients, 4);
  }

  __m512 limited(__m512 v) const {
    return _mm512_maskz_max_ps(0xffff, _mm512_maskz_min_ps(0xffff, v, most_), least_);
  }

  static __m256 halves(__m512 v) {
    return _mm256_add_ps(_mm512_maskz_extractf32x8_ps(255, v, 0),
                         _mm512_maskz_extractf32x8_ps(255, v, 1));
  }

  const UmapStep& step_;
  __m512 most_, least_;
  __m512i count_;
  __m256 rate_;
};

}  // namespace

void umap_avx512(const UmapStep& step, std::size_t begin, std::size_t end, std::uint32_t* due) {
  const auto events = list_events(step, begin, end, due, [&](auto first, auto last, auto* to) {
    return keep_due(step, first, last, to);
  });
  const std::size_t count = end - begin;
  const Events none{};
  const auto at = [&](std::size_t i) -> const Events& { return i < count ? events[i] : none; };
  const Mover mover(step);
  // Two pairs side by side, since each waits for itself.
  for (std::size_t i = 0; i < count; i += 4) {
    const Pair one{at(i), at(i + 1)}, two{at(i + 2), at(i + 3)};
    __m256 at_one = mover.start(one), at_two = mover.start(two);
    std::uint32_t event = 0;
    for (; event < two.a.count; ++event) {
      at_one = mover.after_event(at_one, one, event);
      at_two = mover.after_event(at_two, two, event);
    }
    for (; event < one.a.count; ++event) at_one = mover.after_event(at_one, one, event);
    mover.finish(at_one, one, i + 1 < count);
    if (i + 2 < count) mover.finish(at_two, two, i + 3 < count);
  }
}

}  // namespace alike::map

#include <immintrin.h>

#include <array>
#include <bit>

#include "alike/map/layout/umap_events.h"
#include "alike/map/layout/umap_levels.h"

namespace alike::map {
namespace {

constexpr std::size_t kStreams = 2;  // vertices moved side by side, since each waits for itself

/// For each set of lanes, their numbers in order.
constexpr auto kPacked = [] {
  std::array<std::array<std::uint8_t, 8>, 256> packed{};
  for (std::size_t set = 0; set < packed.size(); ++set) {
    std::size_t to = 0;
    for (std::uint8_t lane = 0; lane < 8; ++lane) {
      if ((set >> lane & 1) != 0) packed[set][to++] = lane;
    }
  }
  return packed;
}();

__m256i load(const std::uint32_t* from) {
  return _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
}

/// Appends the due targets of links [begin, end) and returns how many they are.
std::uint32_t keep_due(const UmapStep& step, std::uint64_t begin, std::uint64_t end,
                       std::uint32_t* to) {
  const __m256i turn = _mm256_set1_epi32(static_cast<int>(step.turn));
  std::uint32_t count = 0;
  for (std::uint64_t i = begin; i < end; i += 8) {
    const __m256i rates = load(step.rates + i);
    const __m256i passed = _mm256_mullo_epi32(turn, rates);
    const __m256i not_due = _mm256_cmpeq_epi32(_mm256_max_epu32(passed, rates), passed);
    auto due = ~static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(not_due))) & 255U;
    if (end - i < 8) due &= (1U << (end - i)) - 1;
    const __m256i order = _mm256_cvtepu8_epi32(
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kPacked[due].data())));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to + count),
                        _mm256_permutevar8x32_epi32(load(step.targets + i), order));
    count += static_cast<std::uint32_t>(std::popcount(due));
  }
  return count;
}

/// Points and coefficients lie in registers in the order of lanes 0 1 4 5 2 3 6 7, as shuffles
/// within halves bring them.
class Mover {
 public:
  explicit Mover(const UmapStep& step) : step_(step) {
    const float push = kMostPush;
    const auto most = [&](std::uint32_t lane) { return lane <= step.negatives ? push : 0; };
    most_ =
        _mm256_setr_ps(kMostPull, most(1), most(4), most(5), most(2), most(3), most(6), most(7));
    count_ = _mm256_set1_epi64x(step.count);
    rate_ = _mm_set1_ps(step.rate);
  }

  /// The first two numbers are where the vertex is.
  __m128 start(const Events& events) const {
    return _mm_castsi128_ps(_mm_loadl_epi64(
        reinterpret_cast<const __m128i*>(step_.from + std::size_t{2} * events.vertex)));
  }

  __m128 after_event(__m128 at, const Events& events, std::uint32_t event) const {
    const __m256i others = _mm256_blend_epi32(
        drawn(events.key, event), _mm256_set1_epi32(static_cast<int>(events.targets[event])), 1);
    const __m256 a = points(_mm256_castsi256_si128(others));
    const __m256 b = points(_mm256_extracti128_si256(others, 1));
    const __m256 both = spread(at);
    const __m256 from_a = _mm256_sub_ps(both, a), from_b = _mm256_sub_ps(both, b);
    const __m256 dx = _mm256_shuffle_ps(from_a, from_b, 0x88);
    const __m256 dy = _mm256_shuffle_ps(from_a, from_b, 0xdd);
    const __m256 c = coefficients(_mm256_add_ps(_mm256_mul_ps(dx, dx), _mm256_mul_ps(dy, dy)));
    const __m256 x = limited(_mm256_mul_ps(c, dx)), y = limited(_mm256_mul_ps(c, dy));
    const __m128 sums_x = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    const __m128 sums_y = _mm_add_ps(_mm256_castps256_ps128(y), _mm256_extractf128_ps(y, 1));
    // x: 0+2 1+3 4+6 5+7; the same of y beside it
    const __m128 low = _mm_unpacklo_ps(sums_x, sums_y), high = _mm_unpackhi_ps(sums_x, sums_y);
    const __m128 four = _mm_add_ps(low, high);
    const __m128 all = _mm_add_ps(four, _mm_movehl_ps(four, four));
    return _mm_add_ps(at, _mm_mul_ps(rate_, all));
  }

  void finish(__m128 at, const Events& events) const {
    _mm_storel_epi64(reinterpret_cast<__m128i*>(step_.moved + std::size_t{2} * events.vertex),
                     _mm_castps_si128(at));
  }

 private:
  static __m256 spread(__m128 at) {
    return _mm256_castpd_ps(_mm256_broadcastsd_pd(_mm_castps_pd(at)));
  }

  __m256i drawn(std::uint32_t key, std::uint32_t event) const {
    const __m256i lanes = _mm256_mullo_epi32(_mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7),
                                             _mm256_set1_epi32(static_cast<int>(kLaneStep)));
    __m256i v =
        _mm256_add_epi32(lanes, _mm256_set1_epi32(static_cast<int>(key + 8 * event * kLaneStep)));
    v = _mm256_xor_si256(v, _mm256_srli_epi32(v, 16));
    v = _mm256_mullo_epi32(v, _mm256_set1_epi32(0x7feb352d));
    v = _mm256_xor_si256(v, _mm256_srli_epi32(v, 15));
    v = _mm256_mullo_epi32(v, _mm256_set1_epi32(static_cast<int>(0x846ca68bU)));
    v = _mm256_xor_si256(v, _mm256_srli_epi32(v, 16));
    const __m256i even = _mm256_srli_epi64(_mm256_mul_epu32(v, count_), 32);
    const __m256i odd = _mm256_mul_epu32(_mm256_srli_epi64(v, 32), count_);
    return _mm256_blend_epi32(even, odd, 0xaa);
  }

  __m256 points(__m128i vertices) const {
    const auto* base = static_cast<const double*>(static_cast<const void*>(step_.points));
    return _mm256_castpd_ps(_mm256_mask_i32gather_pd(
        _mm256_setzero_pd(), base, vertices, _mm256_castsi256_pd(_mm256_set1_epi64x(-1)), 8));
  }

  __m256 coefficients(__m256 squared) const {
    const __m256i bin = _mm256_sub_epi32(_mm256_srai_epi32(_mm256_castps_si256(squared), kBinShift),
                                         _mm256_set1_epi32(kFirstBin));
    const __m256i inside = _mm256_min_epi32(_mm256_max_epi32(bin, _mm256_setzero_si256()),
                                            _mm256_set1_epi32(kBins - 1));
    const __m256i pull = _mm256_setr_epi32(kBins, 0, 0, 0, 0, 0, 0, 0);
    return _mm256_mask_i32gather_ps(_mm256_setzero_ps(), step_.coefficients,
                                    _mm256_add_epi32(inside, pull),
                                    _mm256_castsi256_ps(_mm256_set1_epi32(-1)), 4);
  }

  __m256 limited(__m256 v) const {
    return _mm256_max_ps(_mm256_min_ps(v, most_), _mm256_xor_ps(most_, _mm256_set1_ps(-0.0F)));
  }

  const UmapStep& step_;
  __m256 most_;
  __m256i count_;
  __m128 rate_;
};

}  // namespace

void umap_avx2(const UmapStep& step, std::size_t begin, std::size_t end, std::uint32_t* due) {
  const auto events = list_events(step, begin, end, due, [&](auto first, auto last, auto* to) {
    return keep_due(step, first, last, to);
  });
  const Mover mover(step);
  for (std::size_t i = 0; i < end - begin; i += kStreams) {
    const Events& a = events[i];
    const Events& b = i + 1 < end - begin ? events[i + 1] : Events{};
    __m128 at_a = mover.start(a), at_b = mover.start(b);
    std::uint32_t event = 0;
    for (; event < b.count; ++event) {
      at_a = mover.after_event(at_a, a, event);
      at_b = mover.after_event(at_b, b, event);
    }
    for (; event < a.count; ++event) at_a = mover.after_event(at_a, a, event);
    mover.finish(at_a, a);
    if (i + 1 < end - begin) mover.finish(at_b, b);
  }
}

}  // namespace alike::map

// One epoch's moves of some vertices; scalar, AVX2 and AVX-512 twins, equal to the last bit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/cpu.h"

namespace alike::map {

/// Coefficients are looked up by the sign-free top bits of a squared distance: its exponent and six
/// bits of its mantissa, from 2⁻²⁴ to 2²⁴.
inline constexpr int kBinShift = 17;
inline constexpr std::int32_t kFirstBin = (127 - 24) << 6;
inline constexpr std::int32_t kBins = 48 << 6;
/// The largest move of a point by a push and a pull, on each axis, at rate 1.
inline constexpr float kMostPush = 4, kMostPull = 6;
/// Lanes of an event: one pull and up to seven pushes.
inline constexpr std::size_t kLanes = 8;
/// Vertices moved together, at most.
inline constexpr std::size_t kVertices = 64;
/// Links beyond the last one that may be read.
inline constexpr std::size_t kSpareLinks = 16;
inline constexpr std::uint32_t kLaneStep = 0x9e3779b9U;

/// Input and output of a kernel.
struct UmapStep {
  const float* points;          ///< (count, 2) that pull and push.
  const float* from;            ///< (vertices, 2) that are moved; may be `points`.
  float* moved;                 ///< (vertices, 2)
  const std::uint64_t* begins;  ///< (vertices + 1) of the links
  const std::uint32_t* targets;
  const std::uint32_t* rates;  ///< Share of epochs in which a link pulls, in 2⁻³².
  const float*
      coefficients;  ///< (2, kBins) of pushes, then of pulls (negative, one and a half times).
  std::uint32_t count;
  std::uint32_t turn;       ///< Number of the epoch, from 1.
  std::uint32_t negatives;  ///< 1 to 7
  float rate;
  std::uint64_t seed;
  const std::uint64_t* seeds = nullptr;  ///< (vertices), where each has its own.
};

/// Writes `moved` of vertices [begin, end), at most `kVertices`. A link is due when turn · rate
/// passes a whole number. Each due link is one event: from where the vertex then is, the pull of
/// the target and pushes of random vertices are added up and the vertex moved. `due` has room for
/// the links of those vertices and `kSpareLinks`.
using UmapKernel = void (*)(const UmapStep& step, std::size_t begin, std::size_t end,
                            std::uint32_t* due);

/// The function of `level`, which the processor must have.
UmapKernel umap_kernel(Simd level);

void umap_scalar(const UmapStep& step, std::size_t begin, std::size_t end, std::uint32_t* due);
/// Call only where `Simd::avx2` is.
void umap_avx2(const UmapStep& step, std::size_t begin, std::size_t end, std::uint32_t* due);
/// Call only where `Simd::avx512` is.
void umap_avx512(const UmapStep& step, std::size_t begin, std::size_t end, std::uint32_t* due);

}  // namespace alike::map

// How the neighbours of points pull them; scalar, AVX2 and AVX-512 twins, equal to the last bit.
#pragma once

#include <cstddef>
#include <cstdint>

#include "alike/base/cpu.h"

namespace alike::map {

/// Pairs of a row come in groups of so many; missing ones pull with weight 0.
inline constexpr std::size_t kGroup = 8;

/// Sets `pulls` (rows, 2) of rows [begin, end) to Σ over j of p (yᵢ − yⱼ) / (1 + |yᵢ − yⱼ|²), with
/// one sum for each place in a group, added up in their order. `begins` (rows + 1) are multiples of
/// `kGroup`; `points` (n, 2), n below 2³¹.
using PullKernel = void (*)(const float* points, const std::uint64_t* begins,
                            const std::uint32_t* targets, const float* weights, std::size_t begin,
                            std::size_t end, float* pulls);

/// The function of `level`, which the processor must have.
PullKernel pull_kernel(Simd level);

void pull_scalar(const float* points, const std::uint64_t* begins, const std::uint32_t* targets,
                 const float* weights, std::size_t begin, std::size_t end, float* pulls);
/// Call only where `Simd::avx2` is.
void pull_avx2(const float* points, const std::uint64_t* begins, const std::uint32_t* targets,
               const float* weights, std::size_t begin, std::size_t end, float* pulls);
/// Call only where `Simd::avx512` is.
void pull_avx512(const float* points, const std::uint64_t* begins, const std::uint32_t* targets,
                 const float* weights, std::size_t begin, std::size_t end, float* pulls);

}  // namespace alike::map

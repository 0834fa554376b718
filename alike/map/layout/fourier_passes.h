// The passes of a Fourier transform, compiled for each level.
#pragma once

#include <cstddef>
#include <utility>

#include "alike/map/layout/fourier_levels.h"

namespace alike::map {
namespace {

// As many lines' numbers as a register holds; wider ones would be taken apart by way of memory.
#if defined(__AVX512F__)
constexpr std::size_t kLaneBytes = 64;
#elif defined(__AVX2__)
constexpr std::size_t kLaneBytes = 32;
#else
constexpr std::size_t kLaneBytes = 16;
#endif
using Lane [[gnu::vector_size(kLaneBytes), gnu::aligned(8), gnu::may_alias]] = double;

/// Lanes that hold one number of each line.
constexpr std::size_t kParts = kLines * sizeof(double) / kLaneBytes;

/// Numbers of all lines, real and imaginary.
struct View {
  Lane* re;
  Lane* im;
};

View view_of(Lines& lines) {
  return {reinterpret_cast<Lane*>(lines.re.data()), reinterpret_cast<Lane*>(lines.im.data())};
}

/// One pass: `span` numbers of which each `radix`th is transformed together, `stride` transforms
/// side by side.
struct Pass {
  View from, to;
  std::size_t span, stride;
  const double* cosines;
  const double* sines;
};

/// to[at] = (re, im) · e^(−2πi turn/span).
void put(const Pass& pass, std::size_t at, const Lane& re, const Lane& im, std::size_t turn) {
  const double c = pass.cosines[turn * pass.stride], s = -pass.sines[turn * pass.stride];
  pass.to.re[at] = re * c - im * s;
  pass.to.im[at] = re * s + im * c;
}

void pass_2(const Pass& pass) {
  const std::size_t m = pass.span / 2, s = pass.stride * kParts;
  const auto [re, im] = pass.from;
  for (std::size_t p = 0; p < m; ++p) {
    for (std::size_t q = 0; q < s; ++q) {
      const std::size_t a = q + s * p, b = a + s * m, to = q + s * 2 * p;
      pass.to.re[to] = re[a] + re[b];
      pass.to.im[to] = im[a] + im[b];
      put(pass, to + s, re[a] - re[b], im[a] - im[b], p);
    }
  }
}

void pass_3(const Pass& pass) {
  constexpr double kSine = 0.86602540378443864676;  // of a third of a turn
  const std::size_t m = pass.span / 3, s = pass.stride * kParts;
  const auto [re, im] = pass.from;
  for (std::size_t p = 0; p < m; ++p) {
    for (std::size_t q = 0; q < s; ++q) {
      const std::size_t a = q + s * p, b = a + s * m, c = b + s * m, to = q + s * 3 * p;
      const Lane sum_re = re[b] + re[c], sum_im = im[b] + im[c];
      const Lane half_re = re[a] - 0.5 * sum_re, half_im = im[a] - 0.5 * sum_im;
      const Lane off_re = kSine * (im[b] - im[c]), off_im = kSine * (re[c] - re[b]);
      pass.to.re[to] = re[a] + sum_re;
      pass.to.im[to] = im[a] + sum_im;
      put(pass, to + s, half_re + off_re, half_im + off_im, p);
      put(pass, to + 2 * s, half_re - off_re, half_im - off_im, 2 * p);
    }
  }
}

void pass_4(const Pass& pass) {
  const std::size_t m = pass.span / 4, s = pass.stride * kParts;
  const auto [re, im] = pass.from;
  for (std::size_t p = 0; p < m; ++p) {
    for (std::size_t q = 0; q < s; ++q) {
      const std::size_t a = q + s * p, b = a + s * m, c = b + s * m, d = c + s * m;
      const std::size_t to = q + s * 4 * p;
      const Lane even_re = re[a] + re[c], even_im = im[a] + im[c];
      const Lane less_re = re[a] - re[c], less_im = im[a] - im[c];
      const Lane odd_re = re[b] + re[d], odd_im = im[b] + im[d];
      const Lane turn_re = im[b] - im[d], turn_im = re[d] - re[b];  // −i (b − d)
      pass.to.re[to] = even_re + odd_re;
      pass.to.im[to] = even_im + odd_im;
      put(pass, to + s, less_re + turn_re, less_im + turn_im, p);
      put(pass, to + 2 * s, even_re - odd_re, even_im - odd_im, 2 * p);
      put(pass, to + 3 * s, less_re - turn_re, less_im - turn_im, 3 * p);
    }
  }
}

/// Leaves the transform in `lines`.
void all_passes(Lines& lines, Lines& room, const FourierPlan& plan) {
  std::size_t span = plan.cosines.size(), stride = 1;
  for (const std::size_t radix : plan.radices) {
    const Pass pass{view_of(lines), view_of(room),       span,
                    stride,         plan.cosines.data(), plan.sines.data()};
    if (radix == 2) pass_2(pass);
    if (radix == 3) pass_3(pass);
    if (radix == 4) pass_4(pass);
    std::swap(lines.re, room.re);
    std::swap(lines.im, room.im);
    span /= radix;
    stride *= radix;
  }
}

}  // namespace
}  // namespace alike::map

#include "alike/map/layout/fourier.h"

#include <cassert>

#include "alike/map/layout/fourier_levels.h"

namespace alike::map {
namespace {

constexpr double kPi = 3.14159265358979323846;

}  // namespace

double cosine_of_turns(double x) {
  if (x > 0.5) x = 1 - x;
  const bool far = x > 0.25;
  if (far) x = 0.5 - x;
  const bool steep = x > 0.125;  // there by the sine of the rest
  const double t = 2 * kPi * (steep ? 0.25 - x : x), square = t * t;
  double sum = 0;
  for (int i = 20; i > 0; i -= 2) {
    const int j = steep ? i + 1 : i;
    sum = (1 + sum) * -square / (j * (j - 1));
  }
  const double value = steep ? t * (1 + sum) : 1 + sum;
  return far ? -value : value;
}

Fourier::Fourier(std::size_t size, Simd level)
    : plan_(std::make_unique<FourierPlan>()), size_(size), level_(level) {
  for (std::size_t i = 0; i < size; ++i) {
    const double x = static_cast<double>(i) / static_cast<double>(size);
    plan_->cosines.push_back(cosine_of_turns(x));
    plan_->sines.push_back(cosine_of_turns(x >= 0.25 ? x - 0.25 : x + 0.75));
  }
  for (const std::size_t radix : {3U, 4U, 2U}) {
    for (; size % radix == 0; size /= radix) plan_->radices.push_back(radix);
  }
  assert(size == 1);
}

Fourier::~Fourier() = default;

void Fourier::transform(Lines& lines, Lines& room) const {
  switch (level_) {
    case Simd::scalar: return fourier_scalar(lines, room, *plan_);
    case Simd::avx2: return fourier_avx2(lines, room, *plan_);
    case Simd::avx512: return fourier_avx512(lines, room, *plan_);
  }
}

}  // namespace alike::map

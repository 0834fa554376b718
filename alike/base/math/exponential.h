// exp and ln by arithmetic alone, so that their bits are the same on every machine.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace alike {

inline constexpr double kLn2 = 0.69314718055994530942;

inline constexpr auto kOneByFactorial = [] {
  std::array<double, 14> terms{1};
  for (std::size_t i = 1; i < terms.size(); ++i) terms[i] = terms[i - 1] / static_cast<double>(i);
  return terms;
}();

/// e^x within 1e-15 of itself; 0 below −708, e^708 above 708. No NaN.
constexpr double exponential(double x) {
  if (x < -708) return 0;
  if (x > 708) x = 708;
  const auto twos = static_cast<std::int64_t>(x / kLn2 + (x < 0 ? -0.5 : 0.5));
  // ln 2 in two parts, so that x less its multiple keeps all its bits.
  const auto n = static_cast<double>(twos);
  const double r = (x - n * 0x1.62e42fefa0000p-1) - n * 0x1.cf79abc9e3b3ap-40;
  double sum = 0;  // Taylor's series, |r| <= ln 2 / 2
  for (int i = 13; i >= 0; --i) sum = sum * r + kOneByFactorial[static_cast<std::size_t>(i)];
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(twos + 1023) << 52);
}

/// ln x within 1e-15 of the larger of itself and 1, for a normal x > 0.
constexpr double logarithm(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  auto twos = static_cast<std::int64_t>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);
  if (m > 1.4142135623730951) {
    m /= 2;
    ++twos;
  }
  const double t = (m - 1) / (m + 1), square = t * t;  // ln m = 2 artanh t, |t| < 0.172
  double sum = 0;
  for (int i = 23; i > 0; i -= 2) sum = sum * square + 1.0 / i;
  return static_cast<double>(twos) * kLn2 + 2 * t * sum;
}

/// x^y for a normal x > 0; 0 for x = 0.
constexpr double power(double x, double y) { return x > 0 ? exponential(y * logarithm(x)) : 0; }

}  // namespace alike

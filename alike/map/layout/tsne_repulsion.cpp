#include "alike/map/layout/tsne_repulsion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <utility>

#include "alike/base/parallel.h"
#include "alike/map/layout/fourier.h"

namespace alike::map {
namespace {

constexpr std::size_t kOrder = 6;   ///< Of the splines: nodes that a point touches on an axis.
constexpr std::size_t kShares = 4;  ///< Charges are spread by so many, whatever the threads.
constexpr double kWidest = 0.375;   ///< Width of a cell,
constexpr double kFewest = 40;      ///< less where a map would be fewer cells wide,
constexpr double kMost = 2000;      ///< and more where it would be more.
constexpr double kNarrowest = 0x1p-24;
constexpr std::size_t kMargin = 24;     ///< Cells in which the kernel's edge fades.
constexpr std::size_t kSmallest = 128;  ///< Nodes of an axis.
constexpr std::size_t kGrain = 1024;    ///< Points.

/// The transformed potential (freq y, freq x) of half the frequencies of x, as rows of y.
struct Spectrum {
  std::vector<double> re, im;
};

/// Where points are in cells.
struct Frame {
  double low_x = 0, low_y = 0, width = 1;
  std::size_t size = 0;  ///< Nodes of an axis, of which the first half are used.
};

bool transforms(std::size_t size) {
  while (size % 2 == 0) size /= 2;
  while (size % 3 == 0) size /= 3;
  return size == 1;
}

Frame frame_of(std::span<const double> points) {
  double low[2] = {points[0], points[1]}, high[2] = {points[0], points[1]};
  for (std::size_t i = 0; i < points.size(); ++i) {
    low[i % 2] = std::min(low[i % 2], points[i]);
    high[i % 2] = std::max(high[i % 2], points[i]);
  }
  const double extent = std::max(high[0] - low[0], high[1] - low[1]);
  Frame frame;
  frame.width = kWidest;
  while (extent < kFewest * frame.width && frame.width > kNarrowest) frame.width /= 2;
  while (extent > kMost * frame.width) frame.width *= 2;
  const auto cells = static_cast<std::size_t>(extent / frame.width) + kOrder + kMargin;
  for (frame.size = kSmallest; frame.size / 2 < cells || !transforms(frame.size);) {
    frame.size += 4 * kLines;  // the lines of half a mesh, two in one, come in whole sets
  }
  frame.low_x = low[0] - 3 * frame.width;  // the first node that a point touches is not below 0
  frame.low_y = low[1] - 3 * frame.width;
  return frame;
}

/// The weights of a point of an axis for the nodes from `first` on, and their slopes.
struct Spline {
  std::size_t first;
  std::array<double, kOrder> weights, slopes;

  explicit Spline(double at) : first(static_cast<std::size_t>(at)), weights{}, slopes{} {
    const double t = at - static_cast<double>(first);
    first -= kOrder / 2 - 1;
    weights[0] = 1 - t;
    weights[1] = t;
    for (std::size_t order = 3; order <= kOrder; ++order) {
      if (order == kOrder) {
        for (std::size_t j = 0; j < kOrder; ++j) {
          slopes[j] = (j > 0 ? weights[j - 1] : 0) - (j + 1 < kOrder ? weights[j] : 0);
        }
      }
      raise(order, t);
    }
  }

 private:
  void raise(std::size_t order, double t) {
    const double by = 1 / static_cast<double>(order - 1);
    weights[order - 1] = by * t * weights[order - 2];
    for (std::size_t j = order - 2; j > 0; --j) {
      weights[j] = by * ((t + static_cast<double>(order - 1 - j)) * weights[j - 1] +
                         (static_cast<double>(j + 1) - t) * weights[j]);
    }
    weights[0] *= by * (1 - t);
  }
};

/// The sum of the splines' weights at whole places at frequency `k` of `size`.
double damping(std::size_t k, std::size_t size) {
  const auto turns = [&](std::size_t times) {
    return cosine_of_turns(static_cast<double>(times * k % size) / static_cast<double>(size));
  };
  return (66 + 52 * turns(1) + 2 * turns(2)) / 120;
}

}  // namespace

Repulsion repulsion_of_pairs(std::span<const double> points, int threads) {
  const std::size_t count = points.size() / 2;
  Repulsion made;
  made.pushes.resize(2 * count);
  std::vector<double> totals(count);
  parallel_for(count, 32, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      double push_x = 0, push_y = 0, total = 0;
      for (std::size_t j = 0; j < count; ++j) {
        const double x = points[2 * i] - points[2 * j], y = points[2 * i + 1] - points[2 * j + 1];
        const double near = 1 / (1 + x * x + y * y);
        total += near;
        push_x += x * near * near;
        push_y += y * near * near;
      }
      made.pushes[2 * i] = push_x;
      made.pushes[2 * i + 1] = push_y;
      totals[i] = total - 1;  // itself
    }
  });
  for (const double total : totals) made.total += total;
  return made;
}

/// The mesh of one size. Values lie as (x, y); while x is transformed, a line holds two rows of y,
/// one as real and one as imaginary part.
struct ParticleMesh::Grid {
  Grid(std::size_t size, double cell) : fourier(size), width(cell), kernel(size * (size / 2 + 1)) {
    spectrum.re.resize(kernel.size());
    spectrum.im.resize(kernel.size());
  }

  std::size_t size() const { return fourier.size(); }
  std::size_t half() const { return size() / 2; }

  void make_kernel(int threads);
  void spread(std::span<const double> points, const Frame& frame, int threads);
  void convolve(int threads);
  Repulsion gather(std::span<const double> points, const Frame& frame, int threads) const;

  double own_potential(const Spline& x, const Spline& y) const;
  void forward_x(const std::vector<double>& from, std::size_t from_x, std::size_t from_y,
                 int threads);
  void along_y(std::size_t from_y, int threads, bool back);
  void backward_x(int threads);

  Fourier fourier;
  double width;
  std::vector<double> kernel;  // (freq y, half the freq x)
  std::vector<double> values;  // (half x, half y): charges, then potentials
  Spectrum spectrum;
  std::array<std::vector<double>, kShares> shares;
};

/// Transforms the values (from_x, from_y), zeros behind them, along x; gives (from_y, half freq).
void ParticleMesh::Grid::forward_x(const std::vector<double>& from, std::size_t from_x,
                                   std::size_t from_y, int threads) {
  const std::size_t n = size(), frequencies = half() + 1, pairs = from_y / 2;
  parallel_for(pairs, kLines, threads, [&](std::size_t begin, std::size_t end) {
    Lines lines(n), room(n);
    for (std::size_t x = 0; x < from_x; ++x) {
      for (std::size_t y = begin; y < end; ++y) {
        lines.re[x * kLines + y - begin] = from[x * from_y + y];
        lines.im[x * kLines + y - begin] = from[x * from_y + y + pairs];
      }
    }
    fourier.transform(lines, room);
    for (std::size_t y = begin; y < end; ++y) {
      double* re = spectrum.re.data() + y * frequencies;
      double* im = spectrum.im.data() + y * frequencies;
      const std::size_t other = pairs * frequencies;
      for (std::size_t k = 0; k < frequencies; ++k) {
        const std::size_t at = k * kLines + y - begin, back = (n - k) % n * kLines + y - begin;
        re[k] = 0.5 * (lines.re[at] + lines.re[back]);
        im[k] = 0.5 * (lines.im[at] - lines.im[back]);
        re[k + other] = 0.5 * (lines.im[at] + lines.im[back]);
        im[k + other] = 0.5 * (lines.re[back] - lines.re[at]);
      }
    }
  });
}

/// Transforms along y, where values from `from_y` on are zeros; then, with `back`, multiplies with
/// the kernel and returns to the first half of y.
void ParticleMesh::Grid::along_y(std::size_t from_y, int threads, bool back) {
  const std::size_t n = size(), frequencies = half() + 1;
  parallel_for(frequencies, kLines, threads, [&](std::size_t begin, std::size_t end) {
    Lines lines(n), room(n);
    const std::size_t count = end - begin;
    for (std::size_t y = 0; y < from_y; ++y) {
      const std::size_t at = y * frequencies + begin;
      std::copy_n(spectrum.re.data() + at, count, lines.re.data() + y * kLines);
      std::copy_n(spectrum.im.data() + at, count, lines.im.data() + y * kLines);
    }
    fourier.transform(lines, room);
    if (back) {
      for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t i = 0; i < count; ++i) {
          lines.re[k * kLines + i] *= kernel[k * frequencies + begin + i];
          lines.im[k * kLines + i] *= kernel[k * frequencies + begin + i];
        }
      }
      std::swap(lines.re, lines.im);
      std::swap(room.re, room.im);
      fourier.transform(lines, room);
      std::swap(lines.re, lines.im);
    }
    for (std::size_t y = 0; y < (back ? half() : n); ++y) {
      const std::size_t at = y * frequencies + begin;
      std::copy_n(lines.re.data() + y * kLines, count, spectrum.re.data() + at);
      std::copy_n(lines.im.data() + y * kLines, count, spectrum.im.data() + at);
    }
  });
}

/// Sets `values` from the spectrum (half y, half freq x).
void ParticleMesh::Grid::backward_x(int threads) {
  const std::size_t n = size(), frequencies = half() + 1, pairs = half() / 2;
  parallel_for(pairs, kLines, threads, [&](std::size_t begin, std::size_t end) {
    Lines lines(n), room(n);  // real and imaginary part exchanged: the inverse
    for (std::size_t y = begin; y < end; ++y) {
      const double* re = spectrum.re.data() + y * frequencies;
      const double* im = spectrum.im.data() + y * frequencies;
      const std::size_t other = pairs * frequencies;
      for (std::size_t k = 0; k < frequencies; ++k) {
        const std::size_t at = k * kLines + y - begin, back = (n - k) % n * kLines + y - begin;
        lines.im[back] = re[k] + im[k + other];
        lines.re[back] = re[k + other] - im[k];
        lines.im[at] = re[k] - im[k + other];
        lines.re[at] = im[k] + re[k + other];
      }
    }
    fourier.transform(lines, room);
    for (std::size_t x = 0; x < half(); ++x) {
      for (std::size_t y = begin; y < end; ++y) {
        values[x * half() + y] = lines.im[x * kLines + y - begin];
        values[x * half() + y + pairs] = lines.re[x * kLines + y - begin];
      }
    }
  });
}

/// The potential of a charge at node 0, corrected for spreading and gathering. Cells too wide for
/// its peak leave it smoothed, for undoing that would ring.
void ParticleMesh::Grid::make_kernel(int threads) {
  const std::size_t n = size();
  std::vector<double> potential(n * n), divisors(n);
  for (std::size_t x = 0; x < n; ++x) {
    for (std::size_t y = 0; y < n; ++y) {
      const double a = width * static_cast<double>(std::min(x, n - x));
      const double b = width * static_cast<double>(std::min(y, n - y));
      potential[x * n + y] = 1 / (1 + a * a + b * b);
    }
  }
  for (std::size_t k = 0; k < n; ++k) {
    const double damped = width > kWidest ? 1 : damping(k, n) * damping(k, n);
    divisors[k] = damped * static_cast<double>(n);
  }
  forward_x(potential, n, n, threads);
  along_y(n, threads, false);
  for (std::size_t i = 0; i < kernel.size(); ++i) {
    kernel[i] = spectrum.re[i] / (divisors[i / (half() + 1)] * divisors[i % (half() + 1)]);
  }
}

/// The part of a point's potential due to its own charge.
double ParticleMesh::Grid::own_potential(const Spline& x, const Spline& y) const {
  if (width <= kWidest) return 1;
  double sum = 0;
  for (std::size_t a = 0; a < kOrder * kOrder; ++a) {
    const std::size_t from = a / kOrder, to = a % kOrder;
    const auto dx = (static_cast<double>(from) - static_cast<double>(to)) * width;
    for (std::size_t b = 0; b < kOrder * kOrder; ++b) {
      const std::size_t low = b / kOrder, high = b % kOrder;
      const auto dy = (static_cast<double>(low) - static_cast<double>(high)) * width;
      sum += x.weights[from] * x.weights[to] * y.weights[low] * y.weights[high] /
             (1 + dx * dx + dy * dy);
    }
  }
  return sum;
}

void ParticleMesh::Grid::spread(std::span<const double> points, const Frame& frame, int threads) {
  const std::size_t count = points.size() / 2, used = half() * half();
  parallel_for(kShares, 1, threads, [&](std::size_t share, std::size_t) {
    shares[share].assign(used, 0);
    for (std::size_t i = count * share / kShares; i < count * (share + 1) / kShares; ++i) {
      const Spline x((points[2 * i] - frame.low_x) / width);
      const Spline y((points[2 * i + 1] - frame.low_y) / width);
      for (std::size_t a = 0; a < kOrder; ++a) {
        double* row = shares[share].data() + (x.first + a) * half() + y.first;
        for (std::size_t b = 0; b < kOrder; ++b) row[b] += x.weights[a] * y.weights[b];
      }
    }
  });
  values.resize(used);
  parallel_for(used, 8 * kGrain, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      double sum = 0;
      for (const auto& share : shares) sum += share[i];
      values[i] = sum;
    }
  });
}

void ParticleMesh::Grid::convolve(int threads) {
  forward_x(values, half(), half(), threads);
  along_y(half(), threads, true);
  backward_x(threads);
}

Repulsion ParticleMesh::Grid::gather(std::span<const double> points, const Frame& frame,
                                     int threads) const {
  const std::size_t count = points.size() / 2;
  Repulsion made;
  made.pushes.resize(points.size());
  std::vector<double> totals((count + kGrain - 1) / kGrain);
  parallel_for(count, kGrain, threads, [&](std::size_t begin, std::size_t end) {
    double total = 0;
    for (std::size_t i = begin; i < end; ++i) {
      const Spline x((points[2 * i] - frame.low_x) / width);
      const Spline y((points[2 * i + 1] - frame.low_y) / width);
      double potential = 0, slope_x = 0, slope_y = 0;
      for (std::size_t a = 0; a < kOrder; ++a) {
        const double* row = values.data() + (x.first + a) * half() + y.first;
        double sum = 0, slope = 0;
        for (std::size_t b = 0; b < kOrder; ++b) {
          sum += row[b] * y.weights[b];
          slope += row[b] * y.slopes[b];
        }
        potential += x.weights[a] * sum;
        slope_x += x.slopes[a] * sum;
        slope_y += x.weights[a] * slope;
      }
      total += potential - own_potential(x, y);
      made.pushes[2 * i] = -0.5 * slope_x / width;
      made.pushes[2 * i + 1] = -0.5 * slope_y / width;
    }
    totals[begin / kGrain] = total;
  });
  for (const double total : totals) made.total += total;
  return made;
}

ParticleMesh::ParticleMesh() = default;
ParticleMesh::~ParticleMesh() = default;

Repulsion ParticleMesh::repulsion(std::span<const double> points, int threads) {
  if (points.empty()) return {};
  const Frame frame = frame_of(points);
  if (!grid_ || grid_->size() != frame.size || grid_->width != frame.width) {
    grid_ = std::make_unique<Grid>(frame.size, frame.width);
    grid_->make_kernel(threads);
  }
  grid_->spread(points, frame, threads);
  grid_->convolve(threads);
  return grid_->gather(points, frame, threads);
}

}  // namespace alike::map

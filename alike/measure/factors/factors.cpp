#include "alike/measure/factors/factors.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <numeric>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/random.h"
#include "alike/image/write.h"

namespace alike::measure {
namespace {

constexpr std::array<Factor, 6> kFactors{
    {{"shape", 3}, {"scale", 6}, {"rotation", 8}, {"x", 8}, {"y", 8}, {"colour", 6}}};
constexpr int kSamples = 8;  // along each side of a pixel

/// cos of i · 11.25 degrees; sin of it is entry 8 − i.
constexpr std::array<double, 9> kCosines{1,
                                         0.98078528040323044913,
                                         0.92387953251128675613,
                                         0.83146961230254523708,
                                         0.70710678118654752440,
                                         0.55557023301960222474,
                                         0.38268343236508977173,
                                         0.19509032201612826785,
                                         0};

constexpr std::uint8_t kColours[][3] = {{255, 0, 0},   {255, 255, 0}, {0, 255, 0},
                                        {0, 255, 255}, {0, 0, 255},   {255, 0, 255}};

/// Is (u, v), v downwards, in the shape? All reach about 1 from the middle.
bool inside(int shape, double u, double v) {
  if (shape == 0) return std::max(std::abs(u), std::abs(v)) <= 0.8;
  if (shape == 1) return u * u + v * v / (0.55 * 0.55) <= 1;
  const double x = 1.2 * u, y = -1.2 * v, round = x * x + y * y - 1;
  return round * round * round - x * x * y * y * y <= 0;
}

/// A shape somewhere in the unit square.
class Figure {
 public:
  explicit Figure(std::span<const int> values)
      : shape_(values[0]),
        radius_(0.1 + 0.02 * values[1]),
        cosine_(kCosines[static_cast<std::size_t>(values[2])]),
        sine_(kCosines[static_cast<std::size_t>(8 - values[2])]),
        x_(0.25 + values[3] / 14.0),
        y_(0.25 + values[4] / 14.0) {}

  bool holds(double x, double y) const {
    const double dx = (x - x_) / radius_, dy = (y - y_) / radius_;
    return inside(shape_, cosine_ * dx + sine_ * dy, cosine_ * dy - sine_ * dx);
  }
  /// Can a pixel with this middle have a part of it? `half` is half a pixel.
  bool near(double x, double y, double half) const {
    const double reach = 1.3 * radius_ + half;
    return std::abs(x - x_) <= reach && std::abs(y - y_) <= reach;
  }

 private:
  int shape_;
  double radius_, cosine_, sine_, x_, y_;
};

/// Samples of pixel (px, py) that lie in the figure.
int covered(const Figure& figure, int px, int py, int size) {
  if (!figure.near((px + 0.5) / size, (py + 0.5) / size, 0.5 / size)) return 0;
  int count = 0;
  for (int sy = 0; sy < kSamples; ++sy) {
    for (int sx = 0; sx < kSamples; ++sx) {
      count +=
          figure.holds((px + (sx + 0.5) / kSamples) / size, (py + (sy + 0.5) / kSamples) / size)
              ? 1
              : 0;
    }
  }
  return count;
}

FactorTable table_without_rows() {
  FactorTable table;
  for (const Factor& factor : kFactors) table.names.emplace_back(factor.name);
  return table;
}

std::size_t picture_count() {
  std::size_t count = 1;
  for (const Factor& factor : kFactors) count *= static_cast<std::size_t>(factor.values);
  return count;
}

/// Adds the row of picture `number` of all.
void append_row(std::size_t number, FactorTable& table) {
  table.values.resize(table.values.size() + kFactors.size());
  for (std::size_t f = kFactors.size(), to = table.values.size(); f-- > 0;) {
    const auto values = static_cast<std::size_t>(kFactors[f].values);
    table.values[--to] = static_cast<int>(number % values);
    number /= values;
  }
}

}  // namespace

std::span<const Factor> picture_factors() noexcept { return kFactors; }

FactorTable all_pictures() {
  FactorTable table = table_without_rows();
  for (std::size_t i = 0; i < picture_count(); ++i) append_row(i, table);
  return table;
}

FactorTable some_pictures(std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> numbers(picture_count());
  if (count == 0 || count > numbers.size()) {
    throw Error(ErrorCode::invalid_argument, "the number of pictures is " + std::to_string(count) +
                                                 "; of known factors there are 1 to " +
                                                 std::to_string(numbers.size()));
  }
  std::iota(numbers.begin(), numbers.end(), 0);
  Random random(seed);
  for (std::size_t i = 0; i < count; ++i) {
    std::swap(numbers[i], numbers[i + random.below(numbers.size() - i)]);
  }
  numbers.resize(count);
  std::ranges::sort(numbers);
  FactorTable table = table_without_rows();
  for (const std::size_t number : numbers) append_row(number, table);
  return table;
}

image::Image draw_picture(std::span<const int> values, int size) {
  if (size < 8 || size > 1024) {
    throw Error(ErrorCode::invalid_argument, "a picture of known factors is to be " +
                                                 std::to_string(size) +
                                                 " pixels wide; it can be 8 to 1024");
  }
  bool known = values.size() == kFactors.size();
  for (std::size_t f = 0; known && f < values.size(); ++f) {
    known = values[f] >= 0 && values[f] < kFactors[f].values;
  }
  if (!known) {
    throw Error(ErrorCode::invalid_argument,
                "a picture of known factors needs the values of shape, scale, rotation, x, y and "
                "colour, each from 0 to below their number");
  }
  const Figure figure(values);
  const auto& color = kColours[values[5]];
  image::Image picture{size, size, {}};
  picture.rgb.reserve(static_cast<std::size_t>(size) * static_cast<std::size_t>(size) * 3);
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) {
      const int samples = covered(figure, x, y, size);
      for (const std::uint8_t part : color) {
        picture.rgb.push_back(static_cast<std::uint8_t>((part * samples + kSamples * kSamples / 2) /
                                                        (kSamples * kSamples)));
      }
    }
  }
  return picture;
}

void write_pictures(const std::filesystem::path& folder, const FactorTable& table, int size,
                    const Watcher& watcher) {
  make_folders(folder);
  std::error_code error;
  if (!std::filesystem::is_empty(folder, error) || error) {
    throw Error(ErrorCode::invalid_argument,
                "the folder " + folder.native() + " is not empty; give one that is not there yet");
  }
  std::string csv = "path";
  for (const std::string& name : table.names) csv += "," + name;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped while drawing pictures");
    }
    char name[32];
    std::snprintf(name, sizeof name, "%05zu.png", i);
    replace_file(folder / name, image::encode_png(draw_picture(table.row(i), size)));
    csv += "\n" + std::string(name);
    for (const int value : table.row(i)) csv += "," + std::to_string(value);
    watcher.tell({i + 1, table.rows(), 0});
  }
  replace_file(folder / "factors.csv", csv + "\n");
}

}  // namespace alike::measure

#include "alike/judge/baselines.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <numeric>
#include <span>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/parallel.h"
#include "alike/collection/catalog/trust.h"
#include "alike/image/isolated/picture_decoder.h"
#include "alike/image/resize.h"
#include "alike/measure/learners/principal_components.h"

namespace alike::judge {

namespace {

constexpr int kTimedRuns = 5;

/// One row of each picture, by `make` from the bytes of its file, in parallel.
Matrix rows_of_pictures(
    const std::filesystem::path& folder, const std::vector<std::string>& paths, std::size_t width,
    int threads, const Watcher& watcher,
    const std::function<void(std::span<const std::byte>, std::span<float>)>& make) {
  Matrix rows(paths.size(), width);
  std::mutex telling;
  std::uint64_t done = 0;
  parallel_for(paths.size(), 1, threads, [&](std::size_t at, std::size_t) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped; spaces that are filled are kept");
    }
    const auto file = folder / paths[at];
    try {
      collection::check_item_path(paths[at]);
      make(read_file(file, image::kMaxFileBytes), rows.row(at));
    } catch (const Error& error) {
      throw Error(error.code(), "'" + file.native() + "': " + error.what(), error.remedy());
    }
    const std::lock_guard lock(telling);
    watcher.tell({++done, paths.size(), 0});
  });
  return rows;
}

}  // namespace

Matrix pixel_rows(const std::filesystem::path& folder, const std::vector<std::string>& paths,
                  int threads, const Watcher& watcher) {
  const image::Framing framing{.size = kPixelSide, .crop_fraction = 1};
  return rows_of_pictures(folder, paths, 3 * kPixelSide * kPixelSide, threads, watcher,
                          [&](std::span<const std::byte> bytes, std::span<float> row) {
                            std::ranges::transform(
                                image::picture_decoder().prepare(bytes, framing, {}).rgb,
                                row.begin(),
                                [](std::uint8_t value) { return static_cast<float>(value) / 255; });
                          });
}

Matrix embedded_rows(const std::filesystem::path& folder, const std::vector<std::string>& paths,
                     const encode::Embedder& embedder, int threads, const Watcher& watcher) {
  return rows_of_pictures(
      folder, paths, embedder.width(), threads, watcher,
      [&](std::span<const std::byte> bytes, std::span<float> row) { embedder.embed(bytes, row); });
}

double picture_ms(const encode::Package& package, const std::string& layer) {
  const encode::Encoder encoder(package, {.layer = layer});
  const int side = package.input.framing.size;
  image::Image gray{side, side, {}};
  gray.rgb.assign(3 * static_cast<std::size_t>(side) * static_cast<std::size_t>(side), 127);
  std::vector<float> row(encoder.width());
  encoder.embed(gray, row);  // the first takes longer
  std::vector<double> times;
  for (int run = 0; run < kTimedRuns; ++run) {
    const auto start = std::chrono::steady_clock::now();
    encoder.embed(gray, row);
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    times.push_back(taken.count());
  }
  std::ranges::sort(times);
  return times[times.size() / 2];
}

Matrix principal_rows(MatrixView rows, std::size_t count, int threads) {
  std::vector<std::uint32_t> all(rows.rows);
  std::iota(all.begin(), all.end(), 0U);
  measure::Standard centered = measure::standard_of(rows, all, threads);
  std::ranges::fill(centered.scale, 1.0F);
  const measure::PackedRows packed(rows, all, centered, threads);
  const Matrix components = measure::principal_components(packed, count, threads).components;
  Matrix along(rows.rows, components.rows());
  for (std::size_t r = 0; r < rows.rows; ++r) {
    for (std::size_t c = 0; c < along.width(); ++c) {
      double sum = 0;
      for (std::size_t j = 0; j < rows.width; ++j) {
        sum += (double{rows.row(r)[j]} - double{centered.mean[j]}) * double{components.row(c)[j]};
      }
      along.row(r)[c] = static_cast<float>(sum);
    }
  }
  return along;
}

}  // namespace alike::judge

#include "alike/cli/baselines.h"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <numeric>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/parallel.h"
#include "alike/evaluate/principal_components.h"
#include "alike/image/decode.h"
#include "alike/image/resize.h"

namespace alike::cli {

Matrix pixel_rows(const std::filesystem::path& folder, const std::vector<std::string>& paths,
                  int threads, const Watcher& watcher) {
  const image::Framing framing{.size = kPixelSide, .crop_fraction = 1};
  Matrix rows(paths.size(), 3 * kPixelSide * kPixelSide);
  std::mutex telling;
  std::uint64_t done = 0;
  parallel_for(paths.size(), 1, threads, [&](std::size_t at, std::size_t) {
    if (watcher.stop.stop_requested()) {
      throw Error(ErrorCode::interrupted, "stopped; nothing was compared");
    }
    const auto file = folder / paths[at];
    const image::Image small = [&] {
      try {
        return image::prepare(read_file(file, image::kMaxFileBytes), framing);
      } catch (const Error& error) {
        throw Error(error.code(), "'" + file.native() + "': " + error.what());
      }
    }();
    std::ranges::transform(small.rgb, rows.row(at).begin(),
                           [](std::uint8_t value) { return static_cast<float>(value) / 255; });
    const std::lock_guard lock(telling);
    watcher.tell({++done, paths.size(), 0});
  });
  return rows;
}

Matrix principal_rows(MatrixView rows, std::size_t count, int threads) {
  std::vector<std::uint32_t> all(rows.rows);
  std::iota(all.begin(), all.end(), 0U);
  evaluate::Standard centred = evaluate::standard_of(rows, all, threads);
  std::ranges::fill(centred.scale, 1.0F);
  const evaluate::PackedRows packed(rows, all, centred, threads);
  const Matrix components = evaluate::principal_components(packed, count, threads).components;
  Matrix along(rows.rows, components.rows());
  for (std::size_t r = 0; r < rows.rows; ++r) {
    for (std::size_t c = 0; c < along.width(); ++c) {
      double sum = 0;
      for (std::size_t j = 0; j < rows.width; ++j) {
        sum += (double{rows.row(r)[j]} - double{centred.mean[j]}) * double{components.row(c)[j]};
      }
      along.row(r)[c] = static_cast<float>(sum);
    }
  }
  return along;
}

}  // namespace alike::cli

#include "alike/actions/damaged_rows.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/parallel.h"
#include "alike/base/random.h"
#include "alike/collection/catalog/trust.h"
#include "alike/collection/ingest/space_embedder.h"
#include "alike/image/augment/corruptions.h"
#include "alike/image/decode.h"
#include "alike/image/isolated/picture_decoder.h"

namespace alike::actions {
namespace {

/// Pixels of a damaged picture, in the form of its encoder's input → its row.
void embed_damaged(const encode::Embedder& embedder, const image::Image& picture,
                   std::span<float> row) {
  const image::Framing& framing = embedder.encoder().package().input.framing;
  const image::Image square =
      image::resize(picture, image::center_square(picture.width, picture.height, framing),
                    framing.size, framing.size, framing.interpolation);
  std::vector<float> raw(embedder.encoder().width());
  embedder.encoder().embed(square, raw);
  embedder.transform(raw, row);
}

/// The picture, reduced where the whole is too large to be held.
image::Image held_picture(std::span<const std::byte> bytes) {
  constexpr int kEnough = 2'000;  // more than any encoder takes, twice
  const image::PictureDecoder& decoder = image::picture_decoder();
  const image::Header head = decoder.inspect(bytes);
  const auto pixels =
      static_cast<std::uint64_t>(head.width) * static_cast<std::uint64_t>(head.height);
  const bool whole = pixels <= image::usual_limits().max_held_pixels;
  return decoder.thumbnail(bytes, whole ? head.width : kEnough, whole ? head.height : kEnough);
}

}  // namespace

judge::Section judge_damaged(const collection::Collection& collection,
                             const collection::Space& space, MatrixView rows,
                             const std::vector<std::string>& paths, const alike::Labels& labels,
                             std::span<const std::uint32_t> queries,
                             const judge::JudgeOptions& options, const Watcher& watcher) {
  const encode::Embedder embedder = collection::embedder_of(collection, space, options.threads);
  const auto damaged = [&](image::Corruption corruption, int strength) {
    Matrix made(queries.size(), embedder.width());
    parallel_for(queries.size(), 1, options.threads, [&](std::size_t at, std::size_t) {
      if (watcher.stop.stop_requested()) {
        throw Error(ErrorCode::interrupted, "stopped; nothing was judged");
      }
      const auto file = collection.readable_pictures() / paths[queries[at]];
      try {
        collection::check_item_path(paths[queries[at]]);
        const auto picture = held_picture(read_file(file, image::kMaxFileBytes));
        const auto seed = random_bits(options.seed, queries[at]);
        embed_damaged(embedder, image::corrupt(picture, corruption, strength, seed), made.row(at));
      } catch (const Error& error) {
        throw Error(error.code(), "'" + file.native() + "': " + error.what());
      }
    });
    return made;
  };
  return judge::judge_damage(rows, labels, queries, damaged, options, watcher);
}

}  // namespace alike::actions

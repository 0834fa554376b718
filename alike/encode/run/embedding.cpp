#include "alike/encode/run/embedding.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/image/isolated/picture_decoder.h"

namespace alike::encode {

Embedder::Embedder(Encoder encoder, std::optional<Pca> pca, bool normalize)
    : encoder_(std::move(encoder)), pca_(std::move(pca)), normalize_(normalize) {
  if (pca_ && pca_->input_width() != encoder_.width()) {
    throw Error(ErrorCode::invalid_argument,
                "the PCA takes rows of " + std::to_string(pca_->input_width()) +
                    " numbers and the layer gives " + std::to_string(encoder_.width()));
  }
}

std::size_t Embedder::width() const { return pca_ ? pca_->output_width() : encoder_.width(); }

void Embedder::embed(std::span<const std::byte> picture, std::span<float> row,
                     const std::optional<image::Box>& region) const {
  const auto pixels =
      image::picture_decoder().prepare(picture, encoder_.package().input.framing, region);
  std::vector<float> raw(encoder_.width());
  encoder_.embed(pixels, raw);
  transform(raw, row);
}

void Embedder::transform(std::span<const float> raw, std::span<float> row) const {
  if (pca_) {
    pca_->apply(raw, row);
  } else {
    std::ranges::copy(raw, row.begin());
  }
  if (normalize_) normalize(row);
}

}  // namespace alike::encode

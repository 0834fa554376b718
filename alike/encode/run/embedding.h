// Picture bytes → the row that is kept: framing, network, transform, unit length.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "alike/encode/run/encoder.h"
#include "alike/encode/run/transform.h"

namespace alike::encode {

/// The whole way from the bytes of a picture file to its embedding; the same for indexing, for a
/// query and for `alike embed`. Safe from several threads.
class Embedder {
 public:
  /// `normalize`: scale the result to length 1 (always for cosine).
  Embedder(Encoder encoder, std::optional<Pca> pca, bool normalize);

  const Encoder& encoder() const { return encoder_; }
  /// Numbers in one row.
  std::size_t width() const;
  /// Throws as `image::prepare` for a picture that cannot be read.
  void embed(std::span<const std::byte> picture, std::span<float> row,
             const std::optional<image::Box>& region = std::nullopt) const;
  /// The last part of `embed`: from the numbers the encoder gives to the row that is kept.
  void transform(std::span<const float> raw, std::span<float> row) const;

 private:
  Encoder encoder_;
  std::optional<Pca> pca_;
  bool normalize_;
};

}  // namespace alike::encode

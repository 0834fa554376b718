// How new pictures become rows of a space that is there.
#pragma once

#include <optional>

#include "alike/collection/view.h"
#include "alike/encode/run/embedding.h"

namespace alike::collection {

/// The embedder that made the rows of `space`: its encoder, layer, pooling and transform.
/// `streams` as in `encode::EncoderOptions`. Throws `unsupported` for imported rows, `not_found`
/// when the encoder is not installed, `invalid_argument` when another model has its name now.
encode::Embedder embedder_of(const Collection& collection, const Space& space, int streams);
/// The same within one version of the collection, with the transform of the space as it is known
/// already.
encode::Embedder embedder_of(const View& view, const Space& space, std::optional<encode::Pca> pca,
                             int streams);

}  // namespace alike::collection

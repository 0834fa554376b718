#include "alike/collection/space_embedder.h"

#include <utility>

#include "alike/base/error.h"
#include "alike/collection/space_package.h"

namespace alike::collection {

encode::Embedder embedder_of(const Collection& collection, const Space& space, int streams) {
  return embedder_of(space, collection.pca(space.name), streams);
}

encode::Embedder embedder_of(const Space& space, std::optional<encode::Pca> pca, int streams) {
  if (space.encoder.empty()) {
    throw Error(ErrorCode::unsupported,
                "the space '" + space.name +
                    "' holds imported rows and no encoder that makes a row of a picture; search it "
                    "by id:N or with --vectors");
  }
  const auto package = encode::load_package(space.encoder);
  check_package(space, package);
  encode::EncoderOptions options;
  options.layer = space.layer;
  options.pooling = space.pooling;
  options.streams = streams;
  return {encode::Encoder(package, options), std::move(pca), space.metric == index::Metric::cosine};
}

}  // namespace alike::collection

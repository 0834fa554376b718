#include "alike/collection/space_embedder.h"

#include "alike/base/error.h"
#include "alike/collection/catalog.h"
#include "alike/collection/space_package.h"

namespace alike::collection {

encode::Embedder embedder_of(const Collection& collection, const Space& space, int streams) {
  if (space.encoder.empty()) {
    throw Error(ErrorCode::unsupported,
                "the space '" + space.name +
                    "' holds imported rows and no encoder that makes a row of a picture; search it "
                    "by id:N or with --vectors");
  }
  const auto package = package_of(space);
  Catalog catalog(collection.folder(), reading_mode(collection.folder()));
  check_package(catalog, space, package);
  encode::EncoderOptions options;
  options.layer = space.layer;
  options.pooling = space.pooling;
  options.streams = streams;
  return {encode::Encoder(package, options), collection.pca(space.name),
          space.metric == index::Metric::cosine};
}

}  // namespace alike::collection

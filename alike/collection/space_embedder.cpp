#include "alike/collection/space_embedder.h"

#include "alike/base/error.h"

namespace alike::collection {

encode::Package package_of(const Space& space) {
  if (space.encoder.find('/') != std::string::npos) encode::check_package_name(space.encoder);
  return encode::load_package(space.encoder);
}

encode::Embedder embedder_of(const Collection& collection, const Space& space, int streams) {
  if (space.encoder.empty()) {
    throw Error(ErrorCode::unsupported,
                "the space '" + space.name +
                    "' holds imported rows and no encoder that makes a row of a picture; search it "
                    "by id:N or with --vectors");
  }
  const auto package = package_of(space);
  if (package.sha256 != space.model_sha256) {
    throw Error(ErrorCode::invalid_argument,
                "the space '" + space.name + "' was made with another model than the encoder '" +
                    space.encoder + "' now holds (sha256 " + space.model_sha256.substr(0, 12) +
                    "…, now " + package.sha256.substr(0, 12) +
                    "…); put that model back, or make a new space with 'alike index --encoder " +
                    space.encoder + " --space NAME'");
  }
  encode::EncoderOptions options;
  options.layer = space.layer;
  options.pooling = space.pooling;
  options.streams = streams;
  return {encode::Encoder(package, options), collection.pca(space.name),
          space.metric == index::Metric::cosine};
}

}  // namespace alike::collection

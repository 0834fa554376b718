#include "alike/collection/ingest/space_embedder.h"

#include <utility>

#include "alike/base/error.h"
#include "alike/collection/store/space_package.h"

namespace alike::collection {
namespace {

encode::Package package_in(const View& view, const Space& space) {
  if (space.encoder.empty()) {
    throw Error(ErrorCode::unsupported,
                "the space '" + space.name +
                    "' holds imported rows and no encoder that makes a row of a picture; search it "
                    "by id:N or with --vectors");
  }
  encode::Package package = package_of(space);
  view.check_package(space, package);
  return package;
}

encode::Embedder made_of(const encode::Package& package, std::optional<encode::Pca> pca,
                         const Space& space, int streams) {
  encode::EncoderOptions options;
  options.layer = space.layer;
  options.pooling = space.pooling;
  options.streams = streams;
  return {encode::Encoder(package, options), std::move(pca), space.metric == index::Metric::cosine};
}

}  // namespace

encode::Embedder embedder_of(const Collection& collection, const Space& space, int streams) {
  auto [package, pca] = read(collection, [&](const View& view) {
    return std::pair(package_in(view, space), view.pca(space.name));
  });
  return made_of(package, std::move(pca), space, streams);
}

encode::Embedder embedder_of(const View& view, const Space& space, std::optional<encode::Pca> pca,
                             int streams) {
  return made_of(package_in(view, space), std::move(pca), space, streams);
}

}  // namespace alike::collection

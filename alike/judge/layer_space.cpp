#include "alike/judge/layer_space.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/text.h"
#include "alike/collection/ingest/ingest.h"

namespace alike::judge {

void check_layers(const std::string& encoder, const std::vector<std::string>& layers) {
  std::vector<std::string> names;
  for (const auto& layer : encode::load_package(encoder).layers) names.push_back(layer.name);
  for (const auto& layer : layers) {
    if (std::ranges::count(names, layer) > 0) continue;
    throw Error(ErrorCode::not_found, "encoder '" + encoder + "' has no layer '" + layer + "'" +
                                          suggestion(layer, names));
  }
}

std::string filled_space(collection::Collection& collection, const std::string& encoder,
                         const std::string& layer, int threads, const Watcher& watcher) {
  const auto is_it = [&](const collection::Space& space) {
    return space.encoder == encoder && space.layer == layer && !space.pca &&
           space.pooling == encode::Pooling::avg && space.complete();
  };
  const auto spaces = collection.spaces();
  const auto found = std::ranges::find_if(spaces, is_it);
  if (found != spaces.end()) return found->name;
  collection::IngestOptions ingest;
  ingest.encoder = encoder;
  ingest.layer = layer;
  ingest.threads = threads;
  return collection::ingest(collection, ingest, watcher).space;
}

}  // namespace alike::judge

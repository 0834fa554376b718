// Spaces of the layers of an encoder, made where they are not there yet.
#pragma once

#include <string>
#include <vector>

#include "alike/base/progress.h"
#include "alike/collection/collection.h"

namespace alike::judge {

/// Throws `not_found` where `encoder` has no layer of one of these names, with those it has.
void check_layers(const std::string& encoder, const std::vector<std::string>& layers);

/// The name of the space of this layer, pooled by its mean; pictures are embedded where they are
/// not in it yet. Throws as `collection::ingest`.
std::string filled_space(collection::Collection& collection, const std::string& encoder,
                         const std::string& layer, int threads, const Watcher& watcher);

}  // namespace alike::judge

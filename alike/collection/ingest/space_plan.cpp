#include "alike/collection/ingest/space_plan.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/collection/names.h"
#include "alike/collection/store/space_package.h"
#include "alike/encode/package/known_encoders.h"

namespace alike::collection {
namespace {

/// The short name of a layer that may be asked for by the name of its tensor.
std::string layer_name(const encode::Package& package, const std::string& asked) {
  if (asked.empty()) return package.default_layer;
  for (const auto& layer : package.layers) {
    if (layer.name == asked || layer.tensor == asked) return layer.name;
  }
  return asked;
}

/// Whether a layer is one row as it is; pooling means nothing then. Tensors without a short name
/// are not looked up.
bool is_flat(const encode::Package& package, const std::string& name) {
  return std::ranges::any_of(package.layers, [&](const encode::Layer& layer) {
    return layer.name == name && layer.height * layer.width == 1;
  });
}

/// The space that the options describe, all fields filled in.
Space described(const IngestOptions& options, const encode::Package& package) {
  Space space;
  space.encoder = package.name;
  space.model_sha256 = package.sha256;
  space.layer = layer_name(package, options.layer);
  if (!is_flat(package, space.layer)) {
    space.pooling = options.pooling.value_or(encode::Pooling::avg);
  }
  space.pca = options.pca;
  return space;
}

bool same_pca(const std::optional<encode::PcaOptions>& a,
              const std::optional<encode::PcaOptions>& b) {
  if (!a || !b) return !a && !b;
  return a->dimensions == b->dimensions && a->whiten == b->whiten;
}

/// The first thing asked for that `space` does not have; "" when it fits.
std::string misfit(const Space& space, const IngestOptions& options) {
  if (!options.encoder.empty() && options.encoder != space.encoder) {
    return "encoder " + space.encoder + ", not " + options.encoder;
  }
  const auto package = package_of(space);
  if (!options.layer.empty()) {
    const auto asked = layer_name(package, options.layer);
    if (asked != space.layer) return "layer " + space.layer + ", not " + asked;
  }
  const bool pools = options.pooling && !is_flat(package, space.layer);
  if (pools && *options.pooling != space.pooling) {
    return "pooling " + std::string(encode::name_of(space.pooling)) + ", not " +
           std::string(encode::name_of(*options.pooling));
  }
  if (options.pca && !same_pca(options.pca, space.pca)) {
    return space.pca ? "another PCA (" + std::to_string(space.pca->dimensions) + " dimensions" +
                           (space.pca->whiten ? ", whitened)" : ")")
                     : "no PCA";
  }
  return "";
}

std::string name_for(const Space& space, const encode::Package& package) {
  std::string name = space.encoder;
  if (space.layer != package.default_layer) name += "-" + space.layer;
  if (space.pooling != encode::Pooling::avg) {
    name += "-" + std::string(encode::name_of(space.pooling));
  }
  if (space.pca) {
    name += "-pca" + std::to_string(space.pca->dimensions) + (space.pca->whiten ? "w" : "");
  }
  std::replace_if(
      name.begin(), name.end(), [](char letter) { return !is_name_letter(letter); }, '_');
  return name.substr(0, 100);
}

SpacePlan existing(Catalog& catalog, const Space& space, const IngestOptions& options) {
  if (space.encoder.empty() && options.pca) {
    throw Error(ErrorCode::invalid_argument,
                "the rows of space '" + space.name +
                    "' were imported and stay as they are; import them once more to reduce them");
  }
  if (space.encoder.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "the rows of space '" + space.name +
                    "' were imported; pictures cannot be added to it. Name another space with "
                    "--space or another encoder with --encoder");
  }
  const std::string difference = misfit(space, options);
  if (!difference.empty()) {
    throw Error(ErrorCode::invalid_argument, "space '" + space.name + "' has " + difference +
                                                 "; leave out --space, or name a new one");
  }
  SpacePlan plan{space, package_of(space), false};
  check_package(catalog, space, plan.package);
  return plan;
}

}  // namespace

SpacePlan plan_space(Catalog& catalog, const IngestOptions& options) {
  const auto spaces = catalog.spaces();
  const auto find = [&](const std::string& name) {
    return std::ranges::find_if(spaces, [&](const Space& space) { return space.name == name; });
  };
  const auto standard = std::ranges::find_if(spaces, &Space::is_default);
  const bool has_default = standard != spaces.end() && !standard->encoder.empty();

  if (!options.space.empty()) {
    check_space_name(options.space);
    if (const auto named = find(options.space); named != spaces.end()) {
      return existing(catalog, *named, options);
    }
  } else if (has_default && misfit(*standard, options).empty()) {
    return existing(catalog, *standard, options);
  }

  std::string encoder = options.encoder;
  if (encoder.empty()) encoder = has_default ? standard->encoder : encode::kDefaultEncoder;
  SpacePlan plan;
  plan.package = encode::load_package(encoder);
  plan.space = described(options, plan.package);
  plan.space.name = options.space.empty() ? name_for(plan.space, plan.package) : options.space;
  if (const auto named = find(plan.space.name); named != spaces.end()) {
    return existing(catalog, *named, options);
  }
  plan.is_new = true;
  plan.space.filling = true;
  return plan;
}

}  // namespace alike::collection

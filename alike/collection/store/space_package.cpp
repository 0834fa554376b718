#include "alike/collection/store/space_package.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/encode/package/known_encoders.h"
#include "alike/encode/package/package_hash.h"

namespace alike::collection {
namespace {

bool can_be_got(const encode::Package& package) {
  return std::ranges::any_of(encode::known_encoders(),
                             [&](const auto& known) { return known.name == package.name; });
}

}  // namespace

void remember_package(Catalog& catalog, std::int64_t key, const Space& space,
                      const encode::Package& package) {
  catalog.set_package_hash(key, encode::package_hash(package, space.layer));
}

bool remembers_package(Catalog& catalog, std::int64_t key) {
  return !catalog.package_hash(key).empty();
}

encode::Package package_of(const Space& space) {
  if (space.encoder.find('/') != std::string::npos) encode::check_package_name(space.encoder);
  return encode::load_package(space.encoder);
}

Remedy package_remedy(const encode::Package& package) {
  if (can_be_got(package)) return {"models", {"get", package.name}, "to get it again"};
  return {"index", {"--encoder", package.name, "--space", "NAME"}, "to fill one"};
}

std::optional<std::string> package_misfit(Catalog& catalog, const Space& space,
                                          const encode::Package& package) {
  const std::string way_out = "; put that package back, or fill a new space";
  if (package.sha256 != space.model_sha256) {
    return "space '" + space.name + "' was made with another model called '" + space.encoder +
           "' (sha256 " + space.model_sha256.substr(0, 12) + "…, installed is " +
           package.sha256.substr(0, 12) + "…)" + way_out;
  }
  const std::string remembered = catalog.package_hash(catalog.key_of(space.name));
  if (remembered.empty() || encode::package_hash(package, space.layer) == remembered) {
    return std::nullopt;
  }
  return "space '" + space.name + "' was made with other settings of the encoder '" +
         space.encoder + "' than '" + (package.folder / "encoder.json").native() +
         "' has now (size, crop, mean, scale, channels or the tensor of the layer), so that new "
         "rows would not fit those that are there" +
         way_out;
}

void check_package(Catalog& catalog, const Space& space, const encode::Package& package) {
  if (const auto misfit = package_misfit(catalog, space, package)) {
    throw Error(ErrorCode::invalid_argument, *misfit, package_remedy(package));
  }
}

}  // namespace alike::collection

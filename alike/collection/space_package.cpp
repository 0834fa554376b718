#include "alike/collection/space_package.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/encode/acquire.h"
#include "alike/encode/package_hash.h"

namespace alike::collection {
namespace {

std::string setting_of(std::int64_t key) { return "package." + std::to_string(key); }

bool can_be_got(const encode::Package& package) {
  return std::ranges::any_of(encode::known_encoders(),
                             [&](const auto& known) { return known.name == package.name; });
}

}  // namespace

void remember_package(Catalog& catalog, std::int64_t key, const Space& space,
                      const encode::Package& package) {
  catalog.set_setting(setting_of(key), encode::package_hash(package, space.layer));
}

bool remembers_package(Catalog& catalog, std::int64_t key) {
  return !catalog.setting(setting_of(key)).empty();
}

encode::Package package_of(const Space& space) {
  if (space.encoder.find('/') != std::string::npos) encode::check_package_name(space.encoder);
  return encode::load_package(space.encoder);
}

std::string package_remedy(const encode::Package& package) {
  return can_be_got(package) ? "alike models get " + package.name
                             : "alike index --encoder " + package.name + " --space NAME";
}

std::optional<std::string> package_misfit(Catalog& catalog, const Space& space,
                                          const encode::Package& package) {
  const std::string remedy = std::string("; ") +
                             (can_be_got(package) ? "get it again: alike models get " + package.name
                                                  : "put that package back") +
                             ", or fill a new space: alike index --encoder " + space.encoder +
                             " --space NAME";
  if (package.sha256 != space.model_sha256) {
    return "space '" + space.name + "' was made with another model called '" + space.encoder +
           "' (sha256 " + space.model_sha256.substr(0, 12) + "…, installed is " +
           package.sha256.substr(0, 12) + "…)" + remedy;
  }
  const std::string remembered = catalog.setting(setting_of(catalog.key_of(space.name)));
  if (remembered.empty() || encode::package_hash(package, space.layer) == remembered) {
    return std::nullopt;
  }
  return "space '" + space.name + "' was made with other settings of the encoder '" +
         space.encoder + "' than '" + (package.folder / "encoder.json").native() +
         "' has now (size, crop, mean, scale, channels or the tensor of the layer), so that new "
         "rows would not fit those that are there" +
         remedy;
}

void check_package(Catalog& catalog, const Space& space, const encode::Package& package) {
  if (const auto misfit = package_misfit(catalog, space, package)) {
    throw Error(ErrorCode::invalid_argument, *misfit);
  }
}

}  // namespace alike::collection

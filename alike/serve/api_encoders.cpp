// Encoders and their layers.
#include "alike/actions/encoders.h"
#include "alike/encode/run/encoder.h"
#include "alike/serve/api.h"

namespace alike::serve {
namespace {

Response list(const Call&) {
  return json_content(json::object{{"encoders", actions::brief_json(actions::list_encoders())}});
}

/// A name only: `load_package` would take a path too.
encode::Package package_called(const std::string& name) {
  for (auto& package : encode::list_packages()) {
    if (package.name == name) return std::move(package);
  }
  encode::check_package_name(name);
  return encode::load_package(name);  // its error lists the packages
}

Response layers(const Call& call) {
  const encode::Package package = package_called(call.at("e"));
  return json_content(json::object{{"encoder", actions::brief_json(package)},
                                   {"layers", actions::layers_json(package)}});
}

}  // namespace

void add_encoder_routes(Router& router, Api&) {
  router.add({"GET", "/v1/encoders", list, Lane::light});
  router.add({"GET", "/v1/encoders/{e}/layers", layers, Lane::light});
}

}  // namespace alike::serve

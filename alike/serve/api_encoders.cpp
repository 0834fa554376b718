// Encoders and their layers.
#include <algorithm>

#include "alike/actions/encoders.h"
#include "alike/encode/run/encoder.h"
#include "alike/serve/api.h"

namespace alike::serve {
namespace {

json::object to_json(const encode::Package& package) {
  const auto layer = std::ranges::find(package.layers, package.default_layer, &encode::Layer::name);
  json::object text{{"name", package.name},
                    {"title", package.title},
                    {"licence", package.licence},
                    {"installed", true},
                    {"input", package.input.framing.size},
                    {"trained_on", package.trained_on}};
  if (layer != package.layers.end()) text["width"] = layer->channels;
  return text;
}

Response list(const Call&) {
  json::array all;
  const auto encoders = actions::list_encoders();
  for (const auto& package : encoders.installed) all.push_back(to_json(package));
  for (const auto& known : encoders.available) {
    all.push_back(json::object{{"name", known.name},
                               {"title", known.title},
                               {"licence", known.licence},
                               {"installed", false}});
  }
  for (const auto& damaged : encoders.damaged) {
    all.push_back(json::object{{"name", json_text(damaged.name)},
                               {"title", json_text(damaged.name)},
                               {"installed", false},
                               {"problem", json_text(damaged.reason)}});
  }
  return json_content(json::object{{"encoders", std::move(all)}});
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
  json::array all;
  for (const auto& layer : package.layers) {
    all.push_back(json::object{{"name", layer.name},
                               {"tensor", layer.tensor},
                               {"channels", layer.channels},
                               {"side", layer.height > 1 ? layer.height : 0},
                               {"is_default", layer.name == package.default_layer},
                               {"cost", layer.cost}});
  }
  return json_content(json::object{{"encoder", to_json(package)}, {"layers", std::move(all)}});
}

}  // namespace

void add_encoder_routes(Router& router, Api&) {
  router.add({"GET", "/v1/encoders", list, Lane::light});
  router.add({"GET", "/v1/encoders/{e}/layers", layers, Lane::light});
}

}  // namespace alike::serve

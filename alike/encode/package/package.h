// Encoder packages: a folder with model.onnx, encoder.json and, for classifiers, labels.txt.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "alike/image/resize.h"

namespace alike::encode {

/// A tensor of the network that can serve as an embedding.
struct Layer {
  std::string name;    ///< Short, unique in the package, such as "block3" or "pooled".
  std::string tensor;  ///< Name in the ONNX graph.
  int channels = 0;
  int height = 1;  ///< 1 for a flat layer.
  int width = 1;
  double cost = 1;  ///< Share of the multiply-adds of the whole network up to here, [0, 1].
};

/// How pixels enter the network: ((value − mean) / scale) on 0…255 values, channel by channel.
struct Input {
  image::Framing framing;
  std::array<float, 3> mean{0, 0, 0};
  std::array<float, 3> scale{1, 1, 1};
  bool bgr = false;  ///< Channel order blue, green, red.
};

/// An encoder as it lies on disk.
struct Package {
  std::string name;  ///< Folder name: lower case letters, digits, '-', '_', '.'.
  std::string title;
  std::string licence;
  std::string source;  ///< Where the weights come from.
  std::string trained_on;
  std::string sha256;  ///< Of model.onnx, hexadecimal; checked before the model is parsed.
  Input input;
  std::vector<Layer> layers;     ///< The named ones, in graph order.
  std::string default_layer;     ///< One of `layers`.
  std::string bfloat16_after;    ///< Layer after which bfloat16 suffices; empty: nowhere.
  std::string logits_tensor;     ///< Empty when the network does not classify.
  std::filesystem::path folder;  ///< Where it lies; not stored.
};

/// `ALIKE_HOME`, or else the XDG data folder plus "alike".
std::filesystem::path home();
/// Where downloads are kept: `ALIKE_CACHE`, or else the XDG cache folder plus "alike".
std::filesystem::path download_cache();

/// All packages under `home()/models`, by name; damaged ones are left out.
std::vector<Package> list_packages();

/// A folder among the packages with an unreadable encoder.json.
struct DamagedPackage {
  std::string name;
  std::string reason;  ///< As `load_package` says it.
};
/// Those that `list_packages` leaves out, by name.
std::vector<DamagedPackage> damaged_packages();
/// The package called `name`, or the folder `name` when it is a path. Throws `not_found` with the
/// nearest names and how to get one, `corrupt` naming file and member.
Package load_package(const std::string& name);
/// Throws `invalid_argument` when `name` cannot name a package.
void check_package_name(const std::string& name);
/// Writes encoder.json into `package.folder`, whole or not at all.
void save_package(const Package& package);

}  // namespace alike::encode

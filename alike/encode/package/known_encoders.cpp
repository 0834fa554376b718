#include "alike/encode/package/known_encoders.h"

#include <algorithm>

#include "alike/encode/package/known_models.h"

namespace alike::encode {
namespace {

constexpr const char* kWhat = "manifest";

}  // namespace

KnownEncoder known_encoder_from(const json::value& manifest) {
  const auto read = [&](const char* key) { return text_member(manifest, key, kWhat); };
  return {read("name"), read("title"), read("licence"), read("requirement"),
          read("weights_sha256")};
}

std::vector<KnownEncoder> known_encoders() {
  std::vector<KnownEncoder> encoders;
  for (const auto text : known_models()) {
    encoders.push_back(known_encoder_from(parse_json(text, kWhat)));
  }
  std::ranges::sort(encoders, {}, &KnownEncoder::name);
  return encoders;
}

}  // namespace alike::encode

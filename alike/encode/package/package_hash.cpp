#include "alike/encode/package/package_hash.h"

#include <iomanip>
#include <sstream>

#include "alike/encode/package/sha256.h"

namespace alike::encode {

std::string package_hash(const Package& package, const std::string& layer) {
  std::string tensor = layer;
  for (const auto& named : package.layers) {
    if (named.name == layer) tensor = named.tensor;
  }
  const Input& input = package.input;
  std::ostringstream text;
  text.imbue(std::locale::classic());
  text << std::hexfloat << "1\n" << package.sha256 << '\n' << input.framing.size << '\n';
  text << input.framing.crop_fraction << '\n' << image::name_of(input.framing.interpolation);
  for (const auto& channels : {input.mean, input.scale}) {
    text << '\n';
    for (const float value : channels) text << value << ' ';
  }
  text << '\n' << input.bgr << '\n' << std::quoted(tensor) << '\n';
  text << std::quoted(package.bfloat16_after);
  const std::string bytes = text.str();
  return sha256(std::as_bytes(std::span(bytes)));
}

}  // namespace alike::encode

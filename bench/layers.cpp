// bench_layers ENCODER PICTURES ROUNDS [LAYER…]: pictures per second of each layer on ready pixels,
// one stream; the layers are measured in turn, the median round counts. Prints JSON.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/encode/run/encoder.h"

namespace {

double seconds(const alike::encode::Encoder& encoder, const alike::image::Image& image, int times) {
  std::vector<float> row(encoder.width());
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) encoder.embed(image, row);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return taken.count();
}

}  // namespace

int main(int count, char** arguments) {
  try {
    const auto package = alike::encode::load_package(arguments[1]);
    const int pictures = std::atoi(arguments[2]);
    const int rounds = std::atoi(arguments[3]);
    std::vector<std::string> names(arguments + 4, arguments + count);
    if (names.empty()) {
      for (const auto& layer : package.layers) names.push_back(layer.name);
    }
    alike::image::Image image{package.input.framing.size, package.input.framing.size, {}};
    image.rgb.resize(std::size_t{3} * static_cast<std::size_t>(image.width * image.height));
    alike::Random random(1);
    for (auto& value : image.rgb) value = static_cast<std::uint8_t>(random.below(256));

    std::vector<alike::encode::Encoder> encoders;
    for (const auto& name : names)
      encoders.emplace_back(package, alike::encode::EncoderOptions{.layer = name});
    std::vector<std::vector<double>> taken(names.size());
    for (int round = 0; round < rounds; ++round) {
      for (std::size_t i = 0; i < names.size(); ++i)
        taken[i].push_back(seconds(encoders[i], image, pictures));
    }
    std::printf("[");
    for (std::size_t i = 0; i < names.size(); ++i) {
      std::nth_element(taken[i].begin(), taken[i].begin() + rounds / 2, taken[i].end());
      std::printf(
          "%s\n  {\"layer\": \"%s\", \"cost\": %.4f, \"width\": %zu, \"images_per_second\": %.2f}",
          i == 0 ? "" : ",", names[i].c_str(), encoders[i].layer().cost, encoders[i].width(),
          pictures / taken[i][static_cast<std::size_t>(rounds / 2)]);
    }
    std::printf("\n]\n");
  } catch (const alike::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}

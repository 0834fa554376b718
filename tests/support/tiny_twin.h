// The tiny network once more, written as loops: the reference for tests of encoders.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "alike/encode/run/encoder.h"
#include "tests/support/tiny_onnx.h"

namespace alike::test {

/// A (channels, side, side) map, computed the obvious way.
struct Map {
  int channels = 0;
  int side = 0;
  std::vector<float> values;

  double at(int c, int y, int x) const {
    if (y < 0 || x < 0 || y >= side || x >= side) return 0;
    return values.at(static_cast<std::size_t>((c * side + y) * side + x));
  }
};

/// A convolution of 3 × 3, stride 2, padding 1.
inline Map convolve(const Map& in, const std::vector<float>& weight,
                    const std::vector<float>& bias) {
  Map out{static_cast<int>(bias.size()), in.side / 2, {}};
  for (int o = 0; o < out.channels; ++o) {
    for (int y = 0; y < out.side; ++y) {
      for (int x = 0; x < out.side; ++x) {
        double sum = bias[static_cast<std::size_t>(o)];
        for (int c = 0; c < in.channels; ++c) {
          for (int ky = 0; ky < 3; ++ky) {
            for (int kx = 0; kx < 3; ++kx) {
              const int index = ((o * in.channels + c) * 3 + ky) * 3 + kx;
              sum += double{weight[static_cast<std::size_t>(index)]} *
                     in.at(c, 2 * y - 1 + ky, 2 * x - 1 + kx);
            }
          }
        }
        out.values.push_back(static_cast<float>(sum));
      }
    }
  }
  return out;
}

inline Map relu(Map map) {
  for (auto& value : map.values) value = std::max(value, 0.0F);
  return map;
}

/// One row of a map, in double precision.
inline std::vector<float> pool(const Map& map, encode::Pooling pooling) {
  if (pooling == encode::Pooling::none) return map.values;
  std::vector<float> row;
  const int positions = map.side * map.side;
  for (int c = 0; c < map.channels; ++c) {
    double sum = 0;
    double cubes = 0;
    double most = -1e30;
    for (int i = 0; i < positions; ++i) {
      const double value = map.values[static_cast<std::size_t>(c * positions + i)];
      sum += value;
      cubes += std::pow(std::max(value, 1e-6), 3);
      most = std::max(most, value);
    }
    const double gem = std::cbrt(cubes / positions);
    const double mean = sum / positions;
    row.push_back(static_cast<float>(pooling == encode::Pooling::avg   ? mean
                                     : pooling == encode::Pooling::max ? most
                                                                       : gem));
  }
  return row;
}

/// Every tensor of the tiny network by name; flat ones have side 1.
inline std::map<std::string, Map> twin(const encode::Package& package, const image::Image& picture,
                                       std::uint64_t seed = 1) {
  const TinyNetwork network(seed);
  Map in{3, TinyNetwork::kSize, {}};
  for (std::size_t c = 0; c < 3; ++c) {
    const std::size_t source = package.input.bgr ? 2 - c : c;
    for (std::size_t i = 0; i < picture.rgb.size() / 3; ++i) {
      in.values.push_back(
          (static_cast<float>(picture.rgb[3 * i + source]) - package.input.mean.at(c)) /
          package.input.scale.at(c));
    }
  }
  std::map<std::string, Map> tensors;
  tensors["conv1"] = convolve(in, network.weight1, network.bias1);
  tensors["relu1"] = relu(tensors["conv1"]);
  tensors["conv2"] = convolve(tensors["relu1"], network.weight2, network.bias2);
  tensors["relu2"] = relu(tensors["conv2"]);
  tensors["pooled"] = {8, 1, pool(tensors["relu2"], encode::Pooling::avg)};
  tensors["gap"] = tensors["pooled"];
  Map logits{5, 1, network.bias3};
  for (std::size_t o = 0; o < 5; ++o) {
    for (std::size_t i = 0; i < 8; ++i) {
      logits.values[o] += network.weight3[o * 8 + i] * tensors["pooled"].values[i];
    }
  }
  tensors["logits"] = logits;
  return tensors;
}

}  // namespace alike::test

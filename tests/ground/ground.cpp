// The ground of learning: this program links base, image, encode/package, index and measure, and
// neither OpenVINO nor SQLite.
//   ground PACKAGE_FOLDER PICTURE HEADED.onnx
// Writes the package's network with a new head of three numbers on its default layer, and prints as
// JSON the results for the picture, augmented, and for rows in three crowds.
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/math/normal.h"
#include "alike/encode/package/onnx_builder.h"
#include "alike/encode/package/package_model.h"
#include "alike/image/augment/augmentation.h"
#include "alike/image/decode.h"
#include "alike/index/live/live_index.h"
#include "alike/measure/learners/kmeans.h"
#include "alike/measure/retrieval.h"

namespace {

using namespace alike;

void write_headed(const encode::Package& package, const std::string& file) {
  const encode::Layer* from = nullptr;
  for (const auto& layer : package.layers) {
    if (layer.name == package.default_layer) from = &layer;
  }
  if (from == nullptr || from->height * from->width != 1) {
    throw Error(ErrorCode::unsupported, "the default layer is not flat");
  }
  std::vector<float> weights;  // 1, 2, 3 … in rows of the layer's width
  for (int i = 0; i < 3 * from->channels; ++i) weights.push_back(static_cast<float>(i + 1));
  encode::OnnxBuilder network(encode::read_safe_model(package));
  network.constant("head.weight", {3, from->channels}, weights);
  network.add("Gemm", {from->tensor, "head.weight"}, "head", {{"transB", 1}});
  network.output("head", {3});
  replace_file(file, bytes_of(network.bytes()));
}

/// Three crowds of fifty rows each.
void make_crowds(Matrix& rows, std::vector<int>& labels) {
  Random random(1);
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    labels.push_back(static_cast<int>(r % 3));
    for (std::size_t i = 0; i < rows.width(); ++i) {
      rows.row(r)[i] = static_cast<float>((i == r % 3 ? 10 : 0) + near_normal(random));
    }
  }
}

}  // namespace

int main(int count, char** words) try {
  if (count != 4) throw Error(ErrorCode::invalid_argument, "usage: ground PACKAGE PICTURE OUT");
  write_headed(encode::load_package(words[1]), words[3]);
  const auto picture = image::decode(read_file(words[2], image::kMaxFileBytes));
  const auto changed = image::augment(picture, image::simclr_augmentation(32), 32, 1);
  Matrix rows(150, 8);
  std::vector<int> labels;
  make_crowds(rows, labels);
  const auto crowds = measure::k_means(rows, {.clusters = 3});
  const auto found = measure::measure_retrieval(rows, labels, {.metric = index::Metric::l2});
  double map_at_r = 0;
  for (const auto& each : found.measures) {
    if (each.name == "map@r") map_at_r = each.value;
  }
  std::printf("{\"augmented\": \"%016llx\", \"inertia\": %.6f, \"map@r\": %.6f}\n",
              static_cast<unsigned long long>(checksum(std::as_bytes(std::span(changed.rgb)))),
              crowds.inertia, map_at_r);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "ground: %s\n", error.what());
  return 1;
}

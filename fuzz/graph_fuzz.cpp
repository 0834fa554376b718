// An untrusted graph file. The caller checksums graphs, not their reader,
// so that every change reaches the reader.
#include <cmath>

#include "alike/base/error.h"
#include "alike/base/random.h"
#include "alike/index/graph/graph_file.h"
#include "alike/index/graph/graph_index.h"
#include "fuzz/support.h"

namespace {

using namespace alike;

constexpr std::size_t kRows = 150, kWidth = 70;

class Rows final : public index::RowSource {
 public:
  Rows(std::size_t rows, std::size_t width) : width_(width), values_(rows * width), ids_(rows) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      values_[i] = static_cast<float>(random_bits(1, i) % 100);
    }
    for (std::size_t i = 0; i < rows; ++i) ids_[i] = static_cast<std::int64_t>(i);
  }
  std::size_t width() const override { return width_; }
  std::size_t block_count() const override { return 1; }
  index::RowBlock block(std::size_t) const override {
    return {ids_.data(), values_.data(), ids_.size(), nullptr};
  }

 private:
  std::size_t width_;
  std::vector<float> values_;
  std::vector<std::int64_t> ids_;
};

std::string made(index::Metric metric, std::size_t stride) {
  return fuzz::seed_of(index::bytes_of(index::make_graph(
      Rows(kRows, kWidth), metric, {.stride = stride, .degree = 6, .beam = 12}, 1)));
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  fuzz::plant(count, arguments,
              {made(index::Metric::l2, 64), made(index::Metric::inner_product, 128)});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto copy = std::make_shared<index::AlignedBytes>(data, data + size);
  try {
    const auto graph = std::make_shared<const index::Graph>(
        index::graph_from(std::as_bytes(std::span(*copy)), copy));
    const std::size_t nodes = graph->links.nodes, width = graph->reduction.width();
    if (nodes == 0 || nodes * width > 1 << 16) return 0;
    const auto rows = std::make_shared<const Rows>(nodes, width);
    const index::GraphIndex index(rows, graph, nullptr);
    const std::vector<float> query(width, 1);
    for (const std::size_t beam : {10, 40}) {
      index.search_batch_without({query.data(), 1, width}, {}, {.k = 5, .beam = beam});
      index::Walk walk;
      walk.run(graph->view(), graph->reduction.queries({query.data(), 1, width}).front(), beam);
      if (walk.found().size() > beam) std::abort();
    }
    if (fuzz::seed_of(index::bytes_of(*graph)).size() != size) std::abort();
  } catch (const Error&) {
  }
  return 0;
}

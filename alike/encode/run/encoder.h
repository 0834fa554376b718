// Pixels → embeddings by one layer of a pretrained network. OpenVINO does the arithmetic.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "alike/base/matrix.h"
#include "alike/encode/package/package.h"

namespace alike::encode {

/// How a (channels, height, width) map becomes one row.
enum class Pooling {
  none,  ///< Flattened in channel, row, column order.
  avg,   ///< Mean over the positions.
  max,   ///< Largest over the positions.
  gem,   ///< Generalised mean, exponent 3: (mean of max(x, 1e-6)³)^(1/3), Radenović et al.
         ///< 1711.02512.
};

/// As --pooling takes it.
std::string_view name_of(Pooling pooling) noexcept;
Pooling pooling_from(std::string_view name);  ///< Throws `invalid_argument` listing the names.

/// Where a network is cut and how it is run.
struct EncoderOptions {
  /// A short layer name of the package, or the name of any tensor of its graph; empty for the
  /// package's default.
  std::string layer;
  /// Ignored for a flat layer.
  Pooling pooling = Pooling::avg;
  /// Pictures encoded at the same time, each on one processor. At least 1.
  int streams = 1;
};

/// A compiled network cut at a layer. `embed` may be called from any number of threads; up to
/// `streams` of them make progress at once.
class Encoder {
 public:
  /// Checks the model's hash, cuts and compiles it (from the cache in `home()/cache` when it was
  /// compiled before). Throws `not_found` for an unknown layer with the nearest names, `corrupt`.
  Encoder(const Package& package, const EncoderOptions& options);
  Encoder(Encoder&&) noexcept;
  Encoder& operator=(Encoder&&) noexcept;
  ~Encoder();

  /// The package given.
  const Package& package() const;
  /// The layer, with its true size.
  const Layer& layer() const;
  /// Numbers in one embedding.
  std::size_t width() const;
  /// Writes the raw embedding of one picture, not normalised, into `row` (width). The picture must
  /// have the package's input size.
  void embed(const image::Image& pixels, std::span<float> row) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Every tensor of the graph that depends on the picture, in graph order, with sizes and cost.
std::vector<Layer> all_layers(const Package& package);

/// Fills in the sizes and costs of the package's layers from the network; their names and tensors
/// are set. Throws `not_found` for a missing tensor, `unsupported`.
void measure_layers(Package& package);

}  // namespace alike::encode

// The options that describe a space: which encoder, layer, pooling, transform and index.
#pragma once

#include <memory>
#include <string>

#include "alike/collection/ingest/ingest.h"

namespace CLI {
class App;
}

namespace alike::cli {

struct SpaceOptions {
  std::string space;
  std::string encoder;
  std::string layer;
  std::string pooling;
  std::size_t pca = 0;
  bool whiten = false;
  std::string index;  ///< A chain as `--index` takes it, such as "pca128,graph".

  /// Adds --encoder, --layer and --pooling to a verb.
  void add_encoder_to(CLI::App& verb);
  /// Adds all of them.
  void add_to(CLI::App& verb);
  /// Adds --index.
  void add_index_to(CLI::App& verb);
  /// Throws `invalid_argument` where --index and --pca do not go together.
  collection::IngestOptions ingest_options() const;
  encode::EncoderOptions encoder_options(int threads) const;
};

/// Adds --index to a verb that takes rows as they are.
void add_index_kind_to(CLI::App& verb, std::string& kind);

}  // namespace alike::cli

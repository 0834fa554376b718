// The options that describe a space: which encoder, layer, pooling, transform and index.
#pragma once

#include <string>

#include "alike/cli/verb.h"
#include "alike/collection/ingest/ingest.h"

namespace alike::cli {

struct SpaceOptions {
  std::string space;
  std::string encoder;
  std::string layer;
  std::string pooling;
  std::size_t pca = 0;
  bool whiten = false;
  std::string index;  ///< A chain as `--index` takes it, such as "pca128,graph".

  /// --encoder, --layer and --pooling; their values go here.
  std::vector<Option> encoder_choice();
  /// Those, and --space, --pca, --whiten and --index.
  std::vector<Option> space_choice();
  /// Throws `invalid_argument` where --index and --pca do not go together.
  collection::IngestOptions ingest_options() const;
  encode::EncoderOptions encoder_options(int threads) const;
};

/// --index for rows made elsewhere; its value, as `collection::index_chain_from` reads it, goes to
/// `chain`.
Option index_chain_option(std::string& chain);

}  // namespace alike::cli

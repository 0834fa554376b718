#include "alike/cli/space_options.h"

#include <CLI/CLI.hpp>

#include "alike/cli/options.h"

namespace alike::cli {

void SpaceOptions::add_encoder_to(CLI::App& verb) {
  verb.add_option("--encoder", encoder, "Encoder package; 'alike models' lists them")
      ->type_name("ENCODER");
  verb.add_option("--layer", layer, "Layer, or any tensor of its graph; 'alike layers' lists them")
      ->type_name("LAYER");
  one_of(verb.add_option("--pooling", pooling, "How a map becomes one row"),
         {"none", "avg", "max", "gem"});
}

void SpaceOptions::add_to(CLI::App& verb) {
  add_encoder_to(verb);
  verb.add_option("--space", space, "Name of the space; otherwise made of the other options")
      ->type_name("SPACE");
  verb.add_option("--pca", pca, "Reduce a new space to so many dimensions")
      ->type_name("N")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 20).description(""));
  verb.add_flag("--whiten", whiten, "Divide each of them by its standard deviation")
      ->needs(verb.get_option("--pca"));
}

void add_index_kind_to(CLI::App& verb, std::string& kind) {
  one_of(verb.add_option(
             "--index", kind,
             "How the space is searched from now on: flat reads every row, coded reads "
             "small codes first, both are exact; graph follows links and finds nearly all; auto "
             "chooses graph from " +
                 std::to_string(collection::kGraphRows) +
                 " rows on, coded where there are many wide rows (" +
                 std::to_string(collection::kCodedRows) + " of " +
                 std::to_string(collection::kCodedWidth) + " numbers)"),
         {"auto", "flat", "coded", "graph"});
}

collection::IngestOptions SpaceOptions::ingest_options() const {
  collection::IngestOptions options;
  options.space = space;
  options.encoder = encoder;
  options.layer = layer;
  if (!pooling.empty()) options.pooling = encode::pooling_from(pooling);
  if (pca > 0) options.pca = encode::PcaOptions{pca, whiten};
  return options;
}

encode::EncoderOptions SpaceOptions::encoder_options(int threads) const {
  encode::EncoderOptions options;
  options.layer = layer;
  if (!pooling.empty()) options.pooling = encode::pooling_from(pooling);
  options.streams = threads;
  return options;
}

}  // namespace alike::cli

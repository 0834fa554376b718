#include "alike/cli/space_options.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/human.h"

namespace alike::cli {
namespace {

constexpr std::size_t kMostDimensions = std::size_t{1} << 20;

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const auto kind : collection::kIndexKinds) names.emplace_back(name_of(kind));
  return names;
}

std::string index_description() {
  return "How the space is searched from now on: flat reads every row, coded reads small codes "
         "first (coded4 and coded8 larger ones, of 4 and 8 bits a number, where one bit leaves too "
         "many rows to read), all are exact; graph follows links and finds nearly all; auto "
         "chooses graph from " +
         std::to_string(collection::kGraphRows) +
         " rows on, coded where there are many wide rows (" +
         std::to_string(collection::kCodedRows) + " of " + std::to_string(collection::kCodedWidth) +
         " numbers)";
}

std::string chain_check(const std::string& value) {
  try {
    collection::index_chain_from(value);
    return "";
  } catch (const Error& error) {
    return printable(error.what());
  }
}

}  // namespace

std::vector<Option> SpaceOptions::encoder_choice() {
  return {Option("--encoder", &encoder, "ENCODER", "Encoder package; 'alike models' lists them"),
          Option("--layer", &layer, "LAYER",
                 "Layer, or any tensor of its graph; 'alike layers' lists them"),
          Option("--pooling", &pooling, one_of({"none", "avg", "max", "gem"}),
                 "How a map becomes one row")};
}

std::vector<Option> SpaceOptions::space_choice() {
  return joined({encoder_choice(),
                 {Option("--space", &space, "SPACE",
                         "Name of the space; otherwise made of the other options"),
                  Option("--pca", &pca, "N", "Reduce a new space to so many dimensions",
                         {.range = Range{1, kMostDimensions}}),
                  Option("--whiten", &whiten, "Divide each of them by its standard deviation",
                         {.needs = {"--pca"}}),
                  Option("--index", &index, one_of(kind_names()),
                         index_description() + "; pcaN, before it is --pca N: pca128,graph",
                         {.checks = {chain_check}})}});
}

Option index_chain_option(std::string& chain) {
  return {"--index",
          &chain,
          one_of(kind_names()),
          index_description() +
              "; pcaN, before it keeps the first N principal components of the "
              "rows: pca128,graph",
          {.checks = {chain_check}}};
}

collection::IngestOptions SpaceOptions::ingest_options() const {
  collection::IngestOptions options;
  options.space = space;
  options.encoder = encoder;
  options.layer = layer;
  if (!pooling.empty()) options.pooling = encode::pooling_from(pooling);
  const auto chain = index.empty() ? collection::IndexChain{} : collection::index_chain_from(index);
  options.index = chain.kind;
  if (pca > 0 && chain.pca > 0 && pca != chain.pca) {
    throw Error(ErrorCode::invalid_argument, "--index " + index + " and --pca " +
                                                 std::to_string(pca) +
                                                 " do not go together; leave one of them out");
  }
  const std::size_t dimensions = std::max(pca, chain.pca);
  if (dimensions > 0) options.pca = encode::PcaOptions{dimensions, whiten};
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

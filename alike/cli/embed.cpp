#include <CLI/CLI.hpp>

#include "alike/actions/embed.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/space_options.h"
#include "alike/collection/ingest/space_embedder.h"
#include "alike/encode/package/known_encoders.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<fs::path> files;
  SpaceOptions space;
  bool raw = false;
  fs::path out;
};

encode::Embedder embedder_for(const Context& context, const Options& options) {
  if (!options.space.space.empty()) {
    const collection::Collection collection(collection_folder(context));
    return collection::embedder_of(collection, collection.space(options.space.space),
                                   context.threads);
  }
  const std::string& named = options.space.encoder;
  const auto package = package_for(context, named.empty() ? encode::kDefaultEncoder : named);
  return {encode::Encoder(package, options.space.encoder_options(context.threads)), std::nullopt,
          !options.raw};
}

void embed(const Context& context, const Options& options) {
  const auto embedder = embedder_for(context, options);
  LongWork work(context, "pictures");
  const auto skip = [&](const collection::Skipped& file) {
    work.clear();
    tell(context, "skipped " + printable(file.path) + ": " + printable(file.reason));
  };
  const auto report = actions::embed_files(embedder, options.files, options.out, context.threads,
                                           work.watcher(), skip);
  work.clear();
  say(context, counted(report.taken, "picture") + ", " + human_count(report.width) +
                   " numbers each, in " + human_duration(report.seconds) + ", " +
                   human_count(static_cast<std::uint64_t>(report.per_second())) + " pictures/s\n");
  answer(context, actions::to_json(report));
}

}  // namespace

void add_embed(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("embed", "Write the embeddings of pictures to a .npy");
  verb->add_option("FILE", options->files, "Pictures, or folders of them")
      ->type_name("FILE")
      ->required()
      ->check(existing_path());
  options->space.add_encoder_to(*verb);
  CLI::Option* raw =
      verb->add_flag("--raw", options->raw, "As the network gives them, not scaled to length 1");
  CLI::Option* space =
      verb->add_option("--space", options->space.space,
                       "As the rows of this space of the collection are made, its PCA too")
          ->type_name("SPACE")
          ->excludes(raw);
  for (const char* other : {"--encoder", "--layer", "--pooling"}) {
    space->excludes(verb->get_option(other));
  }
  verb->add_option("--out", options->out, "Array to write; the paths go beside it, as X.paths")
      ->type_name("FILE.npy")
      ->required();
  verb->footer(R"(Examples:
  alike embed *.jpg --encoder efficientnet-lite0 --out x.npy
  alike embed ~/Pictures --layer block4 --pooling none --raw --out x.npy
  alike embed query.jpg --space small --out q.npy    and then, in the same collection:
  alike search --vectors q.npy --space small --out ids.npy)");
  verb->callback([&context, options] { embed(context, *options); });
}

}  // namespace alike::cli

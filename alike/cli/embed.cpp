// embed: the embeddings of pictures in an array.
#include "alike/actions/embed.h"

#include <memory>
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/space_options.h"
#include "alike/cli/verb.h"
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

Verb embed_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {.name = "embed",
          .about = "Write the embeddings of pictures to a .npy",
          .options = joined(
              {{Option("FILE", &options->files, "FILE", "Pictures, or folders of them",
                       {.checks = {existing_path}, .required = true})},
               options->space.encoder_choice(),
               {Option("--raw", &options->raw, "As the network gives them, not scaled to length 1"),
                Option("--space", &options->space.space, "SPACE",
                       "As the rows of this space of the collection are made, its PCA too",
                       {.excludes = {"--raw", "--encoder", "--layer", "--pooling"}}),
                Option("--out", &options->out, "FILE.npy",
                       "Array to write; the paths go beside it, as X.paths", {.required = true})}}),
          .notes = R"(Examples:
  alike embed *.jpg --encoder efficientnet-lite0 --out x.npy
  alike embed ~/Pictures --layer block4 --pooling none --raw --out x.npy
  alike embed query.jpg --space small --out q.npy    and then, in the same collection:
  alike search --vectors q.npy --space small --out ids.npy)",
          .run = [&context, options] { embed(context, *options); }};
}

}  // namespace alike::cli

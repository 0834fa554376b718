#include <chrono>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "alike/base/ordered_work.h"
#include "alike/base/paths.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/space_options.h"
#include "alike/cli/verb.h"
#include "alike/cli/words.h"
#include "alike/collection/ingest/scan.h"
#include "alike/collection/ingest/space_embedder.h"
#include "alike/encode/package/known_encoders.h"
#include "alike/encode/run/embedding.h"
#include "alike/image/decode.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWindow = 64;

struct Options {
  std::vector<fs::path> files;
  SpaceOptions space;
  bool raw = false;
  fs::path out;
};

/// The row of one file, or why there is none.
struct Outcome {
  std::vector<float> row;
  std::string reason;
};

Outcome embed_one(const encode::Embedder& embedder, const fs::path& file) {
  Outcome outcome;
  try {
    outcome.row.resize(embedder.width());
    embedder.embed(read_file(file, image::kMaxFileBytes), outcome.row);
  } catch (const Error& error) {
    outcome.row.clear();
    outcome.reason = error.what();
  }
  return outcome;
}

/// The files as given; of folders, all pictures below. What cannot be taken is told as skipped.
class Files {
 public:
  Files(const Options& options, const std::stop_token& stop) {
    for (const auto& given : options.files) {
      const fs::path path = given.lexically_normal();
      if (is_folder(path)) {
        add_folder(path, stop);
      } else {
        add(path);
      }
    }
  }
  const std::vector<fs::path>& pictures() const { return pictures_; }
  const std::vector<collection::Skipped>& skipped() const { return skipped_; }

 private:
  void add(const fs::path& file) {
    if (file.native().find('\n') == std::string::npos) {
      pictures_.push_back(file);
    } else {
      skipped_.push_back({file.native(), "its name has a line break, and the paths are lines"});
    }
  }
  void add_folder(const fs::path& folder, const std::stop_token& stop) {
    const auto found = collection::scan(
        folder, folder / ".alike", [](const collection::FoundFile&) { return false; }, stop);
    for (const auto& file : found.pictures) add((folder / file.path).lexically_normal());
    for (const auto& file : found.skipped) {
      skipped_.push_back({(folder / file.path).native(), file.reason});
    }
  }

  std::vector<fs::path> pictures_;
  std::vector<collection::Skipped> skipped_;
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

/// What was taken and what was not.
struct Embedded {
  std::uint64_t taken = 0;
  std::string paths;  ///< A line each.
  json::array skipped;
  double seconds = 0;

  void skip(const Context& context, const std::string& path, const std::string& reason) {
    skipped.push_back(json::object{{"path", json_text(path)}, {"reason", json_text(reason)}});
    tell(context, "skipped " + printable(path) + ": " + printable(reason));
  }
};

/// Embeds all into the array, which is as before when it does not come to the end.
Embedded embed_all(const Context& context, const Options& options,
                   const encode::Embedder& embedder) {
  LongWork work(context, "pictures");
  const Files files(options, work.watcher().stop);
  const auto& pictures = files.pictures();
  Embedded result;
  for (const auto& file : files.skipped()) result.skip(context, file.path, file.reason);
  NpyWriter writer(options.out, embedder.width());
  const auto start = std::chrono::steady_clock::now();
  OrderedWork<Outcome> outcomes(pictures.size(), kWindow, context.threads,
                                [&](std::size_t i) { return embed_one(embedder, pictures[i]); });
  for (std::size_t i = 0; i < pictures.size();) {
    if (work.watcher().stop.stop_requested()) {
      throw Error(ErrorCode::interrupted,
                  "stopped; '" + options.out.native() + "' was not written");
    }
    const auto outcome = outcomes.take(std::chrono::milliseconds(100));
    if (!outcome) continue;
    if (outcome->row.empty()) {
      work.clear();
      result.skip(context, pictures[i].native(), outcome->reason);
    } else {
      writer.append(outcome->row);
      result.paths += pictures[i].native() + "\n";
      ++result.taken;
    }
    work.watcher().tell({++i, pictures.size(), result.skipped.size()});
  }
  if (result.taken == 0) throw Error(ErrorCode::invalid_argument, "none of the files is a picture");
  writer.finish();
  replace_file(fs::path(options.out).replace_extension(".paths"), result.paths);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  result.seconds = seconds.count();
  return result;
}

void embed(const Context& context, const Options& options) {
  const auto embedder = embedder_for(context, options);
  Embedded done = embed_all(context, options, embedder);
  const double rate = static_cast<double>(done.taken) / done.seconds;
  say(context, counted(done.taken, "picture") + ", " + human_count(embedder.width()) +
                   " numbers each, in " + human_duration(done.seconds) + ", " +
                   human_count(static_cast<std::uint64_t>(rate)) + " pictures/s\n");
  answer(context, json::object{{"n", done.taken},
                               {"width", embedder.width()},
                               {"seconds", done.seconds},
                               {"images_per_second", rate},
                               {"encoder", embedder.encoder().package().name},
                               {"layer", embedder.encoder().layer().name},
                               {"skipped", std::move(done.skipped)}});
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

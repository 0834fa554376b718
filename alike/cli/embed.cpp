#include <CLI/CLI.hpp>
#include <chrono>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "alike/cli/context.h"
#include "alike/cli/space_options.h"
#include "alike/cli/words.h"
#include "alike/collection/ordered_work.h"
#include "alike/collection/scan.h"
#include "alike/encode/embedding.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWindow = 64;
constexpr std::uint64_t kLargestFile = std::uint64_t{1} << 30;

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
    embedder.embed(read_file(file, kLargestFile), outcome.row);
  } catch (const Error& error) {
    outcome.row.clear();
    outcome.reason = error.what();
  }
  return outcome;
}

/// The files as given; of folders, all pictures below.
std::vector<fs::path> all_files(const Options& options, const std::stop_token& stop) {
  std::vector<fs::path> files;
  for (const auto& path : options.files) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    const auto found = collection::scan(
        path, path / ".alike", [](const collection::FoundFile&) { return false; }, stop);
    for (const auto& file : found.pictures) files.push_back(path / file.path);
  }
  return files;
}

void embed(const Context& context, const Options& options) {
  const auto package =
      package_for(context, options.space.encoder.empty() ? kDefaultEncoder : options.space.encoder);
  const encode::Embedder embedder(
      encode::Encoder(package, options.space.encoder_options(context.threads)), std::nullopt,
      !options.raw);
  LongWork work(context, "pictures");
  const auto files = all_files(options, work.watcher().stop);
  NpyWriter writer(options.out, embedder.width());

  const auto start = std::chrono::steady_clock::now();
  collection::OrderedWork<Outcome> outcomes(
      files.size(), kWindow, context.threads,
      [&](std::size_t i) { return embed_one(embedder, files[i]); });
  std::string paths;
  json::array skipped;
  std::uint64_t taken = 0;
  for (std::size_t i = 0; i < files.size();) {
    if (work.watcher().stop.stop_requested()) {
      throw Error(ErrorCode::interrupted,
                  "stopped; '" + options.out.native() + "' is not complete");
    }
    const auto outcome = outcomes.take(std::chrono::milliseconds(100));
    if (!outcome) continue;
    if (outcome->row.empty()) {
      skipped.push_back(json::object{{"path", json_text(files[i].native())},
                                     {"reason", json_text(outcome->reason)}});
      work.clear();
      tell(context, "skipped " + printable(files[i].native()) + ": " + printable(outcome->reason));
    } else {
      writer.append(outcome->row);
      paths += files[i].native() + "\n";
      ++taken;
    }
    work.watcher().tell({++i, files.size(), skipped.size()});
  }
  if (taken == 0) throw Error(ErrorCode::invalid_argument, "none of the files is a picture");
  writer.finish();
  replace_file(fs::path(options.out).replace_extension(".paths"), paths);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  work.clear();

  const double rate = static_cast<double>(taken) / seconds.count();
  say(context, counted(taken, "picture") + ", " + std::to_string(embedder.width()) +
                   " numbers each, in " + human_duration(seconds.count()) + ", " +
                   human_count(static_cast<std::uint64_t>(rate)) + " pictures/s\n");
  answer(context, json::object{{"n", taken},
                               {"width", embedder.width()},
                               {"seconds", seconds.count()},
                               {"images_per_second", rate},
                               {"encoder", package.name},
                               {"layer", embedder.encoder().layer().name},
                               {"skipped", std::move(skipped)}});
}

}  // namespace

void add_embed(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("embed", "Write the embeddings of pictures to a .npy");
  verb->add_option("FILE", options->files, "Pictures, or folders of them")
      ->required()
      ->check(CLI::ExistingPath);
  options->space.add_encoder_to(*verb);
  verb->add_flag("--raw", options->raw, "As the network gives them, not scaled to length 1");
  verb->add_option("--out", options->out, "Array to write; the paths go beside it, as X.paths")
      ->type_name("X.npy")
      ->required();
  verb->callback([&context, options] { embed(context, *options); });
}

}  // namespace alike::cli

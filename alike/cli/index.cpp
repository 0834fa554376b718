// index: a collection brought up to date with its folder.
#include "alike/actions/index.h"

#include <algorithm>
#include <memory>
#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/isolation.h"
#include "alike/cli/options.h"
#include "alike/cli/space_options.h"
#include "alike/cli/verb.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path pictures;
  SpaceOptions space;
  bool watch = false;
  bool allow_empty = false;
  bool reread = false;
  std::vector<std::string> exclude;
  std::vector<std::string> include;
  bool isolate = false;
};

/// The collection of a folder of pictures, made when there is none and the encoder is there.
collection::Collection target_of(const Context& context, const Options& options,
                                 collection::IngestOptions& ingest) {
  const auto found = find_collection(context, options.pictures.empty() ? "." : options.pictures);
  auto target = actions::index_target(
      found, options.pictures, ingest,
      [&](const std::string& encoder) { return package_for(context, encoder); });
  const auto pictures = printable(target.collection.pictures().native());
  if (target.moved) say(context, "The pictures have moved to '" + pictures + "'.\n");
  return std::move(target.collection);
}

/// Which other spaces have fewer pictures than there are now.
std::string lagging(const Context& context, const collection::Collection& collection) {
  std::string text;
  for (const auto& space : collection.spaces()) {
    if (space.behind == 0 || space.encoder.empty()) continue;
    text += "space " + space.name + " is " + counted(space.behind, "picture") +
            " behind: " + command(context, {"index", {"--space", space.name}, {}}) + "\n";
  }
  return text;
}

/// The outcome of --index; "" where it was not given.
std::string index_sentence(const Options& options, const collection::Collection& collection,
                           const collection::IngestSummary& summary) {
  if (options.space.index.empty()) return "";
  const auto spaces = collection.spaces();
  if (std::ranges::count(spaces, summary.space, &collection::Space::name) == 0) {
    return "index " + options.space.index + ": there is no space yet that could have one\n";
  }
  const auto kind = std::string(collection::name_of(collection.index(summary.space).kind));
  std::string done = "there was nothing to do";
  if (summary.index.removed > 0) done = counted(summary.index.removed, "file") + " removed";
  if (summary.index.made > 0) done = "codes of " + counted(summary.index.made, "row") + " made";
  if (summary.index.linked > 0) done = counted(summary.index.linked, "row") + " linked";
  return "index " + options.space.index + ": " + done + "; " + kind + " answers\n";
}

std::string sentence(const Context& context, const collection::IngestSummary& summary) {
  const std::uint64_t pictures = summary.added + summary.updated + summary.unchanged;
  std::string text = counted(pictures, "picture") + " in space " + summary.space + ": " +
                     human_count(summary.added) + " added, " + human_count(summary.updated) +
                     " updated, " + human_count(summary.removed) + " removed, " +
                     human_count(summary.unchanged) + " unchanged";
  if (summary.embedded > 0) {
    text += ", " + human_count(summary.embedded) + " embedded; " + human_duration(summary.seconds) +
            ", " + human_count(static_cast<std::uint64_t>(summary.images_per_second)) +
            " pictures/s";
  }
  text += '\n';
  constexpr std::size_t kShown = 10;
  for (std::size_t i = 0; i < std::min(kShown, summary.noted.size()); ++i) {
    text += "taken all the same: " + printable(summary.noted[i].path) + ": " +
            summary.noted[i].reason + "\n";
  }
  if (summary.noted.size() > kShown) {
    text += "and " + human_count(summary.noted.size() - kShown) + " more; --json names all\n";
  }
  for (std::size_t i = 0; i < std::min(kShown, summary.skipped.size()); ++i) {
    text += "skipped " + printable(summary.skipped[i].path) + ": " +
            printable(summary.skipped[i].reason) + "\n";
  }
  if (summary.skipped.size() > kShown) {
    text += "and " + human_count(summary.skipped.size() - kShown) + " more skipped; '" +
            command(context, {"status", {"--skipped"}, {}}) + "' lists all\n";
  }
  if (summary.left_out > 0) {
    text += human_count(summary.left_out) + " files and folders left out by name; '" +
            command(context, {"status", {}, {}}) + "' names the patterns\n";
  }
  if (summary.missing > 0) {
    text += counted(summary.missing, "picture") +
            " are not in the folder any more and kept for now, in case their disk is away; '" +
            command(context, {"index", {}, {}}) + "' once more drops them\n";
  }
  if (summary.away > 0) {
    text += counted(summary.away, "picture") + " of disks that are not mounted are kept; '" +
            command(context, {"index", {"--allow-empty"}, {}}) + "' drops them\n";
  }
  if (pictures == 0) return "There are no pictures in this folder.\n" + text;
  return text;
}

void index(Context& context, const Options& options) {
  collection::IngestOptions ingest = options.space.ingest_options();
  ingest.threads = context.threads;
  ingest.allow_empty = options.allow_empty;
  ingest.reread = options.reread;
  ingest.exclude = options.exclude;
  ingest.include = options.include;
  collection::Collection target = target_of(context, options, ingest);
  if (options.isolate) isolate_pictures(context, std::chrono::seconds(60));

  LongWork work(context, "pictures");
  if (!options.watch) {
    const auto summary = collection::ingest(target, ingest, work.watcher());
    work.clear();
    say(context, sentence(context, summary) + index_sentence(options, target, summary) +
                     lagging(context, target));
    answer(context, actions::to_json(summary, target.folder()));
    return;
  }
  try {
    collection::ingest_and_watch(
        target, ingest, work.watcher(), [&](const collection::IngestSummary& summary) {
          work.clear();
          say(context, sentence(context, summary) + index_sentence(options, target, summary) +
                           lagging(context, target));
          answer_line(context, actions::to_json(summary, target.folder()));
        });
  } catch (const Error& error) {
    if (error.code() != ErrorCode::interrupted) throw;
    context.exit_code = kInterrupted;  // how a watch ends; each round has given its answer
  }
}

}  // namespace

Verb index_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {
      .name = "index",
      .about = "Add new and changed pictures, drop vanished ones",
      .options = joined(
          {{Option("DIR", &options->pictures, "DIR",
                   "Folder of pictures; otherwise the current one", {.checks = {existing_folder}})},
           options->space.space_choice(),
           {Option("--watch", &options->watch,
                   "Go on after every change of the folder, until Ctrl-C; with --json a "
                   "line a round"),
            Option("--allow-empty", &options->allow_empty,
                   "Drop pictures however many are gone, also those of a disk that is not "
                   "mounted"),
            Option("--reread", &options->reread,
                   "Compare the content of every picture, also where its times are as before"),
            Option("--exclude", &options->exclude, "GLOB",
                   "Leave out files and folders of this name, or path when it has a slash, from "
                   "now on; may be repeated"),
            Option("--include", &options->include, "GLOB",
                   "Leave them out no longer; 'alike status' names all that are left out"),
            Option("--isolate", &options->isolate,
                   "Decode pictures in processes that can open and reach nothing")}}),
      .notes = R"(Examples:
  alike index ~/Pictures                      make or refresh its collection
  alike index --watch                         go on after every change
  alike index --layer block4 --pooling gem    a second space beside the first
  alike index --index pca128,graph            128 principal components, searched by a graph
  alike index --encoder efficientnet-lite2 --pca 256 --whiten)",
      .run = [&context, options] { index(context, *options); }};
}

}  // namespace alike::cli

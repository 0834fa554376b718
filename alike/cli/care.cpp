// verify, repair, compact, snapshot, restore: care of the files on disk.
#include "alike/actions/care.h"

#include <memory>

#include "alike/base/error.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

/// Says which pictures are not as they were indexed.
void say_differing(const Context& context, const collection::PicturesReport& report) {
  for (const auto& [path, what] : report.differing) {
    say(context, printable(path) + ": " + printable(what) + "\n");
  }
  if (report.differing.empty()) {
    say(context, counted(report.pictures, "picture") + ", " + human_bytes(report.bytes) +
                     ": all as they were indexed\n");
  } else {
    say(context, "'" + command(context, {"index", {"--reread"}, {}}) +
                     "' takes those of another content as they are\n");
  }
}

void verify(Context& context, bool pictures) {
  LongWork work(context, "bytes");
  const auto found = actions::verify(collection_folder(context), pictures, work.watcher());
  work.clear();
  const auto mend = [&](const Remedy& remedy) { return command(context, remedy); };
  const auto& files = found.files;
  for (const auto& place : files.damage) {
    say(context, place.file + ", offset " + std::to_string(place.offset) + ": " + place.what +
                     "; mend it with: " + mend(place.remedy) + "\n");
  }
  if (files.damage.empty()) {
    say(context, "All is well: " + counted(files.items, "item") + ", " +
                     counted(files.rows, "row") + ", " + counted(files.files, "file") + ", " +
                     human_bytes(files.bytes) + "\n");
  }
  if (found.pictures) {
    say_differing(context, *found.pictures);
  } else if (pictures) {
    say(context, "The pictures were not compared: mend the damage first.\n");
  }
  answer(context, actions::to_json(found, mend));
  context.exit_code = found.whole() ? 0 : 1;
}

void repair(const Context& context) {
  LongWork work(context, "segments");
  const auto report = collection::repair(collection_folder(context), work.watcher());
  work.clear();
  const auto sentence = [&](const collection::Mended& mended) {
    return with_remedy(context, mended.what, mended.remedy);
  };
  for (const auto& mended : report.done) say(context, sentence(mended) + "\n");
  if (report.done.empty()) say(context, "There was nothing to mend.\n");
  if (report.rows_lost > 0) {
    say(context, counted(report.rows_lost, "row") + " could not be saved; '" +
                     command(context, {"index", {}, {}}) + "' makes them again\n");
  }
  answer(context, actions::to_json(report, sentence));
}

void compact(const Context& context) {
  LongWork work(context, "segments");
  const auto report = collection::compact(collection_folder(context), work.watcher());
  work.clear();
  say(context,
      human_bytes(report.bytes_before) + " before, " + human_bytes(report.bytes_after) + " now\n");
  answer(context, actions::to_json(report));
}

void snapshot(const Context& context, const fs::path& file) {
  LongWork work(context, "bytes");
  const auto made = actions::snapshot(collection_folder(context), file, work.watcher());
  work.clear();
  say(context, made.file.native() + ", " + human_bytes(made.bytes) + "\n");
  answer(context, actions::to_json(made));
}

void restore(const Context& context, const fs::path& file, const fs::path& pictures) {
  LongWork work(context, "bytes");
  const auto made =
      actions::restore(file, context.collection, pictures.empty() ? "." : pictures, work.watcher());
  work.clear();
  say(context, made.collection.native() + ": " + counted(made.items, "item") + ", " +
                   counted(made.spaces, "space") + "\n");
  answer(context, actions::to_json(made));
}

}  // namespace

Verb verify_verb(Context& context) {
  auto pictures = std::make_shared<bool>(false);
  return {.name = "verify",
          .about = "Read and check every byte of the collection",
          .options = {{"--pictures", pictures.get(),
                       "Also read every picture and compare it with the one that was indexed"}},
          .run = [&context, pictures] { verify(context, *pictures); }};
}

Verb repair_verb(Context& context) {
  return {.name = "repair", .about = "Mend the damage that verify finds", .run = [&context] {
            repair(context);
          }};
}

Verb compact_verb(Context& context) {
  return {.name = "compact", .about = "Give back the space of removed data", .run = [&context] {
            compact(context);
          }};
}

Verb snapshot_verb(Context& context) {
  auto file = std::make_shared<fs::path>();
  return {.name = "snapshot",
          .about = "Write all of the collection into one file",
          .options = {Option("FILE", file.get(), "FILE", "File to make; it must not exist",
                             {.required = true})},
          .notes = "Examples:\n  alike snapshot /backup/pictures.snap",
          .run = [&context, file] { snapshot(context, *file); }};
}

Verb restore_verb(Context& context) {
  auto file = std::make_shared<fs::path>();
  auto pictures = std::make_shared<fs::path>();
  return {.name = "restore",
          .about = "Make a collection from a snapshot",
          .options = {Option("FILE", file.get(), "FILE", "Snapshot",
                             {.checks = {existing_file}, .required = true}),
                      Option("DIR", pictures.get(), "DIR",
                             "Folder the pictures lie in, made when missing; otherwise the "
                             "current one")},
          .notes = "Examples:\n  alike restore /backup/pictures.snap ~/Pictures",
          .run = [&context, file, pictures] { restore(context, *file, *pictures); }};
}

}  // namespace alike::cli

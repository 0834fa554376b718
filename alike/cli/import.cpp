// import: vectors made elsewhere, as a space.
#include "alike/actions/import.h"

#include <memory>

#include "alike/actions/index.h"
#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/space_options.h"
#include "alike/cli/verb.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

/// The target of the import: the existing collection, or a new one in the current folder.
collection::Collection target(const Context& context) {
  return actions::opened_or_created(find_collection(context, ".").value_or(".alike"), ".");
}

void import(const Context& context, const actions::ImportOptions& options) {
  auto files = actions::read_import(options);
  collection::Collection collection = target(context);
  const auto report = actions::import_rows(collection, std::move(files), options);
  if (!report.remark.empty()) tell(context, report.remark);
  if (report.lossy) {
    tell(context, "the rows were decoded from the codes of " + report.kind +
                      ": they are near those that were added to it, not the same");
  }
  say(context, counted(report.added, "row") + " of " + human_count(report.width) +
                   " numbers in space " + report.space + "\n");
  answer(context, actions::to_json(report));
}

}  // namespace

Verb import_verb(Context& context) {
  auto options = std::make_shared<actions::ImportOptions>();
  return {
      .name = "import",
      .about = "Take vectors made elsewhere as a space",
      .options =
          {Option("FILE", &options->vectors, "FILE",
                  ".npy of shape (n, width), or an index file of faiss; row i belongs to item i",
                  {.checks = {existing_file}, .required = true}),
           Option("--paths", &options->paths, "FILE",
                  "Text file with the path of each row's picture, as 'alike embed' writes it",
                  {.checks = {existing_file}}),
           Option("--space", &options->space, "NAME", "Name of the new space", {.required = true}),
           Option("--metric", &options->metric, one_of({"cosine", "ip", "l2"}),
                  "Measure of distance; otherwise that of a faiss file, cosine for a .npy"),
           index_chain_option(options->index)},
      .notes =
          R"(Paths are relative to the folder of pictures or to the current folder, or absolute.

Of faiss, the kinds Flat, IVF-Flat, HNSW-Flat and PQ are read, and IDMap of them, with inner product or L2.
Where such a file holds ids, rows (and the lines of --paths) are in their order. faiss knows no
cosine: say --metric cosine where its rows were of length 1. Rows of PQ are decoded from codes.

Examples:
  alike import x.npy --paths x.paths --space theirs
  alike import x.npy --space theirs --metric l2    row i belongs to item i
  alike import x.faiss --paths x.paths --space theirs --metric cosine)",
      .run = [&context, options] { import(context, *options); }};
}

}  // namespace alike::cli

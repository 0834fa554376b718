#include <algorithm>
#include <sstream>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "alike/base/paths.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/space_options.h"
#include "alike/cli/verb.h"
#include "alike/cli/words.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/view.h"
#include "alike/index/faiss/faiss_file.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path vectors;
  fs::path paths;
  std::string space;
  std::string metric;
  std::string index = "auto";
};

/// What a file holds, whatever it is called.
index::FaissRows rows_of(const fs::path& file) {
  if (index::is_faiss(file)) return index::read_faiss(file);
  return {read_npy(file), {}, index::Metric::cosine, "npy"};
}

/// Where rows are imported to: the collection that is there, or a new one in the current folder.
collection::Collection target(const Context& context) {
  const auto found = find_collection(context, ".");
  if (found && path_exists(*found / "catalog.db")) return collection::Collection(*found);
  return collection::Collection::create(".", found ? *found : fs::path(".alike"));
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream text(read_text(file, std::uint64_t{1} << 32));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

/// A line of the paths as the path of an item: relative to the folder of pictures. It may have been
/// relative to that folder, to the current one, or absolute; either may lead through links.
std::string item_path(const collection::Collection& collection, const collection::View& view,
                      const std::string& line) {
  const fs::path typed = fs::path(line).lexically_normal();
  if (typed.is_relative() && view.item_at(typed.native())) return typed.native();
  const fs::path whole = absolute_path(typed).lexically_normal();
  const fs::path real = likely_path(whole.parent_path()) / whole.filename();
  const fs::path& pictures = collection.pictures();
  for (const auto& inside :
       {real.lexically_relative(likely_path(pictures)), whole.lexically_relative(pictures)}) {
    if (!inside.empty() && *inside.begin() != "..") return inside.native();
  }
  return typed.native();
}

/// Ids of a file say which row is whose only where they are 0, 1, 2, …
void check_ids(const Context& context, const collection::Collection& collection,
               const std::vector<std::int64_t>& ids) {
  std::int64_t next = 0;
  if (std::ranges::all_of(ids, [&](std::int64_t id) { return id == next++; })) return;
  const std::string range = "the ids in the file run from " + std::to_string(ids.front()) + " to " +
                            std::to_string(ids.back());
  if (collection.status().items > 0) {
    throw Error(
        ErrorCode::invalid_argument,
        range + " and are not 0, 1, 2, …; say with --paths which row is whose, in their order");
  }
  tell(context, range + "; the rows are taken as items 0 to " + std::to_string(ids.size() - 1) +
                    " in their order");
}

void import(const Context& context, const Options& options) {
  const index::FaissRows file = rows_of(options.vectors);
  const Matrix& rows = file.rows;
  const auto metric = options.metric.empty() ? file.metric : index::metric_from(options.metric);
  std::vector<std::string> paths;
  if (!options.paths.empty()) paths = lines_of(options.paths);
  collection::Collection collection = target(context);
  if (paths.empty()) check_ids(context, collection, file.ids);
  {
    const collection::View view(collection);
    for (auto& path : paths) path = item_path(collection, view, path);
  }
  const auto added = collection::import_rows(collection, rows, paths, options.space, metric,
                                             collection::index_kind_from(options.index));
  if (file.lossy) {
    tell(context, "the rows were decoded from the codes of " + file.kind +
                      ": they are near those that were added to it, not the same");
  }
  say(context, counted(added, "row") + " of " + human_count(rows.width()) + " numbers in space " +
                   options.space + "\n");
  answer(context, json::object{{"added", added},
                               {"width", rows.width()},
                               {"space", options.space},
                               {"metric", index::name_of(metric)},
                               {"kind", file.kind},
                               {"lossy", file.lossy},
                               {"index", options.index}});
}

}  // namespace

Verb import_verb(Context& context) {
  auto options = std::make_shared<Options>();
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
                  "What near means; otherwise as a faiss file says, cosine for a .npy"),
           index_kind_option(options->index)},
      .notes =
          R"(Paths are relative to the folder of pictures or to the current folder, or absolute.

Of faiss, the kinds Flat, IDMap, IVF-Flat, HNSW-Flat and PQ are read, with inner product or L2.
Where such a file holds ids, rows (and the lines of --paths) are in their order. faiss knows no
cosine: say --metric cosine where its rows were of length 1. Rows of PQ are decoded from codes.

Examples:
  alike import x.npy --paths x.paths --space theirs
  alike import x.npy --space theirs --metric l2    row i belongs to item i
  alike import x.faiss --paths x.paths --space theirs --metric cosine)",
      .run = [&context, options] { import(context, *options); }};
}

}  // namespace alike::cli

#include <CLI/CLI.hpp>
#include <sstream>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "alike/cli/context.h"
#include "alike/cli/words.h"
#include "alike/collection/ingest.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path vectors;
  fs::path paths;
  std::string space;
  std::string metric = "cosine";
};

/// Where rows are imported to: the collection that is there, or a new one in the current folder.
collection::Collection target(const Context& context) {
  const auto found = find_collection(context, ".");
  if (found && fs::exists(*found / "catalog.db")) return collection::Collection(*found);
  return collection::Collection::create(".", found ? *found : fs::path(".alike"));
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::istringstream text(read_text(file, std::uint64_t{1} << 32));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

void import(const Context& context, const Options& options) {
  const Matrix rows = read_npy(options.vectors);
  std::vector<std::string> paths;
  if (!options.paths.empty()) paths = lines_of(options.paths);
  collection::Collection collection = target(context);
  const auto added = collection::import_rows(collection, rows, paths, options.space,
                                             index::metric_from(options.metric));
  say(context, counted(added, "row") + " of " + std::to_string(rows.width()) +
                   " numbers in space " + options.space + "\n");
  answer(context, json::object{{"added", added},
                               {"width", rows.width()},
                               {"space", options.space},
                               {"metric", options.metric}});
}

}  // namespace

void add_import(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("import", "Take vectors made elsewhere as a space");
  verb->add_option("FILE", options->vectors, ".npy of shape (n, width); row i belongs to item i")
      ->required()
      ->check(CLI::ExistingFile);
  verb->add_option("--paths", options->paths, "Text file that names the picture of each row")
      ->check(CLI::ExistingFile);
  verb->add_option("--space", options->space, "Name of the new space")->required();
  verb->add_option("--metric", options->metric, "What near means")
      ->check(CLI::IsMember({"cosine", "ip", "l2"}))
      ->capture_default_str();
  verb->callback([&context, options] { import(context, *options); });
}

}  // namespace alike::cli

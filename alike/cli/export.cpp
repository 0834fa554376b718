#include "alike/actions/export.h"

#include <memory>

#include "alike/base/human.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path out;
  std::string space;
};

void export_space(const Context& context, const Options& options) {
  const collection::Collection collection(collection_folder(context));
  LongWork work(context, "rows");
  const auto report = actions::export_rows(collection, options.space, options.out, work.watcher());
  work.clear();
  for (const auto& [path, reason] : report.skipped) {
    tell(context, "skipped " + printable(path) + ": " + printable(reason));
  }
  say(context, counted(report.rows, "row") + " of " + human_count(report.space.width) +
                   " numbers of space " + report.space.name + "\n");
  answer(context, actions::to_json(report));
}

}  // namespace

Verb export_verb(Context& context) {
  auto options = std::make_shared<Options>();
  return {
      .name = "export",
      .about = "Write the rows of a space for other programs",
      .options =
          {Option("OUT", &options->out, "FILE",
                  "X.npy, or X.faiss for a Flat index of faiss; the paths go beside it, as X.paths",
                  {.checks = {named_rows}, .required = true}),
           Option("--space", &options->space, "SPACE",
                  "Space to write; otherwise the default one")},
      .notes =
          R"(Rows are in the order of their ids, paths relative to the folder of pictures. A faiss file of a
space of metric cosine is one of inner product over rows of length 1.

Examples:
  alike export x.npy
  alike export x.faiss --space small
  alike import x.faiss --paths x.paths --space again --metric cosine)",
      .run = [&context, options] { export_space(context, *options); }};
}

}  // namespace alike::cli

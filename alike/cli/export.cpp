#include "alike/collection/export.h"

#include <optional>

#include "alike/base/error.h"
#include "alike/base/npy.h"
#include "alike/cli/context.h"
#include "alike/cli/options.h"
#include "alike/cli/verb.h"
#include "alike/cli/words.h"
#include "alike/index/faiss/faiss_file.h"

namespace alike::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  fs::path out;
  std::string space;
};

/// Writes either kind of file; neither is there before `finish`.
class RowsFile {
 public:
  RowsFile(const fs::path& file, const collection::Space& space) {
    if (ending_of(file) == ".faiss") {
      faiss_.emplace(file, space.width, space.metric);
    } else {
      npy_.emplace(file, space.width);
    }
  }
  void append(std::span<const float> row) { faiss_ ? faiss_->append(row) : npy_->append(row); }
  void finish() { faiss_ ? faiss_->finish() : npy_->finish(); }

 private:
  std::optional<NpyWriter> npy_;
  std::optional<index::FaissWriter> faiss_;
};

/// The paths go beside the rows, a line each, where there are any.
void write_paths(const fs::path& file, const std::string& paths, std::uint64_t rows) {
  const bool none = paths.size() == rows;  // a line break each: rows that were imported without
  if (!none) return replace_file(file, paths);
  std::error_code ignored;
  fs::remove(file, ignored);  // those of what was there before
}

/// What was written and what was not.
struct Exported {
  std::uint64_t rows = 0;
  std::string paths;  ///< A line each.
  std::vector<std::string> skipped;
};

Exported write_rows(const Context& context, const collection::Collection& collection,
                    const collection::Space& space, const fs::path& out) {
  LongWork work(context, "rows");
  RowsFile file(out, space);
  Exported result;
  const auto take = [&](const collection::Item& item, std::span<const float> row) {
    if (item.path.find('\n') != std::string::npos) return result.skipped.push_back(item.path);
    file.append(row);
    result.paths += item.path + "\n";
    ++result.rows;
  };
  collection::export_rows(collection, space.name, work.watcher(), take);
  if (result.rows == 0) {
    throw Error(ErrorCode::invalid_argument, "space '" + space.name + "' has no rows to export");
  }
  file.finish();
  write_paths(fs::path(out).replace_extension(".paths"), result.paths, result.rows);
  return result;
}

void export_space(const Context& context, const Options& options) {
  const collection::Collection collection(collection_folder(context));
  const collection::Space space = collection.space(options.space);
  const Exported done = write_rows(context, collection, space, options.out);
  constexpr const char* kReason = "its name has a line break, and the paths are lines";
  json::array skipped;
  for (const auto& path : done.skipped) {
    skipped.push_back(json::object{{"path", json_text(path)}, {"reason", kReason}});
    tell(context, "skipped " + printable(path) + ": " + kReason);
  }
  say(context, counted(done.rows, "row") + " of " + human_count(space.width) +
                   " numbers of space " + space.name + "\n");
  answer(context, json::object{{"n", done.rows},
                               {"width", space.width},
                               {"space", space.name},
                               {"metric", index::name_of(space.metric)},
                               {"skipped", std::move(skipped)}});
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
space whose metric is cosine is one of inner product over rows of length 1.

Examples:
  alike export x.npy
  alike export x.faiss --space small
  alike import x.faiss --paths x.paths --space again --metric cosine)",
      .run = [&context, options] { export_space(context, *options); }};
}

}  // namespace alike::cli

#include "alike/actions/import.h"

#include <algorithm>
#include <sstream>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "alike/base/paths.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/view.h"

namespace alike::actions {
namespace {

namespace fs = std::filesystem;

index::FaissRows rows_of(const fs::path& file) {
  if (index::is_faiss(file)) return index::read_faiss(file);
  return {read_npy(file), {}, index::Metric::cosine, "npy"};
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

/// Ids of a file match rows to pictures only where they are 0, 1, 2, …; a remark about others,
/// or "".
std::string check_ids(const collection::Collection& collection,
                      const std::vector<std::int64_t>& ids) {
  std::int64_t next = 0;
  if (std::ranges::all_of(ids, [&](std::int64_t id) { return id == next++; })) return "";
  const std::string range = "the ids in the file run from " + std::to_string(ids.front()) + " to " +
                            std::to_string(ids.back());
  if (collection.status().items > 0) {
    throw Error(ErrorCode::invalid_argument,
                range +
                    " and are not 0, 1, 2, …; name the picture of each row by --paths, in "
                    "their order");
  }
  return range + "; the rows are taken as items 0 to " + std::to_string(ids.size() - 1) +
         " in their order";
}

}  // namespace

ImportedFiles read_import(const ImportOptions& options) {
  ImportedFiles files{.rows = rows_of(options.vectors)};
  files.metric = options.metric.empty() ? files.rows.metric : index::metric_from(options.metric);
  if (!options.paths.empty()) files.paths = lines_of(options.paths);
  return files;
}

ImportReport import_rows(collection::Collection& collection, ImportedFiles files,
                         const ImportOptions& options) {
  const index::FaissRows& rows = files.rows;
  ImportReport report{.width = rows.rows.width(),
                      .space = options.space,
                      .index = options.index,
                      .metric = files.metric,
                      .kind = rows.kind,
                      .lossy = rows.lossy};
  if (files.paths.empty()) report.remark = check_ids(collection, rows.ids);
  {
    const collection::View view(collection);
    for (auto& path : files.paths) path = item_path(collection, view, path);
  }
  report.added =
      collection::import_rows(collection, rows.rows, files.paths, options.space, report.metric,
                              collection::index_chain_from(options.index));
  return report;
}

json::object to_json(const ImportReport& report) {
  return {{"added", report.added}, {"width", report.width},
          {"space", report.space}, {"metric", index::name_of(report.metric)},
          {"kind", report.kind},   {"lossy", report.lossy},
          {"index", report.index}};
}

}  // namespace alike::actions

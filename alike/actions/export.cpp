#include "alike/actions/export.h"

#include <optional>

#include "alike/actions/skipped.h"
#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/npy.h"
#include "alike/base/paths.h"
#include "alike/collection/export.h"
#include "alike/index/faiss/faiss_file.h"

namespace alike::actions {
namespace {

namespace fs = std::filesystem;

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
  fs::remove(file, ignored);  // those of an older export
}

}  // namespace

ExportReport export_rows(const collection::Collection& collection, const std::string& space,
                         const std::filesystem::path& out, const Watcher& watcher) {
  ExportReport report{.space = collection.space(space)};
  RowsFile file(out, report.space);
  std::string paths;
  const auto take = [&](const collection::Item& item, std::span<const float> row) {
    if (item.path.find('\n') != std::string::npos) {
      report.skipped.push_back({item.path, "its name has a line break, and the paths are lines"});
      return;
    }
    file.append(row);
    paths += item.path + "\n";
    ++report.rows;
  };
  collection::export_rows(collection, report.space.name, watcher, take);
  if (report.rows == 0) {
    throw Error(ErrorCode::invalid_argument,
                "space '" + report.space.name + "' has no rows to export");
  }
  file.finish();
  write_paths(fs::path(out).replace_extension(".paths"), paths, report.rows);
  return report;
}

json::object to_json(const ExportReport& report) {
  return {{"n", report.rows},
          {"width", report.space.width},
          {"space", report.space.name},
          {"metric", index::name_of(report.space.metric)},
          {"skipped", to_json(report.skipped)}};
}

}  // namespace alike::actions

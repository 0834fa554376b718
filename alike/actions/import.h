// Taking vectors made elsewhere as a space of a collection.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/collection/collection.h"
#include "alike/index/faiss/faiss_file.h"

namespace alike::actions {

struct ImportOptions {
  std::filesystem::path vectors;  ///< `.npy` of shape (n, width), or an index file of faiss.
  std::filesystem::path paths;    ///< The picture of each row, a line each; empty: rows 0, 1, …
  std::string space;              ///< Name of the new space.
  std::string metric;             ///< "cosine", "l2" or "ip"; "": as the file says.
  std::string index = "auto";     ///< As `collection::index_chain_from` reads it.
};

struct ImportReport {
  std::uint64_t added = 0;
  std::size_t width = 0;
  std::string space{}, index{};
  index::Metric metric = index::Metric::cosine;
  std::string kind;      ///< Of the file: "npy", or the kind of faiss.
  bool lossy = false;    ///< The rows were decoded from codes.
  std::string remark{};  ///< On the ids in the file, or "".
};

/// The files of an import, read and checked before any collection is touched.
struct ImportedFiles {
  index::FaissRows rows;
  std::vector<std::string> paths{};  ///< Lines of the file of paths; empty: there is none.
  index::Metric metric = index::Metric::cosine;
};

/// Reads the files of `options`. Throws as `read_npy`, `index::read_faiss` and `read_text`.
ImportedFiles read_import(const ImportOptions& options);

/// Imports the result of `read_import` for `options`. Throws `invalid_argument` where rows and
/// pictures do not fit, and as `collection::import_rows`.
ImportReport import_rows(collection::Collection& collection, ImportedFiles files,
                         const ImportOptions& options);
json::object to_json(const ImportReport& report);

}  // namespace alike::actions

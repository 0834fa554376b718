// Taking vectors made elsewhere as a space of a collection.
#pragma once

#include <filesystem>
#include <string>

#include "alike/base/json.h"
#include "alike/collection/collection.h"
#include "alike/collection/types.h"
#include "alike/index/faiss/faiss_file.h"

namespace alike::actions {

struct ImportOptions {
  std::filesystem::path vectors;  ///< `.npy` of shape (n, width), or an index file of faiss.
  std::filesystem::path paths;    ///< The picture of each row, a line each; empty: rows 0, 1, …
  std::string space;              ///< Name of the new space.
  std::string metric;             ///< "cosine", "l2" or "ip"; "": as the file says.
  std::string index = "auto";     ///< Kind of index.
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

/// The rows of a file of vectors. Throws as `read_npy` and `index::read_faiss`.
index::FaissRows read_rows(const std::filesystem::path& file);

/// Imports `rows`, which `read_rows` gave for `options.vectors`. Throws `invalid_argument` where
/// rows and pictures do not fit, and as `collection::import_rows`.
ImportReport import_rows(collection::Collection& collection, const index::FaissRows& rows,
                         const ImportOptions& options);
json::object to_json(const ImportReport& report);

}  // namespace alike::actions

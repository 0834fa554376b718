// Writing the rows of a space for other programs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/base/json.h"
#include "alike/base/progress.h"
#include "alike/collection/collection.h"

namespace alike::actions {

struct ExportReport {
  std::uint64_t rows = 0;
  collection::Space space{};
  std::vector<collection::Skipped> skipped{};  ///< Pictures that a line cannot name.
};

/// Writes the rows of a space ("": the default one) to `out`, `.faiss` or `.npy`, in the order of
/// their ids, and their paths beside it as `.paths`. Neither is there before all is written. Throws
/// `invalid_argument` for a space without rows, `interrupted`, `io`, `no_space`.
ExportReport export_rows(const collection::Collection& collection, const std::string& space,
                         const std::filesystem::path& out, const Watcher& watcher);
json::object to_json(const ExportReport& report);

}  // namespace alike::actions

#include "alike/collection/store/readers.h"

#include <sys/stat.h>

#include <algorithm>

#include "alike/base/error.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/whole_index.h"
#include "alike/collection/store/writer.h"
#include "alike/index/codes/rabitq_index.h"
#include "alike/index/flat/flat.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

/// Idle connections that are kept open.
constexpr std::size_t kMostIdle = 8;

[[noreturn]] void throw_no_collection(const fs::path& folder) {
  throw Error(ErrorCode::not_found, "'" + folder.native() + "' is not a collection",
              Remedy{"index", {}, "to make one"});
}

/// The folder of a collection named by the caller.
Folder opened(const fs::path& folder) try { return folder; } catch (const Error& error) {
  if (error.code() != ErrorCode::not_found) throw;
  throw_no_collection(folder);
}

std::unique_ptr<Catalog> checked_catalog(const Folder& files) {
  const fs::path& folder = files.path();
  if (!files.size_of("catalog.db")) throw_no_collection(folder);
  const bool summed = check_catalog(files, false);
  auto catalog = open_catalog(folder);
  if (!summed) {
    auto check = catalog->database().prepare("PRAGMA quick_check(1)");
    if (!check.step() || check.text(0) != "ok") {
      throw Error(ErrorCode::corrupt,
                  "'" + (folder / "catalog.db").native() + "': " + check.text(0), repair_remedy());
    }
  }
  return catalog;
}

}  // namespace

MappedSpace::MappedSpace(SpaceFiles files, const Folder& folder)
    : files_(std::move(files)),
      rows_(std::make_shared<const MappedRows>(files_.width, files_.segments, folder)) {}

void MappedSpace::open_index(const Folder& folder) const try {
  const std::string space = space_folder_name(files_.name);
  graph_ = MappedGraph::open(folder, space, rows_, files_.metric);
  codes_ = MappedCodes::open(folder, space, rows_, files_.metric);
  opened_ = true;
} catch (const Error& error) {
  if (error.code() != ErrorCode::io) throw;
  // Such as too many open files: the rows answer now, and next time it is tried again.
}

SpaceIndex MappedSpace::index(const Folder& folder) const {
  // Held while the index is opened: whoever asks meanwhile needs the same one, and rows need no
  // lock.
  const std::lock_guard lock(mutex_);
  if (!opened_) open_index(folder);
  SpaceIndex found;
  found.rows = rows_;
  const auto most = [&](std::uint64_t rows) { return 2 * rows >= rows_->row_count(); };
  if (graph_ && most(graph_->rows())) {
    found.index = graph_->index();
    found.kind =
        graph_->graph().reaches(index::SearchOptions().recall) ? IndexKind::graph : IndexKind::flat;
    found.linked_rows = graph_->rows();
    found.measured_recall = graph_->measured_recall();
  } else if (codes_ != nullptr && most(codes_->rows())) {
    found.index = std::make_unique<const index::RabitqIndex>(rows_, codes_);
    found.kind = coded_kind(codes_->coding().bits());
    found.coded_rows = codes_->rows();
  } else {
    found.index = std::make_unique<const index::Flat>(rows_, files_.metric);
  }
  const auto check_whole = [rows = rows_, codes = codes_,
                            graph = graph_ ? graph_->file() : nullptr] {
    rows->check_whole();
    if (codes != nullptr) codes->check_whole();
    if (graph != nullptr) graph->check_no_page_lost();
  };
  found.index = std::make_unique<const WholeIndex>(std::move(found.index), check_whole);
  return found;
}

Readers::Readers(const fs::path& folder) : files_(opened(folder)), checked_(identity()) {
  auto first = std::make_unique<Reader>();
  first->identity = checked_;
  first->catalog = checked_catalog(files_);
  give_back(std::move(first));
}

CatalogIdentity Readers::identity() const {
  struct stat status {};
  if (::stat((folder() / "catalog.db").c_str(), &status) != 0) return {};
  return {status.st_dev, status.st_ino};
}

bool Readers::is_replaced(const Reader& reader) const {
  const CatalogIdentity now = identity();
  return now != CatalogIdentity{} && now != reader.identity;
}

std::unique_ptr<Reader> Readers::take() {
  auto reader = std::make_unique<Reader>();
  reader->identity = identity();  // before it is opened: a newer one is not taken for this one
  bool is_new = false;
  {
    const std::lock_guard lock(mutex_);
    is_new = reader->identity != CatalogIdentity{} && reader->identity != checked_;
    if (is_new) idle_.clear();
    if (!idle_.empty()) {
      reader = std::move(idle_.back());
      idle_.pop_back();
      return reader;
    }
  }
  reader->catalog = is_new ? checked_catalog(files_) : open_catalog(folder());
  const std::lock_guard lock(mutex_);
  if (is_new) checked_ = reader->identity;
  return reader;
}

void Readers::give_back(std::unique_ptr<Reader> reader) {
  // It sees no writer, and keeps all out while it is open.
  if (reader->catalog->database().mode() == Database::Mode::immutable) return;
  const std::lock_guard lock(mutex_);
  const bool is_current = reader->identity == identity();
  if (idle_.size() < kMostIdle && is_current) idle_.push_back(std::move(reader));
}

std::shared_ptr<const MappedSpace> Readers::mapped(SpaceFiles files) {
  const std::lock_guard lock(mapping_);
  auto& kept = spaces_[files.name];
  if (kept == nullptr || kept->files() != files) {
    kept = std::make_shared<const MappedSpace>(std::move(files), files_);
  }
  return kept;
}

void Readers::keep_only(const std::vector<Space>& spaces) {
  const std::lock_guard lock(mapping_);
  std::erase_if(spaces_, [&](const auto& kept) {
    return std::ranges::find(spaces, kept.first, &Space::name) == spaces.end();
  });
}

}  // namespace alike::collection

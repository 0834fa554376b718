#include "alike/collection/collection.h"

#include <map>
#include <mutex>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/collection/catalog.h"
#include "alike/collection/catalog_sum.h"
#include "alike/collection/filter.h"
#include "alike/collection/lock.h"
#include "alike/collection/mapped_codes.h"
#include "alike/collection/mapped_graph.h"
#include "alike/collection/mapped_rows.h"
#include "alike/collection/segment_views.h"
#include "alike/collection/whole_index.h"
#include "alike/collection/writer.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void throw_no_collection(const fs::path& folder) {
  throw Error(ErrorCode::not_found,
              "'" + folder.native() + "' is not a collection; 'alike index' makes one");
}

std::unique_ptr<Catalog> open_for_reading(const fs::path& folder, const Folder& files) {
  if (!files.size_of("catalog.db")) throw_no_collection(folder);
  const bool summed = check_catalog(files, false);
  auto catalog = std::make_unique<Catalog>(folder, reading_mode(folder));
  if (!summed) {
    auto check = catalog->database().prepare("PRAGMA quick_check(1)");
    if (!check.step() || check.text(0) != "ok") {
      throw Error(ErrorCode::corrupt, "'" + (folder / "catalog.db").native() +
                                          "': " + check.text(0) +
                                          "; 'alike repair' mends what can be mended");
    }
  }
  return catalog;
}

/// The folder of a new collection.
Folder made(const fs::path& folder) try {
  make_folders(folder);
  Folder files(folder);
  files.make_folder("spaces");
  return files;
} catch (const Error& error) {
  if (error.code() != ErrorCode::io) throw;
  throw Error(ErrorCode::io,
              std::string(error.what()) + "; keep the collection elsewhere with --collection PATH");
}

/// The folder of a collection that somebody named.
Folder opened(const fs::path& folder) try { return folder; } catch (const Error& error) {
  if (error.code() != ErrorCode::not_found) throw;
  throw_no_collection(folder);
}

}  // namespace

struct Collection::State {
  fs::path folder;
  Folder files;  ///< The same, held open.
  fs::path pictures;
  std::mutex mutex;
  std::unique_ptr<Catalog> catalog;
  struct Mapped {
    std::int64_t version = 0;  ///< State of the catalog that these belong to.
    std::shared_ptr<const MappedRows> rows;
    std::shared_ptr<const MappedCodes> codes;  ///< Null: none, or not asked for yet.
    std::optional<MappedGraph> graph;          ///< As `codes`.
    bool opened = false;
  };
  std::map<std::string, Mapped> mapped_spaces;  ///< By name, as last mapped.

  ~State() {
    if (!catalog) return;
    try {
      // SQLite would move the WAL of a killed writer into the catalog behind its sum's back.
      const WriterBarrier barrier(files);
      catalog->database().checkpoint_on_close(barrier.held() &&
                                              files.size_of("catalog.db-wal") == 0);
      catalog.reset();
    } catch (const std::exception&) {
      // Nothing was to be written.
    }
  }

  Mapped& mapped(const std::string& name) {
    constexpr int kTries = 5;
    for (int i = 1;; ++i) {
      const std::int64_t version = catalog->database().data_version();
      Transaction transaction(catalog->database());
      const Space space = catalog->space(name);
      Mapped& kept = mapped_spaces[space.name];
      if (kept.rows != nullptr && kept.version == version) return kept;
      try {
        const auto views = segment_views(*catalog, space);
        kept = {version,
                std::make_shared<const MappedRows>(space.width, views, files),
                nullptr,
                {},
                false};
        return kept;
      } catch (const Error& error) {
        // A writer has just put other files in their place.
        if (error.code() != ErrorCode::not_found) throw;
        if (i == kTries) {
          throw Error(ErrorCode::corrupt, std::string(error.what()) +
                                              ", though the catalog names it; 'alike repair' mends "
                                              "what can be mended");
        }
      }
    }
  }
};

Collection Collection::create(const fs::path& pictures, const fs::path& folder) {
  if (!fs::is_directory(pictures)) {
    throw Error(ErrorCode::not_found, "'" + pictures.native() + "' is not a folder");
  }
  try {
    const Folder files = made(folder);
    const WriterLock lock(files);
    if (files.links_of("catalog.db") > 0) {
      throw Error(ErrorCode::invalid_argument, "'" + folder.native() + "' is a collection already");
    }
    const auto above = fs::weakly_canonical(fs::absolute(folder)).parent_path();
    const auto where = fs::canonical(pictures);
    Catalog::create(folder, above == where ? "" : where.native());
    write_catalog_sum(files);
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorCode::io, "cannot make '" + folder.native() + "': " + error.code().message() +
                                   "; keep the collection elsewhere with --collection PATH");
  }
  return Collection(folder);
}

void Collection::refuse_linked(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::is_symlink(folder, ignored)) return;
  throw Error(ErrorCode::unsupported,
              "'" + folder.native() +
                  "' is a symbolic link, which is not followed unasked, since " +
                  "it could lead to any collection; name the one it leads to: --collection '" +
                  fs::weakly_canonical(folder, ignored).native() + "'");
}

std::optional<fs::path> Collection::find(const fs::path& start) {
  for (fs::path at = fs::absolute(start).lexically_normal();; at = at.parent_path()) {
    std::error_code ignored;
    const fs::path place = at / ".alike";
    refuse_linked(place);
    if (fs::exists(place / "catalog.db", ignored)) return place;
    if (at == at.parent_path()) return std::nullopt;
  }
}

Collection::Collection(const fs::path& folder) : state_(std::make_unique<State>()) {
  state_->folder = fs::absolute(folder).lexically_normal();
  if (!state_->folder.has_filename()) state_->folder = state_->folder.parent_path();
  state_->files = opened(state_->folder);
  state_->catalog = open_for_reading(state_->folder, state_->files);
  const std::string pictures = state_->catalog->setting("pictures");
  state_->pictures = pictures.empty() ? state_->folder.parent_path() : fs::path(pictures);
}

Collection::Collection(Collection&&) noexcept = default;
Collection& Collection::operator=(Collection&&) noexcept = default;
Collection::~Collection() = default;

const fs::path& Collection::folder() const { return state_->folder; }

const fs::path& Collection::pictures() const { return state_->pictures; }

std::vector<Space> Collection::spaces() const {
  const std::lock_guard lock(state_->mutex);
  const Transaction transaction(state_->catalog->database());
  return state_->catalog->spaces();
}

Space Collection::space(const std::string& name) const {
  const std::lock_guard lock(state_->mutex);
  const Transaction transaction(state_->catalog->database());
  return state_->catalog->space(name);
}

void Collection::set_default_space(const std::string& name) {
  Writer writer(state_->folder);
  const Space space = writer.catalog().space(name);
  if (space.filling) {
    throw Error(ErrorCode::invalid_argument,
                "space '" + space.name + "' is not complete, it has " + std::to_string(space.rows) +
                    " rows; fill it first: alike index --space " + space.name);
  }
  Transaction transaction(writer.database(), true);
  writer.catalog().set_setting("default_space", space.name);
  writer.commit(transaction);
}

void Collection::remove_space(const std::string& name) {
  Writer writer(state_->folder);
  const Space space = writer.catalog().space(name);
  if (space.is_default) {
    throw Error(ErrorCode::invalid_argument, "'" + space.name +
                                                 "' is the default space; make another one the "
                                                 "default first: alike spaces default NAME");
  }
  Transaction transaction(writer.database(), true);
  writer.catalog().remove_space(writer.catalog().key_of(space.name));
  writer.commit(transaction);
  writer.remove_leftovers();
}

std::vector<MapEntry> Collection::maps() const {
  const std::lock_guard lock(state_->mutex);
  return state_->catalog->maps();
}

std::optional<Item> Collection::item(ItemId id) const {
  const std::lock_guard lock(state_->mutex);
  return state_->catalog->item(id);
}

std::optional<Item> Collection::item_at(const std::string& path) const {
  const std::lock_guard lock(state_->mutex);
  return state_->catalog->item_at(path);
}

std::vector<Item> Collection::items(std::span<const ItemId> ids) const {
  const std::lock_guard lock(state_->mutex);
  const Transaction transaction(state_->catalog->database());
  return state_->catalog->items(ids);
}

std::vector<ItemId> Collection::matching(const std::string& expression) const {
  const Filter filter = parse_filter(expression);
  const std::lock_guard lock(state_->mutex);
  auto statement = state_->catalog->database().prepare("SELECT id FROM items WHERE " + filter.sql +
                                                       " ORDER BY id");
  for (const auto& value : filter.values) {
    std::visit([&](const auto& bound) { statement.bind(bound); }, value);
  }
  std::vector<ItemId> ids;
  while (statement.step()) ids.push_back(statement.integer(0));
  return ids;
}

std::vector<std::pair<std::string, std::uint64_t>> Collection::labels() const {
  const std::lock_guard lock(state_->mutex);
  auto statement = state_->catalog->database().prepare(
      "SELECT label, COUNT(*) FROM items GROUP BY label ORDER BY label");
  std::vector<std::pair<std::string, std::uint64_t>> labels;
  while (statement.step()) {
    labels.emplace_back(statement.text(0), static_cast<std::uint64_t>(statement.integer(1)));
  }
  return labels;
}

std::vector<Skipped> Collection::skipped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->catalog->skipped();
}

Status Collection::status() const {
  Status status;
  {
    const std::lock_guard lock(state_->mutex);
    const Transaction transaction(state_->catalog->database());
    status.items = state_->catalog->item_count();
    status.skipped = state_->catalog->skipped().size();
    status.spaces = state_->catalog->spaces();
    status.maps = state_->catalog->maps();
  }
  std::error_code ignored;
  for (const auto& entry : fs::recursive_directory_iterator(state_->folder, ignored)) {
    const auto size = entry.is_regular_file(ignored) ? entry.file_size(ignored) : 0;
    if (!ignored) status.bytes += size;
  }
  status.writer = current_writer(state_->files);
  return status;
}

std::shared_ptr<const index::RowSource> Collection::rows(const std::string& space) const {
  const std::lock_guard lock(state_->mutex);
  return state_->mapped(space).rows;
}

SpaceIndex Collection::index(const std::string& name) const {
  const std::lock_guard lock(state_->mutex);
  const Space space = state_->catalog->space(name);
  State::Mapped& mapped = state_->mapped(space.name);
  if (!mapped.opened) {
    const std::string folder = space_folder_name(space.name);
    mapped.graph = MappedGraph::open(state_->files, folder, mapped.rows, space.metric);
    mapped.codes = MappedCodes::open(state_->files, folder, mapped.rows, space.metric);
    mapped.opened = true;
  }
  SpaceIndex found;
  found.rows = mapped.rows;
  const auto most = [&](std::uint64_t rows) { return 2 * rows >= mapped.rows->row_count(); };
  if (mapped.graph && most(mapped.graph->rows())) {
    found.index = mapped.graph->index();
    found.kind = IndexKind::graph;
    found.linked_rows = mapped.graph->rows();
    found.measured_recall = mapped.graph->measured_recall();
  } else if (mapped.codes != nullptr && most(mapped.codes->rows())) {
    found.index = std::make_unique<const index::Coded>(mapped.rows, mapped.codes);
    found.kind = coded_kind(mapped.codes->coding().bits());
    found.coded_rows = mapped.codes->rows();
  } else {
    found.index = std::make_unique<const index::Flat>(mapped.rows, space.metric);
  }
  const auto check_whole = [rows = mapped.rows, codes = mapped.codes,
                            graph = mapped.graph ? mapped.graph->file() : nullptr] {
    rows->check_whole();
    if (codes != nullptr) codes->check_whole();
    if (graph != nullptr) graph->check_no_page_lost();
  };
  found.index = std::make_unique<const WholeIndex>(std::move(found.index), check_whole);
  return found;
}

std::optional<std::vector<float>> Collection::row(ItemId id, const std::string& space) const {
  const std::lock_guard lock(state_->mutex);
  const auto rows = state_->mapped(space).rows;
  const auto place =
      state_->catalog->row_place(state_->catalog->key_of(state_->catalog->space(space).name), id);
  if (!place) return std::nullopt;
  const auto row = rows->row(place->segment, place->row, id);
  std::vector<float> values(row.begin(), row.end());
  rows->check_whole();
  return values;
}

std::optional<encode::Pca> Collection::pca(const std::string& name) const {
  const std::lock_guard lock(state_->mutex);
  const Space space = state_->catalog->space(name);
  if (!space.pca) return std::nullopt;
  const std::string bytes = state_->catalog->transform(state_->catalog->key_of(space.name));
  return encode::Pca::from_bytes(bytes_of(bytes), "the transform of space '" + space.name + "'");
}

}  // namespace alike::collection

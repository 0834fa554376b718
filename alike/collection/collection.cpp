#include "alike/collection/collection.h"

#include <atomic>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/paths.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/catalog/lock.h"
#include "alike/collection/catalog/trust.h"
#include "alike/collection/store/catalog_sum.h"
#include "alike/collection/store/readers.h"
#include "alike/collection/store/writer.h"
#include "alike/collection/view.h"

namespace alike::collection {
namespace {

namespace fs = std::filesystem;

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

}  // namespace

struct Collection::State {
  std::shared_ptr<Readers> readers;
  fs::path pictures;
  std::atomic<bool> trusted = false;  ///< So far as was asked for.
};

Collection Collection::create(const fs::path& pictures, const fs::path& folder) {
  if (!is_folder(pictures)) {
    throw Error(ErrorCode::not_found, "'" + pictures.native() + "' is not a folder");
  }
  {
    const Folder files = made(folder);
    const WriterLock lock(files);
    if (files.links_of("catalog.db") > 0) {
      throw Error(ErrorCode::invalid_argument, "'" + folder.native() + "' is a collection already");
    }
    const auto above = likely_path(absolute_path(folder)).parent_path();
    const auto where = real_path(pictures);
    Catalog::create(folder, above == where ? "" : where.native());
    write_catalog_sum(files);
    trust_own(folder, where);
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
  for (fs::path at = absolute_path(start).lexically_normal();; at = at.parent_path()) {
    std::error_code ignored;
    fs::path place = at / ".alike";
    refuse_linked(place);
    if (fs::exists(place / "catalog.db", ignored)) return place;
    if (at == at.parent_path()) return std::nullopt;
  }
}

Collection::Collection(const fs::path& folder) : state_(std::make_unique<State>()) {
  fs::path whole = absolute_path(folder).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  state_->readers = std::make_shared<Readers>(whole);
  auto reader = state_->readers->take();
  const std::string pictures = reader->catalog->setting("pictures");
  state_->readers->give_back(std::move(reader));
  state_->pictures = pictures.empty() ? whole.parent_path() : fs::path(pictures);
}

Collection::Collection(Collection&&) noexcept = default;
Collection& Collection::operator=(Collection&&) noexcept = default;
Collection::~Collection() = default;

const fs::path& Collection::folder() const { return state_->readers->folder(); }

const fs::path& Collection::pictures() const { return state_->pictures; }

const fs::path& Collection::readable_pictures() const {
  if (!state_->trusted) {
    check_trusted(folder(), pictures());
    state_->trusted = true;
  }
  return state_->pictures;
}

fs::path Collection::picture_file(const Item& item) const {
  if (item.path.empty()) {
    throw Error(ErrorCode::not_found,
                "item " + std::to_string(item.id) + " is a row without a picture");
  }
  check_item_path(item.path);
  return readable_pictures() / item.path;
}

const std::shared_ptr<Readers>& Collection::readers() const { return state_->readers; }

void Collection::set_default_space(const std::string& name) {
  Writer writer(folder());
  const Space space = writer.catalog().space(name);
  if (space.filling) {
    throw Error(ErrorCode::invalid_argument,
                "space '" + space.name + "' is not complete, it has " + std::to_string(space.rows) +
                    " rows",
                Remedy{"index", {"--space", space.name}, "to fill it first"});
  }
  Transaction transaction(writer.database(), true);
  writer.catalog().set_setting("default_space", space.name);
  writer.commit(transaction);
}

void Collection::remove_space(const std::string& name) {
  Writer writer(folder());
  const Space space = writer.catalog().space(name);
  if (space.is_default) {
    throw Error(ErrorCode::invalid_argument, "'" + space.name + "' is the default space",
                Remedy{"spaces", {"default", "NAME"}, "to make another one the default first"});
  }
  Transaction transaction(writer.database(), true);
  writer.catalog().remove_space(writer.catalog().key_of(space.name));
  writer.commit(transaction);
  writer.remove_leftovers();
}

std::vector<Space> Collection::spaces() const { return View(*this).spaces(); }

Space Collection::space(const std::string& name) const { return View(*this).space(name); }

std::vector<MapEntry> Collection::maps() const { return View(*this).maps(); }

std::optional<Item> Collection::item(ItemId id) const { return View(*this).item(id); }

std::optional<Item> Collection::item_at(const std::string& path) const {
  return View(*this).item_at(path);
}

std::vector<Item> Collection::items(std::span<const ItemId> ids) const {
  return View(*this).items(ids);
}

std::vector<ItemId> Collection::matching(const std::string& expression) const {
  return View(*this).matching(expression);
}

std::vector<std::pair<std::string, std::uint64_t>> Collection::labels() const {
  return View(*this).labels();
}

std::vector<Skipped> Collection::skipped() const { return View(*this).skipped(); }

Status Collection::status() const {
  Status status;
  {
    const View view(*this);
    status.items = view.item_count();
    status.skipped = view.skipped().size();
    status.spaces = view.spaces();
    status.maps = view.maps();
    status.excludes = view.excludes();
  }
  std::error_code gone;  // with a writer that removes files meanwhile
  for (fs::recursive_directory_iterator entry(folder(), gone), end; !gone && entry != end;
       entry.increment(gone)) {
    std::error_code ignored;
    const auto size = entry->is_regular_file(ignored) ? entry->file_size(ignored) : 0;
    if (!ignored) status.bytes += size;
  }
  status.writer = current_writer(state_->readers->files());
  return status;
}

std::shared_ptr<const index::RowSource> Collection::rows(const std::string& space) const {
  return read(*this, [&](const View& view) { return view.rows(space); });
}

SpaceIndex Collection::index(const std::string& name) const {
  return read(*this, [&](const View& view) { return view.index(name); });
}

std::optional<std::vector<float>> Collection::row(ItemId id, const std::string& space) const {
  return read(*this, [&](const View& view) { return view.row(id, space); });
}

std::optional<encode::Pca> Collection::pca(const std::string& name) const {
  return View(*this).pca(name);
}

}  // namespace alike::collection

#include "alike/collection/view.h"

#include <algorithm>
#include <variant>

#include "alike/base/file.h"
#include "alike/collection/catalog/filter.h"
#include "alike/collection/store/readers.h"
#include "alike/collection/store/segment_views.h"
#include "alike/collection/store/space_package.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {

struct View::State {
  explicit State(std::shared_ptr<Readers> of) : readers(std::move(of)) {
    std::int64_t version = 0;
    do {
      transaction.reset();
      reader = readers->take();
      transaction.emplace(catalog().database());
      // Within the transaction: the version of all that is read in it.
      version = catalog().database().data_version();
      if (reader->version == version) return;
    } while (catalog().was_migrated());  // the connection reads an older format
    reader->version = version;
    reader->spaces.reset();
    reader->mapped.clear();
  }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    transaction.reset();
    readers->give_back(std::move(reader));
  }

  Catalog& catalog() const { return *reader->catalog; }

  const std::vector<Space>& spaces() const {
    if (!reader->spaces) {
      reader->spaces = catalog().spaces();
      readers->keep_only(*reader->spaces);
    }
    return *reader->spaces;
  }

  /// Throws `not_found` with the nearest names.
  const Space& space(const std::string& name) const {
    const auto found = std::ranges::find_if(spaces(), [&](const Space& each) {
      return name.empty() ? each.is_default : each.name == name;
    });
    if (found == spaces().end()) catalog().refuse_space(name, spaces());
    return *found;
  }

  std::shared_ptr<const MappedSpace> mapped(const std::string& name) {
    const Space& of = space(name);
    auto& known = reader->mapped[of.name];
    if (auto kept = known.lock()) return kept;
    const std::int64_t key = catalog().key_of(of.name);
    SpaceFiles files{key,
                     of.name,
                     of.width,
                     of.metric,
                     catalog().index_changes(key),
                     segment_views(catalog(), of)};
    try {
      auto made = readers->mapped(std::move(files));
      known = made;
      return made;
    } catch (const Error& error) {
      if (error.code() == ErrorCode::not_found) refuse_missing(error.what());
      throw;
    }
  }

  /// A file that the catalog names is not there: it went with the version, or the collection is
  /// damaged.
  [[noreturn]] void refuse_missing(const std::string& what) {
    const auto before = reader->version;
    transaction.reset();
    reader->version.reset();
    if (readers->is_replaced(*reader) || catalog().database().data_version() != before) {
      throw VersionGone(what + ": the collection changes faster than it can be read; try again");
    }
    throw Error(ErrorCode::corrupt, what + ", though the catalog names it", repair_remedy());
  }

  std::shared_ptr<Readers> readers;
  std::unique_ptr<Reader> reader;
  std::optional<Transaction> transaction;
};

View::View(const Collection& collection) : state_(std::make_unique<State>(collection.readers())) {}

View::~View() = default;

std::vector<Space> View::spaces() const { return state_->spaces(); }

Space View::space(const std::string& name) const { return state_->space(name); }

std::vector<MapEntry> View::maps() const { return state_->catalog().maps(); }

std::optional<Item> View::item(ItemId id) const { return state_->catalog().item(id); }

std::optional<Item> View::item_at(const std::string& path) const {
  return state_->catalog().item_at(path);
}

std::vector<Item> View::items(std::span<const ItemId> ids) const {
  return state_->catalog().items(ids);
}

std::uint64_t View::item_count() const { return state_->catalog().item_count(); }

std::vector<ItemId> View::matching(const std::string& expression) const {
  const Filter filter = parse_filter(expression);
  auto statement = state_->catalog().database().prepare("SELECT id FROM items WHERE " + filter.sql +
                                                        " ORDER BY id");
  for (const auto& value : filter.values) {
    std::visit([&](const auto& bound) { statement.bind(bound); }, value);
  }
  std::vector<ItemId> ids;
  while (statement.step()) ids.push_back(statement.integer(0));
  return ids;
}

std::vector<ItemId> View::ids_after(ItemId after, std::size_t most) const {
  auto statement =
      state_->catalog().database().prepare("SELECT id FROM items WHERE id > ? ORDER BY id LIMIT ?");
  statement.bind(after).bind(static_cast<std::int64_t>(most));
  std::vector<ItemId> ids;
  while (statement.step()) ids.push_back(statement.integer(0));
  return ids;
}

ItemId View::last_id() const {
  auto statement =
      state_->catalog().database().prepare("SELECT id FROM items ORDER BY id DESC LIMIT 1");
  return statement.step() ? statement.integer(0) : -1;
}

std::vector<std::pair<std::string, std::uint64_t>> View::labels() const {
  auto statement = state_->catalog().database().prepare(
      "SELECT label, COUNT(*) FROM items GROUP BY label ORDER BY label");
  std::vector<std::pair<std::string, std::uint64_t>> labels;
  while (statement.step()) {
    labels.emplace_back(statement.text(0), static_cast<std::uint64_t>(statement.integer(1)));
  }
  return labels;
}

std::vector<Skipped> View::skipped() const { return state_->catalog().skipped(); }

std::vector<std::string> View::excludes() const { return state_->catalog().excludes(); }

std::shared_ptr<const index::RowSource> View::rows(const std::string& space) const {
  return state_->mapped(space)->rows();
}

SpaceIndex View::index(const std::string& name) const {
  const auto mapped = state_->mapped(name);
  return mapped->index(state_->readers->files());
}

std::optional<std::vector<float>> View::row(ItemId id, const std::string& space) const {
  std::vector<bool> there;
  const Matrix rows = rows_of({&id, 1}, space, there);
  if (!there[0]) return std::nullopt;
  return std::vector<float>(rows.row(0).begin(), rows.row(0).end());
}

Matrix View::rows_of(std::span<const ItemId> ids, const std::string& space,
                     std::vector<bool>& there) const {
  const auto mapped = state_->mapped(space);
  const auto places =
      state_->catalog().row_places(state_->catalog().key_of(mapped->files().name), ids);
  Matrix rows(ids.size(), mapped->files().width);
  there.assign(ids.size(), false);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!places[i]) continue;
    std::ranges::copy(mapped->rows()->row(places[i]->segment, places[i]->row, ids[i]),
                      rows.row(i).begin());
    there[i] = true;
  }
  mapped->rows()->check_whole();
  return rows;
}

void View::check_package(const Space& space, const encode::Package& package) const {
  collection::check_package(state_->catalog(), space, package);
}

std::optional<encode::Pca> View::pca(const std::string& name) const {
  const Space& space = state_->space(name);
  if (!space.pca) return std::nullopt;
  Catalog& catalog = state_->catalog();
  const std::string bytes = catalog.transform(catalog.key_of(space.name));
  return encode::Pca::from_bytes(bytes_of(bytes), "the transform of space '" + space.name + "'");
}

}  // namespace alike::collection

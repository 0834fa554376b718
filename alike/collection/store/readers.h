// Shared by readers of a collection: connections to the catalog and the mapped files of spaces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "alike/base/folder.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/store/mapped_codes.h"
#include "alike/collection/store/mapped_graph.h"
#include "alike/collection/store/mapped_rows.h"

namespace alike::collection {

/// The files of a space as the catalog names them at one version.
struct SpaceFiles {
  std::int64_t key = 0;  ///< Of the space, never used again: a new one of the same name differs.
  std::string name;
  std::size_t width = 0;
  index::Metric metric = index::Metric::cosine;
  std::int64_t index_changes = 0;  ///< How often codes and graph were made.
  std::vector<SegmentView> segments;

  friend bool operator==(const SpaceFiles&, const SpaceFiles&) = default;
};

/// A space with its files mapped; codes and graph when first needed. Safe from several
/// threads.
class MappedSpace {
 public:
  /// Throws as `MappedRows`.
  MappedSpace(SpaceFiles files, const Folder& folder);

  const SpaceFiles& files() const { return files_; }
  const std::shared_ptr<const MappedRows>& rows() const { return rows_; }
  /// As `Collection::index`; `folder`: that of the collection.
  SpaceIndex index(const Folder& folder) const;

 private:
  /// The mutex is held.
  void open_index(const Folder& folder) const;

  SpaceFiles files_;
  std::shared_ptr<const MappedRows> rows_;
  mutable std::mutex mutex_;
  mutable bool opened_ = false;
  mutable std::shared_ptr<const MappedCodes> codes_;
  mutable std::optional<MappedGraph> graph_;
};

/// Device and number of `catalog.db`, which 'alike repair' replaces; zeros where there is none.
using CatalogIdentity = std::pair<std::uint64_t, std::uint64_t>;

/// A connection, with the state of the version that it saw last.
struct Reader {
  CatalogIdentity identity;  ///< Of the file, or of one that was there just before.
  std::unique_ptr<Catalog> catalog;
  std::optional<std::int64_t> version;
  std::optional<std::vector<Space>> spaces;
  std::map<std::string, std::weak_ptr<const MappedSpace>> mapped;  ///< By name of the space.
};

/// Of one collection. Safe from several threads.
class Readers {
 public:
  /// Opens the catalog in `folder` and checks it. Throws as `Collection`.
  explicit Readers(const std::filesystem::path& folder);

  const std::filesystem::path& folder() const { return files_.path(); }
  /// The same, held open.
  const Folder& files() const { return files_; }
  /// A connection for the caller alone until it is given back. Throws as `open_catalog`.
  std::unique_ptr<Reader> take();
  void give_back(std::unique_ptr<Reader> reader);
  /// Whether 'alike repair' has put another catalog in the place of the one that `reader` has open.
  bool is_replaced(const Reader& reader) const;
  /// The files mapped: as they are already, or now. Throws as `MappedRows`.
  std::shared_ptr<const MappedSpace> mapped(SpaceFiles files);
  /// Lets go of the files of spaces that are not among `spaces`.
  void keep_only(const std::vector<Space>& spaces);

 private:
  CatalogIdentity identity() const;

  Folder files_;
  std::mutex mutex_;
  CatalogIdentity checked_;  // of the catalog last checked by its sum
  std::vector<std::unique_ptr<Reader>> idle_;
  std::mutex mapping_;
  std::map<std::string, std::shared_ptr<const MappedSpace>> spaces_;  // as last mapped
};

}  // namespace alike::collection

// A writer's session: holds the lock, cleans up after a killed writer, appends rows, commits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "alike/base/folder.h"
#include "alike/base/matrix.h"
#include "alike/collection/catalog/catalog.h"
#include "alike/collection/catalog/lock.h"

namespace alike::collection {

/// The only writer from construction to destruction. Not for several threads.
///
/// A change that adds rows is made in this order, so that all rows of the catalog are there:
///
///   const auto places = writer.append(key, ids, rows);   // in the file and on the disk
///   Transaction transaction(writer.database(), true);
///   … catalog().add_item, catalog().add_row(key, id, places[i]) …
///   writer.commit(transaction);
class Writer {
 public:
  /// The first step.
  enum class Begin {
    clean,  ///< Cut off rows that never counted and remove files that no longer do.
    as_is,  ///< Nothing, since files may be damaged.
  };
  /// Takes the lock (`busy`) and checks the catalog (`corrupt`).
  explicit Writer(const std::filesystem::path& folder, Begin begin = Begin::clean);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// Brings the WAL into the catalog; a rest that cannot be brought waits for the next writer.
  ~Writer();

  Catalog& catalog() { return catalog_; }
  Database& database() { return catalog_.database(); }
  const Folder& folder() const { return folder_; }
  /// Where the files of a space lie, below `folder`.
  std::string space_folder(std::int64_t space);

  /// Writes rows at the end of the space and syncs them. They count once a transaction names the
  /// places in the catalog and is committed with `commit`.
  std::vector<RowPlace> append(std::int64_t space, std::span<const ItemId> ids, MatrixView rows);
  /// Starts a new segment with the next append.
  void begin_segment(std::int64_t space);
  /// Commits `transaction` together with the new ends of the segments.
  void commit(Transaction& transaction);
  /// Brings the WAL into the catalog and writes the sum of the catalog.
  void checkpoint();
  /// Removes files of rows and maps that the catalog does not name. Not between `append` and
  /// `commit`.
  void remove_leftovers();

 private:
  /// Where a space is written to, ahead of the catalog until the next commit.
  struct Tail {
    SegmentEntry segment;
    File file;
    bool changed = false;
  };
  Tail& tail(std::int64_t space);
  void cut_uncommitted();
  void remove_leftover_maps();

  Folder folder_;
  WriterLock lock_;
  Catalog catalog_;
  std::map<std::int64_t, Tail> tails_;
  /// Full segments, by space, that the catalog does not name yet.
  std::vector<std::pair<std::int64_t, SegmentEntry>> finished_;
};

/// "vectors-0007.seg"
std::string segment_name(std::int64_t number);
/// Where the files of the space called `name` lie, relative to the collection's folder.
std::string space_folder_name(const std::string& name);
/// Where the map called `name` lies, relative to the collection's folder.
std::string map_file_name(const std::string& name);

}  // namespace alike::collection

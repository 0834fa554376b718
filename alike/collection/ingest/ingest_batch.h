// Outcomes of reading files → changes of catalog and segments, a batch at a time.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "alike/base/clock.h"
#include "alike/collection/ingest/ingest.h"
#include "alike/collection/ingest/picture_reader.h"
#include "alike/collection/store/writer.h"

namespace alike::collection {

/// An item without a file, which may have gone to another path.
struct Vanished {
  ItemId id = 0;
  std::string path;  ///< Where it was.
  bool has_row = false;
};
using VanishedItems = std::unordered_multimap<std::string, Vanished>;  ///< By content.

/// Commits the outcomes of a run and counts them. One thread.
class IngestBatch {
 public:
  /// One of `vanished` goes on under a new path when a file of its content turns up: of several,
  /// the one whose path ends most alike.
  IngestBatch(Writer& writer, std::int64_t space, const PictureReader& reader,
              VanishedItems vanished);

  /// Makes the outcomes of `tasks` durable, all or none. The outcomes are in the order of the
  /// tasks.
  void keep(const std::vector<const Task*>& tasks, std::vector<Outcome> outcomes);

  /// The counts so far: added, updated, removed, embedded; pictures noted.
  const IngestSummary& summary() const { return summary_; }
  std::uint64_t skipped() const { return skipped_paths_.size(); }
  /// Paths that were skipped in this run.
  const std::set<std::string>& skipped_paths() const { return skipped_paths_; }
  /// Whether a vanished item has been found again.
  bool found_again(ItemId id) const { return found_again_.count(id) != 0; }

 private:
  /// One outcome and its place.
  struct Entry {
    const Task* task = nullptr;
    Outcome outcome;
    Item item;  ///< As it is to be kept; id −1 for a new one, until it gets one.
    bool is_new = false;
    bool moved = false;
    bool content_changed = false;
  };
  Entry prepare(const Task& task, Outcome outcome);
  /// That which goes on as the file at `path` with this content; the end of `vanished_`: none.
  VanishedItems::iterator successor(const std::string& hash, const std::string& path,
                                    bool with_row);
  void append_rows(std::vector<Entry>& entries, std::vector<RowPlace>& places);
  void apply(const Entry& entry);
  void count(const Entry& entry);

  Writer* writer_;
  std::int64_t space_;
  const PictureReader* reader_;
  VanishedItems vanished_;
  std::set<ItemId> found_again_;
  std::set<std::string> skipped_paths_;
  IngestSummary summary_;
};

}  // namespace alike::collection

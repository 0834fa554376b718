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

/// Commits the outcomes of a run and counts them. One thread.
class IngestBatch {
 public:
  /// `vanished`: items without a file, by content; one of them goes on under a new path when a file
  /// of its content turns up.
  IngestBatch(Writer& writer, std::int64_t space, const PictureReader& reader,
              std::unordered_map<std::string, ItemId> vanished);

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
  void append_rows(std::vector<Entry>& entries, std::vector<RowPlace>& places);
  void apply(const Entry& entry);
  void count(const Entry& entry);

  Writer* writer_;
  std::int64_t space_;
  const PictureReader* reader_;
  std::unordered_map<std::string, ItemId> vanished_;
  std::set<ItemId> found_again_;
  std::set<std::string> skipped_paths_;
  IngestSummary summary_;
};

}  // namespace alike::collection

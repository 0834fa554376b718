// One pass of an ingest: look, compare, read, keep, forget.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "alike/collection/ingest/ingest.h"
#include "alike/collection/ingest/ingest_batch.h"
#include "alike/collection/ingest/space_plan.h"

namespace alike::collection {

/// Made for one folder and one set of options; may run again and again, and keeps the encoder
/// loaded between runs.
class IngestRun {
 public:
  IngestRun(std::filesystem::path folder, std::filesystem::path pictures, IngestOptions options);

  /// See `ingest`.
  IngestSummary run(const Watcher& watcher);

 private:
  /// The catalog's entry of a path.
  struct Entry {
    ItemId id = 0;
    std::uint64_t size = 0;
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    bool has_row = false;
    bool seen = false;
    bool imported = false;
  };
  /// The state of one run.
  struct Pass {
    Writer writer;
    SpacePlan plan;
    std::int64_t space = -1;  ///< Key; −1 until a new space is made.
    std::unordered_map<std::string, Entry> known;
    Scan scan;
    std::vector<Task> tasks;
    std::vector<Task> sample;              ///< Those that a transform was fitted on …
    std::vector<Outcome> sample_outcomes;  ///< …, its outcomes, without the rows, …
    std::vector<float> sample_rows;        ///< … and these as the encoder gave them.
    VanishedItems vanished;
    std::unordered_set<std::string> vanished_with_row;  ///< Content.
    Excludes excludes;
    /// Items whose change of status is seen for the first time.
    std::vector<std::pair<ItemId, std::int64_t>> first_changed;
    IngestSummary summary;

    explicit Pass(const std::filesystem::path& folder) : writer(folder) {}
    /// Whether the file of an item is not there any more.
    bool lost(const std::string& path, const Entry& item) const;
    /// Gives back the memory that grows with the number of pictures, once all are done.
    void forget_pictures();
  };
  void load_known(Pass& pass) const;
  /// The patterns of the collection, with the changes asked for; kept once the run has ended well.
  void bring_excludes(Pass& pass) const;
  /// Whether the file of an item is as it was.
  bool unchanged(const Entry& item, const FoundFile& file) const;
  void look(Pass& pass, const Watcher& watcher) const;
  /// Keeps what was on a disk that is away.
  void keep_absent_mounts(Pass& pass) const;
  /// Whether a known picture below `folder` was found.
  static bool shows_known(const Pass& pass, const std::string& folder);
  /// The items to forget; none when they are more than half of all, for the first time.
  std::vector<ItemId> to_forget(Pass& pass, const IngestBatch* ingested);
  void compare(Pass& pass) const;
  /// Throws when the folder lost all of its pictures at once, unless that is allowed.
  void check_not_emptied(const Pass& pass) const;
  void load_encoder(Pass& pass);
  void make_space(Pass& pass, const Watcher& watcher);
  encode::Pca fit_pca(Pass& pass, const encode::PcaOptions& options, const Watcher& watcher);
  void keep_sample(Pass& pass, IngestBatch& ingested) const;
  void process(Pass& pass, const Watcher& watcher);
  void forget(Pass& pass, const IngestBatch* ingested);
  /// The package of a space that an older alike made.
  static void remember_old(Pass& pass);
  void bring_index(Pass& pass, const Watcher& watcher) const;

  std::filesystem::path folder_;
  std::filesystem::path pictures_;
  IngestOptions options_;
  /// Kept between runs, with the name of the space it belongs to.
  std::string loaded_for_;
  std::optional<encode::Embedder> embedder_;
  std::string missing_;  ///< Which items this object found gone and kept; see `to_forget`.
};

}  // namespace alike::collection

// Folder of pictures → collection: finds new, changed, moved and removed pictures; embeds them.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "alike/base/progress.h"
#include "alike/collection/collection.h"

namespace alike::collection {

/// Which space to bring up to date, and how to make it when it is not there yet. Fields left empty
/// are as in the space; a field that differs from the space is `invalid_argument`.
struct IngestOptions {
  std::string space{};  ///< Empty: the default space when the other fields fit it, else a name made
                        ///< of encoder, layer, pooling and transform.
  std::string encoder{};  ///< Empty: that of the space; `encode::kDefaultEncoder` for a new one.
  std::string layer{};
  std::optional<encode::Pooling> pooling{};
  std::optional<encode::PcaOptions> pca{};
  std::optional<IndexKind> index{};  ///< Which index the space is to have from now on.
  /// Drop pictures however many are gone at once. Otherwise a disk is thought to be away: a folder
  /// without any picture left is `not_found`; those of a folder that was on another device and is
  /// not now are kept; those that are gone are kept when they are more than half of all, until a
  /// later call (of another `ingest`) finds the same ones gone.
  bool allow_empty = false;
  /// Read every file and compare its content, also where size and times are as they were.
  bool reread = false;
  /// Patterns (excludes.h) that the collection keeps from now on, and some that it keeps no longer.
  std::vector<std::string> exclude{};
  std::vector<std::string> include{};
  int threads = 1;  ///< Pictures decoded and encoded at once. The rows do not depend on it.
};

/// The counts of a run.
struct IngestSummary {
  std::uint64_t added = 0;     ///< Pictures not known before.
  std::uint64_t updated = 0;   ///< Known pictures with a new content or path.
  std::uint64_t removed = 0;   ///< Pictures without their file, and those left out from now on.
  std::uint64_t missing = 0;   ///< Pictures without their file that are kept for now.
  std::uint64_t away = 0;      ///< Pictures of disks that are not mounted; kept.
  std::uint64_t left_out = 0;  ///< Files and folders that a pattern leaves out.
  std::uint64_t unchanged = 0;
  std::vector<Skipped> skipped;  ///< All files not taken, also those skipped in earlier runs.
  std::vector<Skipped> noted;  ///< Pictures embedded in this run, though their files have a fault.
  std::uint64_t ignored = 0;   ///< Files that are no pictures and are not called like one.
  double seconds = 0;
  double images_per_second = 0;  ///< Embedded pictures only.
  std::string space;
  IndexChange index;
  std::uint64_t embedded = 0;  ///< Rows written to the space, among them those of known pictures.
};

/// Brings one space up to date with the folder. Work reported as done is durable. Ends early,
/// throwing `interrupted`, when `watcher.stop` is requested; the next call goes on from there.
/// Where the space was imported and `index` alone is given, only its index changes. Throws `busy`
/// with the holder's process id when another process writes, `io` for a full disk, `not_found` as
/// `IngestOptions::allow_empty` says.
IngestSummary ingest(Collection& collection, const IngestOptions& options, const Watcher& watcher);

/// As `ingest`, again after every change of the folder, until stopped; `after_each` gets the
/// summary of each round that changed something, and of the first.
void ingest_and_watch(Collection& collection, const IngestOptions& options, const Watcher& watcher,
                      const std::function<void(const IngestSummary&)>& after_each);

/// Takes rows made elsewhere as a new space. Row i belongs to item i; in a collection without items
/// they are made, named by `paths` where given. With items there, `paths` has the path of each
/// row's item. Rows with NaN or infinity are `invalid_argument`. `chain`: how the space is reduced
/// (not under inner product, which a PCA changes) and searched. Returns the number of rows taken.
std::uint64_t import_rows(Collection& collection, MatrixView rows,
                          const std::vector<std::string>& paths, const std::string& space,
                          index::Metric metric, const IndexChain& chain = {});

}  // namespace alike::collection

// Care of a collection on disk: find damage, mend it, give space back, keep a copy.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "alike/base/error.h"
#include "alike/base/progress.h"
#include "alike/collection/collection.h"

namespace alike::collection {

/// One damaged place.
struct Damage {
  std::string file;          ///< Relative to the collection's folder; absolute: of an encoder.
  std::uint64_t offset = 0;  ///< Of the damaged 4-KiB block or field, bytes from the start.
  std::string what;
  Remedy remedy;

  friend bool operator==(const Damage&, const Damage&) = default;
};

/// The findings of `verify`.
struct VerifyReport {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t items = 0;
  std::uint64_t rows = 0;
  std::vector<Damage> damage;  ///< Empty: all is well.
};

/// Reads every byte of the collection at `folder` and checks it, also when it cannot be opened; and
/// whether the encoders that are here still give the rows of its spaces.
VerifyReport verify(const std::filesystem::path& folder, const Watcher& watcher);

/// The findings of `verify_pictures`.
struct PicturesReport {
  std::uint64_t pictures = 0;      ///< That were looked for.
  std::uint64_t bytes = 0;         ///< That were read.
  std::vector<Skipped> differing;  ///< Gone, not readable, or of another content than indexed.
};

/// Reads every picture of the collection and compares its content with the one that was indexed.
/// Throws as `Collection::readable_pictures`.
PicturesReport verify_pictures(const Collection& collection, const Watcher& watcher);

/// One thing that `repair` did.
struct Mended {
  std::string what;              ///< A sentence.
  std::optional<Remedy> remedy;  ///< Makes the lost part again.
};

/// The actions of `repair`.
struct RepairReport {
  std::vector<Mended> done;
  std::uint64_t rows_lost = 0;  ///< Rows dropped; the next `alike index` makes them again.
};

/// Mends what `verify` finds: a block that differs by one flipped bit is put right from its
/// checksum; rows in worse blocks are dropped; a catalog beyond that is rebuilt from its readable
/// part. Throws `corrupt` with the way out when nothing helps. Takes the writer lock.
RepairReport repair(const std::filesystem::path& folder, const Watcher& watcher);

/// The gain of `compact`.
struct CompactReport {
  std::uint64_t bytes_before = 0;
  std::uint64_t bytes_after = 0;
};

/// Rewrites segments that hold dead rows and packs the catalog. Readers go on. Takes the writer
/// lock.
CompactReport compact(const std::filesystem::path& folder, const Watcher& watcher);

/// Writes all of the collection (not the pictures) into one checked file, as of one moment, while
/// others may write. `file` must not exist.
void snapshot(const std::filesystem::path& folder, const std::filesystem::path& file,
              const Watcher& watcher);

/// Makes a collection at `folder`, which must not exist, from a snapshot of pictures that now lie
/// under `pictures`, which is made when it is not there. The file is checked whole before anything
/// is written. Throws `corrupt`.
void restore(const std::filesystem::path& file, const std::filesystem::path& folder,
             const std::filesystem::path& pictures, const Watcher& watcher);

}  // namespace alike::collection

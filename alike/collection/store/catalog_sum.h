// catalog.sum: checksums of the catalog's 4-KiB blocks, since SQLite has none of its own.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "alike/base/folder.h"

namespace alike::collection {

/// The checksums of `catalog.db`, block by block, without its WAL, whose frames SQLite checks
/// itself. The file of sums is removed before a checkpoint and written after it.
struct CatalogSum {
  std::uint64_t file_size = 0;
  std::vector<std::uint64_t> blocks;  ///< XXH3 of each 4-KiB block of `catalog.db`.
};

/// A damaged place in one of the two files.
struct CatalogDamage {
  std::string file;  ///< "catalog.db" or "catalog.sum".
  std::uint64_t offset = 0;
  std::string what;
};

/// Measures `catalog.db` and replaces `catalog.sum`.
void write_catalog_sum(const Folder& folder);
/// Removes the checksums before the catalog changes.
void remove_catalog_sum(const Folder& folder);
/// nullopt when there is none. Throws `corrupt` when it is damaged itself.
std::optional<CatalogSum> read_catalog_sum(const Folder& folder);
/// All damaged places of the two files, as far as they are known; empty when there is no sum.
std::vector<CatalogDamage> catalog_damage(const Folder& folder);

/// Whether the catalog was checked by its sum. Throws `corrupt` naming file, offset and remedy when
/// it differs. `alone`: the caller holds the writer lock; otherwise a writer may be between two
/// states, which is waited for.
bool check_catalog(const Folder& folder, bool alone);

/// Flips single bits of the 8 bytes of `catalog.sum` around `offset` until it is whole, and writes
/// it; false when that does not help.
bool mend_sum_near(const Folder& folder, std::uint64_t offset);

/// Flips single bits of `block` until its XXH3 is `wanted`; false, with `block` as it was, when
/// none does.
bool mend_one_bit(std::vector<std::byte>& block, std::uint64_t wanted);

}  // namespace alike::collection

// The bytes of catalog.db, read and written without taking SQLite's locks away.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>

#include "alike/base/folder.h"

struct sqlite3;
struct sqlite3_file;

namespace alike::collection {

/// `catalog.db`, opened by SQLite, which closes a file only when no connection of this process has
/// it locked. A `File` would not do: closing one drops all locks (fcntl) that the process has on
/// that file. One thread at a time.
class CatalogFile {
 public:
  enum class Mode { read, update };
  /// Throws `not_found`, `corrupt` for anything but a regular file or, for `update`, one with a
  /// second name, and `io`.
  CatalogFile(const Folder& folder, Mode mode);
  CatalogFile(const CatalogFile&) = delete;
  CatalogFile& operator=(const CatalogFile&) = delete;
  ~CatalogFile();

  std::uint64_t size() const;
  /// As the functions of `File`.
  void read_at(std::uint64_t offset, std::span<std::byte> into) const;
  void write_at(std::uint64_t offset, std::span<const std::byte> bytes);
  void sync();

 private:
  [[noreturn]] void fail(int result, const char* doing) const;

  std::filesystem::path path_;
  sqlite3* handle_ = nullptr;
  sqlite3_file* file_ = nullptr;
};

}  // namespace alike::collection

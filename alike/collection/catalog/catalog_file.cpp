#include "alike/collection/catalog/catalog_file.h"

#include <sqlite3.h>

#include <algorithm>
#include <new>
#include <string>

#include "alike/base/error.h"
#include "alike/base/paths.h"

namespace alike::collection {
namespace {

constexpr const char* kName = "catalog.db";
constexpr std::size_t kMostAtOnce = 64 << 10;  // the most that SQLite itself reads or writes

}  // namespace

CatalogFile::CatalogFile(const Folder& folder, Mode mode) : path_(folder.path() / kName) {
  if (!folder.size_of(kName)) {
    throw Error(ErrorCode::not_found, "'" + path_.native() + "' is not there");
  }
  if (mode == Mode::update) folder.check_one_name(kName);
  const auto real = real_path(folder.path()) / kName;
  const int access = mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  int result = sqlite3_open_v2(
      real.c_str(), &handle_,
      access | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  if (result == SQLITE_OK) {
    result = sqlite3_file_control(handle_, "main", SQLITE_FCNTL_FILE_POINTER, &file_);
  }
  if (result == SQLITE_OK && file_ != nullptr && file_->pMethods != nullptr) return;
  const int system = sqlite3_system_errno(handle_);
  sqlite3_close_v2(handle_);
  if (system == 0 || (result & 0xFF) == SQLITE_NOMEM) fail(result, "cannot open");
  throw_system_error("cannot open", path_.native(), system);
}

CatalogFile::~CatalogFile() { sqlite3_close_v2(handle_); }

std::uint64_t CatalogFile::size() const {
  sqlite3_int64 size = 0;
  const int result = file_->pMethods->xFileSize(file_, &size);
  if (result != SQLITE_OK) fail(result, "cannot stat");
  return static_cast<std::uint64_t>(size);
}

void CatalogFile::read_at(std::uint64_t offset, std::span<std::byte> into) const {
  while (!into.empty()) {
    const auto part = into.first(std::min(into.size(), kMostAtOnce));
    const int result = file_->pMethods->xRead(file_, part.data(), static_cast<int>(part.size()),
                                              static_cast<sqlite3_int64>(offset));
    if (result == SQLITE_IOERR_SHORT_READ) {
      throw Error(ErrorCode::corrupt, "'" + path_.native() + "' ends behind byte " +
                                          std::to_string(offset) + ", where more was expected");
    }
    if (result != SQLITE_OK) fail(result, "cannot read");
    into = into.subspan(part.size());
    offset += part.size();
  }
}

void CatalogFile::write_at(std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const auto part = bytes.first(std::min(bytes.size(), kMostAtOnce));
    const int result = file_->pMethods->xWrite(file_, part.data(), static_cast<int>(part.size()),
                                               static_cast<sqlite3_int64>(offset));
    if (result != SQLITE_OK) fail(result, "cannot write");
    bytes = bytes.subspan(part.size());
    offset += part.size();
  }
}

void CatalogFile::sync() {
  const int result = file_->pMethods->xSync(file_, SQLITE_SYNC_FULL);
  if (result != SQLITE_OK) fail(result, "cannot sync");
}

void CatalogFile::fail(int result, const char* doing) const {
  if ((result & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
  const auto code = (result & 0xFF) == SQLITE_FULL ? ErrorCode::no_space : ErrorCode::io;
  throw Error(code, std::string(doing) + " '" + path_.native() + "': " + sqlite3_errstr(result));
}

}  // namespace alike::collection

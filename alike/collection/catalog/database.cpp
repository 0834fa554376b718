#include "alike/collection/catalog/database.h"

#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <new>
#include <string_view>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/paths.h"
#include "alike/base/text.h"
#include "alike/collection/catalog/database_files.h"

namespace alike::collection {
namespace {

/// Steps of the virtual machine between two looks at how many there were.
constexpr int kStepsAtOnce = 100'000;
/// Steps that a statement may take: so many whatever the size, and so many for a byte of the file.
/// A check of all of a catalog takes about 2 for a byte, a search in it less.
constexpr std::uint64_t kFreeSteps = 20'000'000;
constexpr std::uint64_t kStepsPerByte = 25;
/// How long a statement waits for another connection.
constexpr int kPatienceMs = 10'000;
/// How long a checkpoint waits for readers. The next one takes what it leaves, so no writer stands
/// still for a reader that holds its version for minutes.
constexpr int kCheckpointMs = 1'000;
/// A file with holes counts no more than this beyond its blocks on the disk.
constexpr std::uint64_t kUnallocated = 64 << 20;

std::uint64_t counted_size(const std::string& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return 0;
  const auto on_disk = static_cast<std::uint64_t>(status.st_blocks) * 512;
  return std::min(static_cast<std::uint64_t>(status.st_size), std::max(on_disk, kUnallocated));
}

/// `system`: errno of the call that failed, or 0.
ErrorCode code_of(int result, int system) {
  if (system == ENOSPC || system == EDQUOT || result == SQLITE_IOERR_SHMSIZE) {
    return ErrorCode::no_space;
  }
  switch (result & 0xFF) {
    case SQLITE_INTERRUPT:
    case SQLITE_CORRUPT:
    case SQLITE_CONSTRAINT:  // rows of the file do not fit those that alike writes
    case SQLITE_NOTADB: return ErrorCode::corrupt;
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return ErrorCode::busy;
    case SQLITE_FULL: return ErrorCode::no_space;
    default: return ErrorCode::io;
  }
}

int flags_of(Database::Mode mode) {
  switch (mode) {
    case Database::Mode::create: return SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Database::Mode::immutable: return SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
    case Database::Mode::read_only: return SQLITE_OPEN_READONLY;
    default: return SQLITE_OPEN_READWRITE;
  }
}

/// A file: URI of an absolute path, its special bytes written as %XX.
std::string uri_of(const std::string& path) {
  std::string uri = "file:";
  for (const char byte : path) {
    if (byte == '%' || byte == '?' || byte == '#') {
      constexpr std::string_view kDigits = "0123456789ABCDEF";
      const auto value = static_cast<unsigned char>(byte);
      uri += '%';
      uri += kDigits[value >> 4];
      uri += kDigits[value & 15];
    } else {
      uri += byte;
    }
  }
  return uri + "?immutable=1";
}

}  // namespace

Database::Database(const std::filesystem::path& file, Mode mode) : file_(file), mode_(mode) {
  std::string name = ":memory:";
  if (mode != Mode::memory) {
    check_database_files(file, mode);
    // The folder is its owner's to name, through links or not; the file itself is no link.
    name = (real_path(absolute_path(file).parent_path()) / file.filename()).native();
  }
  if (mode == Mode::immutable) name = uri_of(name);
  const int result = sqlite3_open_v2(
      name.c_str(), &handle_,
      flags_of(mode) | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  try {
    if (result != SQLITE_OK) fail("open");
    sqlite3_busy_timeout(handle_, kPatienceMs);
    set_guards();
    add_functions();
    checkpoint_on_close(false);
    run("PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;");
    if (mode == Mode::create) run("PRAGMA journal_mode=WAL;");
    if (mode == Mode::create || mode == Mode::write) {
      run("PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA foreign_keys=OFF;");
    } else if (mode != Mode::memory) {
      run("PRAGMA query_only=ON;");
    }
  } catch (...) {
    sqlite3_close_v2(handle_);
    throw;
  }
}

Database::~Database() { sqlite3_close_v2(handle_); }

void Database::set_guards() {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr);
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
  sqlite3_limit(handle_, SQLITE_LIMIT_LENGTH, 1 << 30);
  sqlite3_limit(handle_, SQLITE_LIMIT_SQL_LENGTH, 1 << 20);
  sqlite3_limit(handle_, SQLITE_LIMIT_COLUMN, 64);
  sqlite3_limit(handle_, SQLITE_LIMIT_COMPOUND_SELECT, 8);
  sqlite3_limit(handle_, SQLITE_LIMIT_ATTACHED, 1);  // VACUUM attaches the copy
  sqlite3_limit(handle_, SQLITE_LIMIT_TRIGGER_DEPTH, 1);
  sqlite3_limit(handle_, SQLITE_LIMIT_WORKER_THREADS, 0);
  sqlite3_progress_handler(handle_, kStepsAtOnce, &Database::after_steps, this);
}

void Database::add_functions() {
  const auto compose = [](sqlite3_context* context, int, sqlite3_value** values) {
    const auto* bytes = static_cast<const char*>(sqlite3_value_blob(values[0]));
    const auto size = static_cast<std::size_t>(sqlite3_value_bytes(values[0]));
    try {
      const std::string text = bytes == nullptr ? "" : composed({bytes, size});
      sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    } catch (const std::bad_alloc&) {
      sqlite3_result_error_nomem(context);
    }
  };
  const int kind = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  if (sqlite3_create_function_v2(handle_, "composed", 1, kind, nullptr, compose, nullptr, nullptr,
                                 nullptr) != SQLITE_OK) {
    fail("open");
  }
}

int Database::after_steps(void* database) {
  auto& self = *static_cast<Database*>(database);
  self.steps_ += kStepsAtOnce;
  if (self.steps_ < kFreeSteps) return 0;
  const std::string file = self.file_.native();
  const std::uint64_t bytes = counted_size(file) + counted_size(file + "-wal");
  return self.steps_ > kFreeSteps + kStepsPerByte * bytes ? 1 : 0;
}

void Database::run(const char* sql) {
  begin_steps();
  if (sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail("run");
}

void Database::run_aside(const char* sql) {
  const bool writes = mode_ == Mode::create || mode_ == Mode::write;
  if (!writes) run("PRAGMA query_only=OFF;");
  run(sql);
  if (!writes) run("PRAGMA query_only=ON;");
}

Statement Database::prepare(std::string_view sql) {
  begin_steps();
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, nullptr) !=
      SQLITE_OK) {
    fail("prepare");
  }
  return {*this, statement};
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_); }

std::int64_t Database::data_version() {
  auto statement = prepare("PRAGMA data_version");
  statement.step();
  return statement.integer(0);
}

bool Database::checkpoint() {
  int left = 0;
  int moved = 0;
  sqlite3_busy_timeout(handle_, kCheckpointMs);
  const int result =
      sqlite3_wal_checkpoint_v2(handle_, nullptr, SQLITE_CHECKPOINT_TRUNCATE, &left, &moved);
  sqlite3_busy_timeout(handle_, kPatienceMs);
  if (result == SQLITE_BUSY) return false;
  if (result != SQLITE_OK) fail("checkpoint");
  return true;
}

void Database::copy_to(const std::filesystem::path& file) {
  run("PRAGMA query_only=OFF;");  // it would hold for the copy, too
  prepare("VACUUM INTO ?").bind(file.native()).run();
  run("PRAGMA query_only=ON;");
}

void Database::checkpoint_on_close(bool allowed) {
  sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, allowed ? 0 : 1, nullptr);
}

bool Database::lacks_memory() const {
  constexpr std::size_t kMuch = 256 << 20;
  const std::unique_ptr<std::byte, decltype(&std::free)> some(
      static_cast<std::byte*>(std::malloc(kMuch)), &std::free);
  if (some == nullptr) return true;
  bool sound = false;
  const auto look = [](void* to, int, char** values, char**) {
    *static_cast<bool*>(to) = values[0] != nullptr && std::string_view(values[0]) == "ok";
    return 0;
  };
  const int result = sqlite3_exec(handle_, "PRAGMA quick_check(1)", look, &sound, nullptr);
  return result == SQLITE_OK && sound;
}

void Database::fail(std::string_view doing) const {
  const int result = sqlite3_extended_errcode(handle_);
  if ((result & 0xFF) == SQLITE_NOMEM) {
    if (lacks_memory()) throw std::bad_alloc();
    throw Error(ErrorCode::corrupt,
                "'" + file_.native() + "': a page of it asks for more memory than there can be",
                repair_remedy());
  }
  const bool of_system = (result & 0xFF) == SQLITE_IOERR || (result & 0xFF) == SQLITE_CANTOPEN;
  const ErrorCode code = code_of(result, of_system ? sqlite3_system_errno(handle_) : 0);
  std::string sentence =
      "'" + file_.native() + "': cannot " + std::string(doing) + ": " + sqlite3_errmsg(handle_);
  if (result == SQLITE_INTERRUPT) {
    sentence = "'" + file_.native() + "': " + std::to_string(steps_) +
               " steps of one statement are more than a catalog of this size can need: it is "
               "damaged, or made so that reading it never ends";
  }
  if (code == ErrorCode::no_space) {
    sentence += ": the disk is full; free some space and run the same command again";
  }
  if (code == ErrorCode::corrupt) throw Error(code, sentence, repair_remedy());
  throw Error(code, sentence);
}

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_),
      handle_(std::exchange(other.handle_, nullptr)),
      bound_(other.bound_) {}

Statement::~Statement() { sqlite3_finalize(handle_); }

Statement& Statement::bound(int result) {
  // Otherwise NULL would be kept in the place of a text that there was no memory for.
  if (result != SQLITE_OK) database_->fail("bind");
  return *this;
}

Statement& Statement::bind(std::int64_t value) {
  return bound(sqlite3_bind_int64(handle_, ++bound_, value));
}

Statement& Statement::bind(double value) {
  return bound(sqlite3_bind_double(handle_, ++bound_, value));
}

Statement& Statement::bind(const std::string& text) {
  return bound(sqlite3_bind_text64(handle_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT,
                                   SQLITE_UTF8));
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  // A null pointer would mean NULL; an empty view may hold one.
  return bound(sqlite3_bind_blob64(handle_, ++bound_, bytes.empty() ? "" : bytes.data(),
                                   bytes.size(), SQLITE_TRANSIENT));
}

Statement& Statement::bind_null() { return bound(sqlite3_bind_null(handle_, ++bound_)); }

Statement& Statement::bind_from(const Statement& other, int column) {
  return bound(sqlite3_bind_value(handle_, ++bound_, sqlite3_column_value(other.handle_, column)));
}

bool Statement::step() {
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) database_->fail("read or write");
  return false;
}

void Statement::run() {
  while (step()) {
  }
  reset();
}

void Statement::reset() {
  sqlite3_reset(handle_);
  database_->begin_steps();
  bound_ = 0;
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(handle_, column); }

double Statement::real(int column) const { return sqlite3_column_double(handle_, column); }

std::string Statement::text(int column) const {
  const void* bytes = sqlite3_column_blob(handle_, column);
  const int size = sqlite3_column_bytes(handle_, column);
  if (bytes == nullptr) {
    if (sqlite3_errcode(sqlite3_db_handle(handle_)) == SQLITE_NOMEM) throw std::bad_alloc();
    return {};
  }
  return {static_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

Transaction::Transaction(Database& database, bool write) : database_(&database) {
  database.run(write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (database_ == nullptr) return;
  try {
    database_->run("ROLLBACK");
  } catch (const std::exception&) {
    // SQLite has rolled back by itself, as it does after a full disk.
  }
}

void Transaction::commit() {
  database_->run("COMMIT");
  database_ = nullptr;
}

}  // namespace alike::collection

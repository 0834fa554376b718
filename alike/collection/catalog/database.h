// SQLite in alike's words: one connection, statements with bound values, errors as `Error`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace alike::collection {

class Statement;

/// One connection. One thread at a time. Every failure is an `Error`: `corrupt` with the command
/// that repairs, `no_space`, `busy`, `io`, each with SQLite's own words. The file is not trusted:
/// views and triggers are off, and a statement that takes more steps than the size of the file
/// explains ends as `corrupt`. `std::bad_alloc` where memory ran out.
class Database {
 public:
  enum class Mode {
    read,       ///< Sees each commit of a writer; writes nothing but SQLite's own shared memory.
    read_only,  ///< As `read` without leave to write: uses the shared memory that is there.
    immutable,  ///< The file cannot change, such as on read-only media; nothing is written at all.
    write,      ///< WAL, synchronous=FULL, no checkpoint but those asked for.
    create,     ///< As `write`; makes the file.
    memory,     ///< An empty database without a file.
  };

  Database(const std::filesystem::path& file, Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Runs statements that take no values.
  void run(const char* sql);
  /// As `run`, for statements that do not change the file, also where that is read-only.
  void run_aside(const char* sql);
  /// A statement kept for the life of the connection, ready to bind.
  Statement prepare(std::string_view sql);
  /// Rows changed by the last statement.
  std::int64_t changes() const;
  /// Grows whenever another connection commits.
  std::int64_t data_version();
  /// Moves all of the WAL into the file and empties it; false when a reader kept some of it from
  /// being moved for a second.
  bool checkpoint();
  /// Writes the database as of now, packed, to `file`, which must not exist.
  void copy_to(const std::filesystem::path& file);
  /// Whether closing the last connection may move the WAL into the file and remove it. Off until
  /// said: a reader that may not write needs the WAL and its shared memory to be there.
  void checkpoint_on_close(bool allowed);

  const std::filesystem::path& file() const { return file_; }
  Mode mode() const { return mode_; }

 private:
  friend class Statement;
  [[noreturn]] void fail(std::string_view doing) const;
  /// Whether it is memory that SQLite misses when it says so: it also does of some damaged pages.
  bool lacks_memory() const;
  void set_guards();
  /// composed(path): `alike::composed`, for filters. No schema may call it.
  void add_functions();
  /// A statement begins.
  void begin_steps() { steps_ = 0; }
  /// Called by SQLite every so many steps; not 0: the statement has to end.
  static int after_steps(void* database);

  std::filesystem::path file_;
  Mode mode_;
  sqlite3* handle_ = nullptr;
  std::uint64_t steps_ = 0;  ///< Of the virtual machine, of the statement that runs.
};

/// A prepared statement. Values are bound in order with `bind`, rows read with `step`.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  ~Statement();

  Statement& bind(std::int64_t value);
  Statement& bind(std::uint64_t value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
  Statement& bind(double value);
  Statement& bind(const std::string& text);
  /// Bytes of any kind, stored as a BLOB.
  Statement& bind_bytes(std::string_view bytes);
  Statement& bind_null();
  /// The value of a column of another statement's row, of whatever kind.
  Statement& bind_from(const Statement& other, int column);

  /// True when there is a row to read.
  bool step();
  /// Runs to the end and makes ready for the next values.
  void run();
  /// Makes ready for the next values.
  void reset();

  std::int64_t integer(int column) const;
  double real(int column) const;
  /// Text or bytes, "" for NULL.
  std::string text(int column) const;

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* handle) : database_(&database), handle_(handle) {}
  Statement& bound(int result);

  Database* database_;
  sqlite3_stmt* handle_;
  int bound_ = 0;
};

/// A transaction; rolled back unless committed.
class Transaction {
 public:
  /// `write`: takes SQLite's write lock at once.
  explicit Transaction(Database& database, bool write = false);
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();
  void commit();

 private:
  Database* database_;
};

}  // namespace alike::collection

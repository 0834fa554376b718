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
/// that repairs, `io` (a full disk by name), `busy`, each with SQLite's own words; but
/// `std::bad_alloc` where memory ran out.
class Database {
 public:
  enum class Mode {
    read,       ///< Sees each commit of a writer; writes nothing but SQLite's own shared memory.
    immutable,  ///< The file cannot change, such as on read-only media; nothing is written at all.
    write,      ///< WAL, synchronous=FULL, no checkpoint but those asked for.
    create,     ///< As `write`; makes the file.
  };

  Database(const std::filesystem::path& file, Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  /// Runs statements that take no values.
  void run(const char* sql);
  /// A statement kept for the life of the connection, ready to bind.
  Statement prepare(std::string_view sql);
  /// Rows changed by the last statement.
  std::int64_t changes() const;
  /// Grows whenever another connection commits.
  std::int64_t data_version();
  /// Moves all of the WAL into the file and empties it; false when a reader kept some of it from
  /// being moved.
  bool checkpoint();
  /// Writes the database as of now, packed, to `file`, which must not exist.
  void copy_to(const std::filesystem::path& file);
  /// Whether closing may move the WAL into the file and remove it (it does by itself when this is
  /// the last connection). Off until said.
  void checkpoint_on_close(bool allowed);

  const std::filesystem::path& file() const { return file_; }

 private:
  friend class Statement;
  [[noreturn]] void fail(std::string_view doing) const;

  std::filesystem::path file_;
  sqlite3* handle_ = nullptr;
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

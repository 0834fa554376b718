#include "alike/collection/catalog/database_files.h"

#include <string>

#include "alike/base/error.h"
#include "alike/base/folder.h"

namespace alike::collection {

void check_database_files(const std::filesystem::path& file, Database::Mode mode) {
  const Folder folder(file.has_parent_path() ? file.parent_path() : ".");
  const std::string name = file.filename().native();
  using Mode = Database::Mode;
  const bool is_writing = mode == Mode::create || mode == Mode::write;
  for (const char* end : {"", "-wal", "-shm"}) {
    const std::string each = name + end;
    if (!folder.size_of(each)) continue;
    // SQLite writes its shared memory for readers as well, where they may.
    const bool is_shared = mode == Mode::read && each.ends_with("-shm");
    if (!is_writing && !is_shared) continue;
    // Not opened: closing it would drop the locks that SQLite holds on it in this process.
    folder.check_one_name(each);
  }
  if (folder.links_of(name + "-journal") == 0) return;
  throw Error(ErrorCode::corrupt, "'" + (folder.path() / (name + "-journal")).native() +
                                      "' is a journal, and alike leaves none; it could make "
                                      "SQLite remove other files: move it away");
}

}  // namespace alike::collection

#include "alike/base/draft_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>

#include "alike/base/error.h"

namespace alike {
namespace {

namespace fs = std::filesystem;

enum class Holder {
  us,      ///< Now.
  other,   ///< Another process, or it is no folder (any more).
  nobody,  ///< Such a file system has no locks.
};

Holder lock(File& folder) {
  constexpr int kFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
  folder = File(folder.path(), ::open(folder.path().c_str(), kFlags));
  if (!folder.is_open()) return Holder::other;
  if (::flock(folder.descriptor(), LOCK_EX | LOCK_NB) == 0) return Holder::us;
  return errno == EWOULDBLOCK ? Holder::other : Holder::nobody;
}

/// What killed processes have left: folders whose name is that of `start` and six letters more.
void remove_abandoned(const fs::path& start) {
  std::error_code ignored;
  const std::string beginning = start.filename().native();
  const fs::path parent = start.has_parent_path() ? start.parent_path() : ".";
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    const std::string name = entry.path().filename().native();
    if (!name.starts_with(beginning) || name.size() != beginning.size() + 6) continue;
    File folder(entry.path(), -1);
    if (lock(folder) == Holder::us) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

DraftFolder::DraftFolder(const fs::path& path) {
  const std::string start = path.native() + ".draft-";
  remove_abandoned(start);
  while (true) {
    std::string name = start + "XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) {
      throw_system_error("cannot make a folder beside", path.native(), errno);
    }
    path_ = name;
    lock_ = File(path_, -1);
    // Until it is locked another process may take it for an abandoned one.
    struct stat status {};
    const bool ours = lock(lock_) != Holder::other;
    if (ours && ::fstat(lock_.descriptor(), &status) == 0 && status.st_nlink > 0) return;
  }
}

DraftFolder::~DraftFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

}  // namespace alike

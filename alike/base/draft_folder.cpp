#include "alike/base/draft_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string>
#include <string_view>

#include "alike/base/error.h"

namespace alike {
namespace {

namespace fs = std::filesystem;

/// A prefix that no user would choose.
constexpr std::string_view kBeginning = ".alike-draft-";

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

/// Whether it is one that this class made, for this user.
bool is_draft(const File& folder) {
  struct stat status {};
  return ::fstat(folder.descriptor(), &status) == 0 && status.st_uid == ::geteuid() &&
         (status.st_mode & 07777) == 0700;
}

/// Drafts left by killed processes.
void remove_abandoned(const fs::path& parent) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(parent, ignored)) {
    const std::string name = entry.path().filename().native();
    if (!name.starts_with(kBeginning) || name.size() != kBeginning.size() + 6) continue;
    File folder(entry.path(), -1);
    if (lock(folder) == Holder::us && is_draft(folder)) fs::remove_all(entry.path(), ignored);
  }
}

}  // namespace

DraftFolder::DraftFolder(const fs::path& path) {
  const fs::path parent = path.has_parent_path() ? path.parent_path() : ".";
  remove_abandoned(parent);
  while (true) {
    std::string name = (parent / kBeginning).native() + "XXXXXX";
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

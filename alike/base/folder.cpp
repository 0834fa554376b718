#include "alike/base/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "alike/base/error.h"

namespace alike {
namespace {

constexpr int kFolderFlags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
constexpr int kMostFolders = 16;  ///< In each other, that are removed: alike makes two.

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw Error(ErrorCode::corrupt, "'" + path.native() + "' " + what);
}

[[noreturn]] void refuse_link(const std::filesystem::path& path) {
  refuse(path,
         "is a symbolic link; none is followed within the folder of a collection, since it could "
         "lead to any file: put what it leads to in its place, or move the whole folder and name "
         "it with --collection PATH");
}

[[noreturn]] void refuse_kind(const std::filesystem::path& path, mode_t mode) {
  if (S_ISLNK(mode)) refuse_link(path);
  const char* kind = "a device";
  if (S_ISDIR(mode)) kind = "a folder";
  if (S_ISFIFO(mode)) kind = "a pipe";
  if (S_ISSOCK(mode)) kind = "a socket";
  refuse(path, "is " + std::string(kind) + ", where a collection has a file; move it away");
}

[[noreturn]] void refuse_second_name(const std::filesystem::path& path) {
  const std::string copy = path.native() + ".own";
  refuse(path,
         "has a second name (a hard link), and writing to it would change that file as well; stop "
         "whatever alike has it open (alike serve) and make it a file of its own: cp -p '" +
             path.native() + "' '" + copy + "' && mv '" + copy + "' '" + path.native() + "'");
}

/// The folder that a name is in, and the name there.
struct Place {
  int folder = -1;  ///< Of `held`, or the root.
  std::string name;
  std::filesystem::path path;  ///< For people.
  File held;

  /// nullopt where there is nothing of that name.
  std::optional<struct stat> status() const {
    struct stat found {};
    if (::fstatat(folder, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) {
      return found;
    }
    if (errno != ENOENT) throw_system_error("cannot look at", path.native(), errno);
    return std::nullopt;
  }
};

/// Opens folder `name` of `parent`, which is no link.
File step(int parent, const std::string& name, const std::filesystem::path& path) {
  const int descriptor = ::openat(parent, name.c_str(), kFolderFlags);
  if (descriptor >= 0) return {path, descriptor};
  const int error_number = errno;
  struct stat found {};
  const bool is_link =
      ::fstatat(parent, name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(found.st_mode);
  if (is_link) refuse_link(path);
  throw_system_error("cannot open the folder", path.native(), error_number);
}

/// Walks to the folder of `name`: as openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, but on
/// every kernel and in every container.
Place place_of(const File& root, const std::string& name) {
  Place place{root.descriptor(), name, root.path() / name, File()};
  const auto refuse_name = [&] { refuse(place.path, "is not the name of a file in a collection"); };
  std::filesystem::path walked = root.path();
  for (auto slash = name.find('/'); slash != std::string::npos; slash = place.name.find('/')) {
    const std::string first = place.name.substr(0, slash);
    if (first.empty() || first == "..") refuse_name();
    place.held = step(place.folder, first, walked /= first);
    place.folder = place.held.descriptor();
    place.name.erase(0, slash + 1);
  }
  const bool plain = !place.name.empty() && place.name != "." && place.name != "..";
  if (!plain || name.find('\0') != std::string::npos) refuse_name();
  return place;
}

int flags_of(File::Mode mode) {
  switch (mode) {
    case File::Mode::read: return O_RDONLY;
    case File::Mode::update: return O_RDWR;
    case File::Mode::create: return O_RDWR | O_CREAT;
    case File::Mode::fresh: return O_RDWR | O_CREAT | O_EXCL;
  }
  return O_RDONLY;
}

bool remove_in(const Place& place) {
  if (::unlinkat(place.folder, place.name.c_str(), 0) == 0) return true;
  if (errno != ENOENT) throw_system_error("cannot remove", place.path.native(), errno);
  return false;
}

std::vector<std::string> names_in(const File& folder) {
  const int again = ::fcntl(folder.descriptor(), F_DUPFD_CLOEXEC, 0);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(again < 0 ? nullptr : ::fdopendir(again),
                                                    ::closedir);
  if (entries == nullptr) {
    const int error_number = errno;
    if (again >= 0) ::close(again);
    throw_system_error("cannot read the folder", folder.path().native(), error_number);
  }
  std::vector<std::string> names;
  ::rewinddir(entries.get());
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::string name = static_cast<const char*>(entry->d_name);
    if (name != "." && name != "..") names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

void sync_descriptor(int folder, const std::filesystem::path& path) {
  if (::fsync(folder) != 0) throw_system_error("cannot sync the folder", path.native(), errno);
}

void remove_tree(const Place& place, int depth) {
  const auto status = place.status();
  if (!status) return;
  if (!S_ISDIR(status->st_mode)) {
    remove_in(place);
    return;
  }
  if (depth == kMostFolders)
    refuse(place.path, "lies too deep for a collection; remove it by hand");
  {
    const File folder = step(place.folder, place.name, place.path);
    for (const auto& name : names_in(folder)) {
      remove_tree({folder.descriptor(), name, place.path / name, File()}, depth + 1);
    }
  }
  if (::unlinkat(place.folder, place.name.c_str(), AT_REMOVEDIR) != 0 && errno != ENOENT) {
    throw_system_error("cannot remove", place.path.native(), errno);
  }
}

}  // namespace

Folder::Folder(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) throw_system_error("cannot open the folder", path.native(), errno);
  held_ = File(path, descriptor);
}

File Folder::open(const std::string& name, File::Mode mode) const {
  const Place place = place_of(held_, name);
  if (mode == File::Mode::fresh) {
    remove_in(place);
  } else if (const auto status = place.status(); status && !S_ISREG(status->st_mode)) {
    refuse_kind(place.path, status->st_mode);  // opening a device may already do something
  }
  constexpr int kAlways = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
  const int descriptor = ::openat(place.folder, place.name.c_str(), flags_of(mode) | kAlways, 0666);
  if (descriptor < 0 && errno == ELOOP) refuse_link(place.path);
  if (descriptor < 0) throw_system_error("cannot open", place.path.native(), errno);
  File file(place.path, descriptor);
  struct stat found {};
  if (::fstat(file.descriptor(), &found) != 0) {
    throw_system_error("cannot look at", place.path.native(), errno);
  }
  if (!S_ISREG(found.st_mode)) refuse_kind(place.path, found.st_mode);
  if (mode != File::Mode::read && found.st_nlink > 1) refuse_second_name(place.path);
  return file;
}

std::vector<std::byte> Folder::read(const std::string& name, std::uint64_t limit) const {
  return read_file(open(name, File::Mode::read), limit);
}

std::optional<std::uint64_t> Folder::size_of(const std::string& name) const try {
  const Place place = place_of(held_, name);
  const auto status = place.status();
  if (!status) return std::nullopt;
  if (!S_ISREG(status->st_mode)) refuse_kind(place.path, status->st_mode);
  return static_cast<std::uint64_t>(status->st_size);
} catch (const Error& error) {
  if (error.code() != ErrorCode::not_found) throw;
  return std::nullopt;  // nor its folder
}

std::uint64_t Folder::links_of(const std::string& name) const {
  const auto status = place_of(held_, name).status();
  return status ? status->st_nlink : 0;
}

void Folder::check_one_name(const std::string& name) const {
  if (links_of(name) > 1) refuse_second_name(path() / name);
}

bool Folder::has_folder(const std::string& name) const try {
  const Place place = place_of(held_, name);
  if (!place.status()) return false;
  step(place.folder, place.name, place.path);
  return true;
} catch (const Error& error) {
  if (error.code() != ErrorCode::not_found) throw;
  return false;
}

std::vector<std::string> Folder::names(const std::string& folder) const {
  if (folder.empty()) return names_in(held_);
  if (!has_folder(folder)) return {};
  const Place place = place_of(held_, folder);
  return names_in(step(place.folder, place.name, place.path));
}

bool Folder::make_folder(const std::string& name) const {
  const Place place = place_of(held_, name);
  const bool made = ::mkdirat(place.folder, place.name.c_str(), 0777) == 0;
  if (!made && errno != EEXIST) {
    throw_system_error("cannot make the folder", place.path.native(), errno);
  }
  step(place.folder, place.name, place.path);
  // Also an existing one: its maker may have been killed before this.
  sync_descriptor(place.folder, place.path.parent_path());
  return made;
}

void Folder::replace(const std::string& name, const std::function<void(File&)>& write) const {
  const std::string draft = name + ".new";
  {
    File file = open(draft, File::Mode::fresh);
    write(file);
    file.sync();
  }
  rename(draft, name);
  const Place place = place_of(held_, name);
  sync_descriptor(place.folder, place.path.parent_path());
}

void Folder::replace(const std::string& name, std::span<const std::byte> bytes) const {
  replace(name, [&](File& file) { file.write_at(0, bytes); });
}

bool Folder::remove(const std::string& name) const { return remove_in(place_of(held_, name)); }

void Folder::remove_all(const std::string& name) const { remove_tree(place_of(held_, name), 0); }

void Folder::rename(const std::string& from, const std::string& to) const {
  const Place old_place = place_of(held_, from);
  const Place new_place = place_of(held_, to);
  if (::renameat(old_place.folder, old_place.name.c_str(), new_place.folder,
                 new_place.name.c_str()) != 0) {
    throw_system_error("cannot rename to", new_place.path.native(), errno);
  }
}

void Folder::sync(const std::string& folder) const {
  if (folder.empty()) return sync_descriptor(held_.descriptor(), held_.path());
  const Place place = place_of(held_, folder);
  const File opened = step(place.folder, place.name, place.path);
  sync_descriptor(opened.descriptor(), opened.path());
}

}  // namespace alike

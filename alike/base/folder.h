// A folder held open; its files are reached only through it, never past a link.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "alike/base/file.h"

namespace alike {

/// An untrusted folder, such as `.alike` of an unpacked archive. Everything below it is reached
/// from its descriptor, name by name, and no name may be a symbolic link: whatever lies in the
/// folder, and even if it changes meanwhile, no file outside is opened, changed or removed. Only
/// regular files are opened, never a pipe, which could block. A file with a second name (a hard
/// link) is not written to, since that may be a file outside. Mount points are crossed. The path
/// to the folder itself may lead through links: its owner named it. Names are relative, such as
/// "spaces/a/graph.seg"; those with ".." are refused. All calls throw `corrupt` for a refused
/// file, with the way out, and `io`. Safe from several threads.
class Folder {
 public:
  Folder() = default;
  /// Throws `not_found`, `io`. Not explicit: a folder that the user names by its path.
  Folder(const std::filesystem::path& path);  // NOLINT(google-explicit-constructor)

  const std::filesystem::path& path() const { return held_.path(); }

  /// Opens a file. `fresh` replaces any file of that name by a new one. Throws `not_found`.
  File open(const std::string& name, File::Mode mode) const;
  /// All of a file; as `read_file`.
  std::vector<std::byte> read(const std::string& name, std::uint64_t limit) const;
  /// Bytes of a file; nullopt where there is nothing of that name.
  std::optional<std::uint64_t> size_of(const std::string& name) const;
  /// Names that the file has in all folders: more than one where it is hard-linked; 0 where there
  /// is none.
  std::uint64_t links_of(const std::string& name) const;
  /// Throws `corrupt` where the file has a second name, as `open` does, but does not open it.
  void check_one_name(const std::string& name) const;
  /// Whether there is a folder of that name.
  bool has_folder(const std::string& name) const;
  /// The names in a folder below, sorted; "" is this one. None where there is no such folder.
  std::vector<std::string> names(const std::string& folder) const;

  /// Makes a folder and the name durable; false where it is there.
  bool make_folder(const std::string& name) const;
  /// Replaces a file as `replace_file` does. A link of that name is replaced, not followed.
  void replace(const std::string& name, const std::function<void(File&)>& write) const;
  void replace(const std::string& name, std::span<const std::byte> bytes) const;
  /// Removes a file, or the link; false where there is none.
  bool remove(const std::string& name) const;
  /// Removes a file, or a folder with all in it.
  void remove_all(const std::string& name) const;
  void rename(const std::string& from, const std::string& to) const;
  /// Makes the names in a folder below durable; "" is this one.
  void sync(const std::string& folder) const;

 private:
  File held_;
};

}  // namespace alike

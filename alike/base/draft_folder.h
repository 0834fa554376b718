// A folder in which something is made that takes its name only once it is whole.
#pragma once

#include <filesystem>

#include "alike/base/file.h"

namespace alike {

/// A new empty folder beside `path`, ".alike-draft-XXXXXX", for building something that is then
/// renamed to `path`; destruction removes it with its remaining content. It is locked while it
/// lives, so that the next one in the same folder can remove the drafts of killed processes of this
/// user, and none that is in use. Throws `io`.
class DraftFolder {
 public:
  explicit DraftFolder(const std::filesystem::path& path);
  DraftFolder(const DraftFolder&) = delete;
  DraftFolder& operator=(const DraftFolder&) = delete;
  ~DraftFolder();

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  File lock_;
};

}  // namespace alike

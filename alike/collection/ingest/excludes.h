// Names and paths that are not indexed.
#pragma once

#include <string>
#include <vector>

namespace alike::collection {

/// Patterns of files and folders to leave out, as fnmatch(3) takes them. One without a slash stands
/// for a name in any folder ("*_original"), one with a slash for a path from the folder of pictures
/// on ("old/raw*"). A folder that is left out is left out with all below it. Capitals count.
class Excludes {
 public:
  Excludes() = default;
  explicit Excludes(std::vector<std::string> globs) : globs_(std::move(globs)) {}

  const std::vector<std::string>& globs() const { return globs_; }

  /// The fault of a pattern, as a sentence without it; "" where there is none.
  static std::string fault(const std::string& glob);
  /// A pattern as it is kept: without slashes around it. Throws `invalid_argument` for an empty
  /// one, one that is no UTF-8 or longer than 1,000 bytes, and one that leaves out (nearly)
  /// everything.
  static std::string checked(const std::string& glob);

  /// Whether the file or folder at `path` (as `Item::path`), whose folder is not left out, is.
  bool match(const std::string& path) const;
  /// Whether `path` or a folder above it is left out.
  bool match_within(const std::string& path) const;

 private:
  std::vector<std::string> globs_;
};

}  // namespace alike::collection

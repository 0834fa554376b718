#include "alike/collection/ingest/excludes.h"

#include <fnmatch.h>

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::collection {

std::string Excludes::fault(const std::string& glob) {
  constexpr std::size_t kLongest = 1000;
  if (glob.size() > kLongest) return "is too long to leave files out by";
  if (valid_utf8(glob) != glob) return "is no UTF-8 text";
  if (glob.find_first_not_of('/') == std::string::npos) return "names no files to leave out";
  const auto matches = [&](const char* name) { return ::fnmatch(glob.c_str(), name, 0) == 0; };
  return matches("b.c") && matches("Photo 7.JPG") ? "leaves out every file" : "";
}

std::string Excludes::checked(const std::string& glob) {
  const auto begin = std::min(glob.find_first_not_of('/'), glob.size());
  const auto end = glob.find_last_not_of('/') + 1;
  const std::string kept = glob.substr(begin, end > begin ? end - begin : 0);
  const std::string why = fault(kept);
  if (why.empty()) return kept;
  constexpr std::size_t kShown = 100;
  throw Error(ErrorCode::invalid_argument,
              "'" + valid_utf8(glob.substr(0, kShown)) + "' " + why +
                  "; a pattern is a name such as '*_original', or a path such as 'old/raw' below "
                  "the folder");
}

bool Excludes::match(const std::string& path) const {
  const auto slash = path.rfind('/');
  const char* name = path.c_str() + (slash == std::string::npos ? 0 : slash + 1);
  return std::ranges::any_of(globs_, [&](const std::string& glob) {
    const bool whole = glob.find('/') != std::string::npos;
    return ::fnmatch(glob.c_str(), whole ? path.c_str() : name, 0) == 0;
  });
}

bool Excludes::match_within(const std::string& path) const {
  for (auto end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1)) {
    if (match(path.substr(0, end))) return true;
  }
  return match(path);
}

}  // namespace alike::collection

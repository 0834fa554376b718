// Files of the user about pictures: their classes, pairs, tastes.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "alike/measure/recommendation.h"
#include "alike/measure/verification.h"

namespace alike::judge {

// Each reads lines of values; a first line that is the shape of a line is a head, empty lines do
// not count. Paths are those of items, relative to the collection's folder; a path with a comma
// stands in double quotes, a quote in it twice. Throws `not_found`, `io`, and `corrupt` naming the
// line.

/// Labels of pictures, and the lines that did not fit.
struct UserLabels {
  std::vector<std::string> of;       ///< (paths) "" where there is none.
  std::vector<std::string> missing;  ///< Paths of the file that no picture has.
};
/// Lines "path,label". Throws `corrupt` also for two labels of one picture, and `invalid_argument`
/// where none of the pictures is there.
UserLabels read_labels(const std::filesystem::path& file, const std::vector<std::string>& paths);

struct UserPairs {
  std::vector<measure::RowPair> pairs;
  std::vector<std::string> missing;
};
/// Lines "path,path,same", the last of which is 1 or 0. Pairs that name a missing picture are left
/// out. Throws also `invalid_argument` where none is left.
UserPairs read_pairs(const std::filesystem::path& file, const std::vector<std::string>& paths);

struct UserProfiles {
  std::vector<measure::Profile> profiles;  ///< In the order of their first lines.
  std::vector<std::string> missing;
};
/// Lines "profile,path,liked", the last of which is 1 or 0. Throws `corrupt` also for a picture
/// that a profile names twice, and `invalid_argument` where none of the pictures is there.
UserProfiles read_profiles(const std::filesystem::path& file,
                           const std::vector<std::string>& paths);

}  // namespace alike::judge

#include "alike/judge/user_files.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "alike/base/csv.h"
#include "alike/base/error.h"

namespace alike::judge {
namespace {

namespace fs = std::filesystem;

/// The lines behind a head, each with as many values as `shape` names.
std::vector<CsvLine> lines_of(const fs::path& file, const std::string& shape) {
  const auto columns = static_cast<std::size_t>(1 + std::ranges::count(shape, ','));
  auto lines = read_csv(file);
  const auto joined = [](const CsvLine& line) {
    std::string text;
    for (const auto& field : line.fields) text += (text.empty() ? "" : ",") + field;
    return text;
  };
  if (!lines.empty() && lines.front().number == 1 && joined(lines.front()) == shape) {
    lines.erase(lines.begin());
  }
  for (const CsvLine& line : lines) {
    if (line.fields.size() == columns) continue;
    refuse_csv(file, line.number,
               "has " + std::to_string(line.fields.size()) +
                   (line.fields.size() == 1 ? " value" : " values"),
               "a line is '" + shape + "'");
  }
  return lines;
}

/// Places of pictures by their paths.
class Places {
 public:
  explicit Places(const std::vector<std::string>& paths) {
    for (std::uint32_t i = 0; i < paths.size(); ++i) places_.emplace(paths[i], i);
  }
  std::optional<std::uint32_t> find(const std::string& path) const {
    const auto found = places_.find(path);
    return found == places_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::unordered_map<std::string_view, std::uint32_t> places_;
};

bool yes_or_no(const std::string& word, const fs::path& file, std::size_t line,
               const std::string& what) {
  if (word != "1" && word != "0") {
    refuse_csv(file, line, "says '" + word + "' for " + what, "it is 1 or 0");
  }
  return word == "1";
}

[[noreturn]] void refuse_all(const fs::path& file, const char* what) {
  throw Error(ErrorCode::invalid_argument,
              "'" + file.native() + "' has no " + what +
                  " of pictures that are there; paths are relative to the folder of pictures");
}

}  // namespace

UserLabels read_labels(const fs::path& file, const std::vector<std::string>& paths) {
  const Places places(paths);
  UserLabels given;
  given.of.resize(paths.size());
  std::vector<bool> named(paths.size());
  for (const CsvLine& line : lines_of(file, "path,label")) {
    const std::string &path = line.fields[0], &label = line.fields[1];
    if (path.empty()) refuse_csv(file, line.number, "names no picture", "a line is 'path,label'");
    const auto place = places.find(path);
    if (!place) {
      given.missing.push_back(path);
      continue;
    }
    if (named[*place] && given.of[*place] != label) {
      refuse_csv(
          file, line.number,
          "says '" + label + "' of '" + path + "', an earlier one '" + given.of[*place] + "'",
          "a picture has one label");
    }
    named[*place] = true;
    given.of[*place] = label;
  }
  if (std::ranges::count(named, true) == 0) refuse_all(file, "labels");
  return given;
}

UserPairs read_pairs(const fs::path& file, const std::vector<std::string>& paths) {
  const Places places(paths);
  UserPairs given;
  for (const CsvLine& line : lines_of(file, "path,path,same")) {
    const auto a = places.find(line.fields[0]), b = places.find(line.fields[1]);
    if (!a) given.missing.push_back(line.fields[0]);
    if (!b) given.missing.push_back(line.fields[1]);
    const bool same = yes_or_no(line.fields[2], file, line.number, "whether they are the same");
    if (a && b) given.pairs.push_back({*a, *b, same});
  }
  if (given.pairs.empty()) refuse_all(file, "pairs");
  return given;
}

UserProfiles read_profiles(const fs::path& file, const std::vector<std::string>& paths) {
  const Places places(paths);
  UserProfiles given;
  std::unordered_map<std::string, std::size_t> numbers;
  std::set<std::pair<std::size_t, std::uint32_t>> named;  // profile and picture
  for (const CsvLine& line : lines_of(file, "profile,path,liked")) {
    const bool liked = yes_or_no(line.fields[2], file, line.number, "whether it is liked");
    const auto place = places.find(line.fields[1]);
    if (!place) {
      given.missing.push_back(line.fields[1]);
      continue;
    }
    const auto [at, fresh] = numbers.try_emplace(line.fields[0], given.profiles.size());
    if (fresh) given.profiles.push_back({line.fields[0], {}, {}});
    measure::Profile& profile = given.profiles[at->second];
    if (!named.emplace(at->second, *place).second) {
      refuse_csv(file, line.number,
                 "names '" + line.fields[1] + "' twice for '" + line.fields[0] + "'",
                 "a profile likes a picture, dislikes it or does not name it");
    }
    (liked ? profile.liked : profile.disliked).push_back(*place);
  }
  if (given.profiles.empty()) refuse_all(file, "profile");
  return given;
}

}  // namespace alike::judge

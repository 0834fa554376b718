#include "alike/cli/eval_labels.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/cli/words.h"

namespace alike::cli {
namespace {

/// Takes one field, in double quotes or not, from the front of `line`; nothing where its quotes do
/// not close.
std::optional<std::string> take_field(std::string_view& line) {
  std::string field;
  if (line.empty() || line.front() != '"') {
    const std::size_t end = std::min(line.find(','), line.size());
    field = line.substr(0, end);
    line.remove_prefix(end);
    return field;
  }
  line.remove_prefix(1);
  for (;;) {
    const std::size_t end = line.find('"');
    if (end == std::string_view::npos) return std::nullopt;
    field += line.substr(0, end);
    line.remove_prefix(end + 1);
    if (line.empty() || line.front() != '"') return field;
    field += '"';
    line.remove_prefix(1);
  }
}

[[noreturn]] void refuse(const std::filesystem::path& file, std::size_t number,
                         const std::string& why) {
  throw Error(ErrorCode::corrupt, "line " + std::to_string(number) + " of '" + file.native() +
                                      "' " + why + "; a line is 'path,label'");
}

std::pair<std::string, std::string> parsed(std::string_view line, const std::filesystem::path& file,
                                           std::size_t number) {
  const auto path = take_field(line);
  if (!path) refuse(file, number, "has a quote that does not close");
  if (line.empty() || line.front() != ',') refuse(file, number, "has no label");
  line.remove_prefix(1);
  const auto label = take_field(line);
  if (!label || !line.empty()) refuse(file, number, "has more than a path and a label");
  if (path->empty()) refuse(file, number, "names no picture");
  return {*path, *label};
}

}  // namespace

GivenLabels read_labels(const std::filesystem::path& file, const std::vector<std::string>& paths) {
  const std::string text = read_text(file);
  GivenLabels given;
  given.of.resize(paths.size());
  std::map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < paths.size(); ++i) places.emplace(paths[i], i);
  std::size_t number = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || (number == 1 && line == "path,label")) continue;
    auto [path, label] = parsed(line, file, number);
    const auto place = places.find(path);
    if (place == places.end()) {
      given.missing.push_back(std::move(path));
    } else {
      given.of[place->second] = std::move(label);
    }
  }
  return given;
}

}  // namespace alike::cli

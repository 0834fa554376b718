// `read_factors` and `match_factors` of factors.h.
#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <set>
#include <string_view>

#include "alike/base/csv.h"
#include "alike/measure/factors/factors.h"

namespace alike::measure {
namespace {

constexpr const char* kShape = "it should be path,NAME,… and then a line for each picture";

std::optional<long> whole(const std::string& word) {
  long number = 0;
  const char* end = word.data() + word.size();
  const auto read = std::from_chars(word.data(), end, number);
  if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
  return number;
}

/// The words of a column as numbers from 0, in the order of `read_factors`.
std::vector<int> numbered(const std::vector<std::string>& words) {
  const bool numbers =
      std::ranges::all_of(words, [](const auto& word) { return whole(word).has_value(); });
  std::map<std::pair<long, std::string>, int> number_of;
  const auto key = [&](const std::string& word) {
    return numbers ? std::pair(*whole(word), std::string()) : std::pair(0L, word);
  };
  for (const std::string& word : words) number_of[key(word)] = 0;
  int next = 0;
  for (auto& [word, number] : number_of) number = next++;
  std::vector<int> values;
  for (const std::string& word : words) values.push_back(number_of[key(word)]);
  return values;
}

}  // namespace

FactorFile read_factors(const std::filesystem::path& file) {
  auto lines = read_csv(file);
  if (lines.empty() || lines[0].fields.size() < 2 || lines[0].fields[0] != "path") {
    refuse_csv(file, 1, "names no factor after path", kShape);
  }
  FactorFile result;
  result.table.names.assign(lines[0].fields.begin() + 1, lines[0].fields.end());
  std::vector<std::vector<std::string>> columns(result.table.names.size());
  std::set<std::string> seen;
  for (std::size_t l = 1; l < lines.size(); ++l) {
    auto& [number, cells] = lines[l];
    if (cells.size() != columns.size() + 1) {
      refuse_csv(file, number,
                 "has " + std::to_string(cells.size()) + " values and the head " +
                     std::to_string(columns.size() + 1),
                 kShape);
    }
    if (!seen.insert(cells[0]).second) {
      refuse_csv(file, number, "names '" + cells[0] + "' again", kShape);
    }
    result.paths.push_back(cells[0]);
    for (std::size_t f = 0; f < columns.size(); ++f) columns[f].push_back(cells[f + 1]);
  }
  if (result.paths.empty()) refuse_csv(file, 1, "is followed by no picture", kShape);
  result.table.values.resize(result.paths.size() * columns.size());
  for (std::size_t f = 0; f < columns.size(); ++f) {
    const auto values = numbered(columns[f]);
    for (std::size_t i = 0; i < values.size(); ++i) {
      result.table.values[i * columns.size() + f] = values[i];
    }
  }
  return result;
}

MatchedFactors match_factors(const FactorFile& file, std::span<const std::string> paths) {
  std::map<std::string_view, std::size_t> line_of;
  for (std::size_t i = 0; i < file.paths.size(); ++i) line_of[file.paths[i]] = i;
  MatchedFactors matched{{file.table.names, {}}, {}, {}};
  std::vector<char> met(file.paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    const auto line = line_of.find(paths[i]);
    if (line == line_of.end()) continue;
    met[line->second] = 1;
    matched.rows.push_back(static_cast<std::uint32_t>(i));
    const auto values = file.table.row(line->second);
    matched.table.values.insert(matched.table.values.end(), values.begin(), values.end());
  }
  for (std::size_t i = 0; i < met.size(); ++i) {
    if (met[i] == 0) matched.absent.push_back(file.paths[i]);
  }
  return matched;
}

}  // namespace alike::measure

#include "alike/base/csv.h"

#include <algorithm>
#include <string_view>

#include "alike/base/error.h"
#include "alike/base/file.h"

namespace alike {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";  // some spreadsheets begin with it

/// Takes one field from the front of `line`, and the comma behind it; false where its quotes do not
/// close or text follows them.
bool take_field(std::string_view& line, std::string& field) {
  field.clear();
  if (line.empty() || line.front() != '"') {
    const std::size_t end = std::min(line.find(','), line.size());
    field = line.substr(0, end);
    line.remove_prefix(end);
    return true;
  }
  line.remove_prefix(1);
  for (;;) {
    const std::size_t end = line.find('"');
    if (end == std::string_view::npos) return false;
    field += line.substr(0, end);
    line.remove_prefix(end + 1);
    if (line.empty() || line.front() != '"') return line.empty() || line.front() == ',';
    field += '"';
    line.remove_prefix(1);
  }
}

}  // namespace

std::vector<CsvLine> read_csv(const std::filesystem::path& file) {
  const std::string text = read_text(file);
  std::vector<CsvLine> lines;
  std::size_t number = 0;
  std::string_view rest = text;
  if (rest.starts_with(kByteOrderMark)) rest.remove_prefix(kByteOrderMark.size());
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    CsvLine& made = lines.emplace_back(CsvLine{number, {}});
    for (bool more = true; more;) {
      if (!take_field(line, made.fields.emplace_back())) {
        refuse_csv(file, number, "has a quote that does not close",
                   "a quote in a quoted field is written twice");
      }
      more = !line.empty();
      if (more) line.remove_prefix(1);
      if (more && line.empty()) made.fields.emplace_back(), more = false;
    }
  }
  return lines;
}

void refuse_csv(const std::filesystem::path& file, std::size_t line, const std::string& why,
                const std::string& shape) {
  throw Error(ErrorCode::corrupt,
              "line " + std::to_string(line) + " of '" + file.native() + "' " + why + "; " + shape);
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char letter : text) {
    quoted += letter;
    if (letter == '"') quoted += letter;
  }
  return quoted + "\"";
}

}  // namespace alike

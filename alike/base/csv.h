// Comma-separated values (RFC 4180), as tables of labels, pairs and factors come in.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace alike {

/// One line of a file; its fields without their quotes.
struct CsvLine {
  std::size_t number = 0;  ///< From 1.
  std::vector<std::string> fields;
};

/// All lines that are not empty. A field with a comma or a quote in it stands in double quotes, a
/// quote in it twice; a field holds no line break. Throws `not_found`, `io`, and `corrupt` naming
/// the line where a quote does not close.
std::vector<CsvLine> read_csv(const std::filesystem::path& file);

/// Throws `corrupt`: "line N of FILE WHY; SHAPE".
[[noreturn]] void refuse_csv(const std::filesystem::path& file, std::size_t line,
                             const std::string& why, const std::string& shape);

/// The text as a field, in quotes where it needs them.
std::string csv_field(const std::string& text);

}  // namespace alike

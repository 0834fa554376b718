// Numbers and tables as people read them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace alike {

/// A number with so many decimals: 0.98765 with 3 → "0.988".
std::string decimals(double value, int places);
/// "-" where there is none.
std::string decimals(const std::optional<double>& value, int places);

/// "640 bytes", "1.4 MB".
std::string human_bytes(std::uint64_t bytes);
/// "20 ms", "3.1 s", "2 min 10 s", "1 h 5 min".
std::string human_duration(double seconds);
/// 12345 → "12,345".
std::string human_count(std::uint64_t count);
/// "1 picture", "12 pictures".
std::string counted(std::uint64_t count, const std::string& noun);

/// Rows of text in columns, two spaces apart. `align`: one letter a column, 'l' or 'r'.
std::string columns(const std::vector<std::vector<std::string>>& rows, std::string_view align);

/// `text` as one line for a terminal: control characters and broken UTF-8 are shown, not sent.
std::string printable(std::string_view text);

}  // namespace alike

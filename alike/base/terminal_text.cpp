#include "alike/base/terminal_text.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "alike/base/text.h"

namespace alike {
namespace {

/// The character that begins at `text[i]` where it commands a terminal or turns the direction of
/// writing, and its bytes; {0, 0} for every other one. `text` is UTF-8.
std::pair<unsigned, std::size_t> command_at(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned first = byte(i);
  if (first < 0x20 || first == 0x7F) return {first, 1};
  if (first == 0xC2 && byte(i + 1) < 0xA0) return {byte(i + 1), 2};  // U+0080 to U+009F
  if (first == 0xD8 && byte(i + 1) == 0x9C) return {0x61C, 2};
  if (first != 0xE2 || (byte(i + 1) != 0x80 && byte(i + 1) != 0x81)) return {0, 0};
  const unsigned value = 0x2000 + (byte(i + 1) - 0x80U) * 64 + (byte(i + 2) - 0x80U);
  const bool mark = value == 0x200E || value == 0x200F || (value >= 0x2028 && value <= 0x202E) ||
                    (value >= 0x2066 && value <= 0x2069);
  return mark ? std::pair(value, std::size_t{3}) : std::pair(0U, std::size_t{0});
}

std::string hexadecimal(const char* format, unsigned value) {
  char text[12];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// `text` with every command as `escaped` writes it.
template <class Escaped>
std::string shown(std::string_view text, const Escaped& escaped) {
  const std::string valid = valid_utf8(text);
  std::string made;
  for (std::size_t i = 0; i < valid.size();) {
    const auto [value, size] = command_at(valid, i);
    made += size == 0 ? std::string(1, valid[i]) : escaped(value);
    i += std::max<std::size_t>(size, 1);
  }
  return made;
}

}  // namespace

std::string line_for_terminal(std::string_view text) {
  return shown(text, [](unsigned value) -> std::string {
    if (value == '\n') return "\\n";
    return hexadecimal(value < 0x100 ? "\\x%02x" : "\\u%04x", value);
  });
}

std::string for_terminal(std::string_view text) {
  return shown(text, [](unsigned value) -> std::string {
    if (value == '\n' || value == '\t') return {static_cast<char>(value)};
    return hexadecimal("\\u%04x", value);
  });
}

}  // namespace alike

#include "alike/cli/words.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <filesystem>

#include "alike/base/error.h"
#include "alike/cli/terminal_text.h"
#include "alike/search/query.h"

namespace alike::cli {
namespace {

constexpr char kMark = '\x01';

bool is_negative_example(const std::string& word) {
  if (word.size() < 2 || word[0] != '-' || word[1] == '-') return false;
  const std::string rest = word.substr(1);
  if (rest.starts_with("id:") || rest.starts_with("text:")) return true;
  if (rest[0] == '+') return false;
  std::error_code ignored;
  if (std::filesystem::is_regular_file(rest, ignored)) return true;
  // -C/folder and -k5 are options, -Cat.jpg and -k/5.jpg are not.
  if (rest[0] == 'C' && std::filesystem::is_directory(rest.substr(1), ignored)) return false;
  return search::parse_example(rest).kind == search::Example::Kind::picture;
}

/// Joins the values that begin with '-' to their options: --region -1,0,5,5.
std::vector<std::string> join_values(const std::vector<std::string>& words,
                                     const std::vector<std::string>& with_value) {
  std::vector<std::string> joined;
  for (std::size_t i = 0; i < words.size(); ++i) {
    joined.push_back(words[i]);
    if (i + 1 == words.size() || std::ranges::count(with_value, words[i]) == 0) continue;
    const std::string& value = words[++i];
    const bool dashed = words[i - 1].starts_with("--") && value.starts_with("-");
    if (dashed && !value.starts_with("--")) {
      joined.back() += "=" + value;
    } else {
      joined.push_back(value);
    }
  }
  return joined;
}

std::vector<double> parse_numbers(const std::string& text) {
  std::vector<double> numbers;
  const char* at = text.data();
  const char* end = at + text.size();
  while (at <= end) {
    double number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    const bool last = next == end;
    if (error != std::errc() || (!last && *next != ',') || !std::isfinite(number)) return {};
    numbers.push_back(number);
    if (last) break;
    at = next + 1;
  }
  return numbers;
}

/// Characters, not bytes; wide ones count as one.
std::size_t length_of(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

std::string with_decimals(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace

std::vector<std::string> protect_examples(std::vector<std::string> words,
                                          const std::vector<std::string>& with_value) {
  if (std::ranges::count(words, "search") == 0) return words;
  words = join_values(words, with_value);
  bool is_value = false;
  for (auto& word : words) {
    if (!is_value && is_negative_example(word)) word.insert(0, 1, kMark);
    is_value = std::ranges::count(with_value, word) > 0;
  }
  return words;
}

std::string unprotect(const std::string& word) {
  return word.starts_with(kMark) ? word.substr(1) : word;
}

image::Box parse_box(const std::string& text) {
  const auto numbers = parse_numbers(text);
  if (numbers.size() != 4) {
    throw Error(
        ErrorCode::invalid_argument,
        "the region is '" + text +
            "'; it must be four numbers x,y,width,height in pixels, such as 100,50,300,300");
  }
  return {numbers[0], numbers[1], numbers[2], numbers[3]};
}

std::array<float, 3> parse_triple(const std::string& option, const std::string& text) {
  const auto numbers = parse_numbers(text);
  if (numbers.size() != 3 && numbers.size() != 1) {
    throw Error(ErrorCode::invalid_argument,
                option + " is '" + text +
                    "'; it must be one number, or three for red, green and blue such as "
                    "123.7,116.3,103.5");
  }
  std::array<float, 3> triple{};
  for (std::size_t i = 0; i < 3; ++i) {
    triple.at(i) = static_cast<float>(numbers[numbers.size() == 1 ? 0 : i]);
  }
  return triple;
}

std::string human_bytes(std::uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  double value = static_cast<double>(bytes);
  const char* unit = "";
  for (const char* next : {"kB", "MB", "GB", "TB"}) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return with_decimals(value, value < 9.95 ? 1 : 0) + " " + unit;
}

std::string human_duration(double seconds) {
  if (seconds < 0.0995) return with_decimals(seconds * 1000, 0) + " ms";
  if (seconds < 9.95) return with_decimals(seconds, 1) + " s";
  const auto whole = static_cast<std::uint64_t>(std::lround(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) {
    return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  }
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

std::string human_count(std::uint64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
  return digits;
}

std::string counted(std::uint64_t count, const std::string& noun) {
  return human_count(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string columns(const std::vector<std::vector<std::string>>& rows, std::string_view align) {
  std::vector<std::size_t> widths(align.size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], length_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string gap(widths[i] - length_of(row[i]), ' ');
      line += (i > 0 ? "  " : "") + (align[i] == 'r' ? gap + row[i] : row[i] + gap);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string printable(std::string_view text) { return line_for_terminal(text); }

}  // namespace alike::cli

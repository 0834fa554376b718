#include "alike/cli/typed_words.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>

#include "alike/base/error.h"
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
    const bool dashed = words[i - 1].starts_with("--") && value.starts_with('-');
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

}  // namespace alike::cli

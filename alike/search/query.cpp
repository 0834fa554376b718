#include "alike/search/query.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::search {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kId = "id:";
constexpr std::string_view kText = "text:";
/// Also kinds that cannot be read: such a word means a picture, and the error says why not.
constexpr std::array<std::string_view, 15> kEndings{".jpg",  ".jpeg", ".jpe", ".png",  ".webp",
                                                    ".gif",  ".bmp",  ".dib", ".tif",  ".tiff",
                                                    ".heic", ".heif", ".hif", ".avif", ".svg"};

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
}

bool looks_like_file(std::string_view word) {
  const std::string ending = small_letters(fs::path(word).extension().native());
  return word.find('/') != std::string_view::npos ||
         std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

std::int64_t parse_id(std::string_view digits, std::string_view word) {
  std::int64_t id = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
  if (error != std::errc() || end != digits.data() + digits.size() || id < 0) {
    throw Error(ErrorCode::invalid_argument,
                "'" + valid_utf8(word) + "' is not an item; write id: and a number, such as id:7");
  }
  return id;
}

}  // namespace

Example parse_example(std::string_view word, const fs::path& directory) {
  Example example;
  std::string_view rest = word;
  if (!is_file(directory / word) && !word.empty() && (word[0] == '+' || word[0] == '-')) {
    example.positive = word[0] == '+';
    rest.remove_prefix(1);
  }
  const bool is_id = rest.starts_with(kId);
  const bool is_text = rest.starts_with(kText);
  if (is_file(directory / rest) || (!is_id && !is_text && looks_like_file(rest))) {
    example.file = directory / rest;
  } else if (is_id) {
    example.kind = Example::Kind::item;
    example.id = parse_id(rest.substr(kId.size()), word);
  } else {
    if (is_text) rest.remove_prefix(kText.size());
    example.kind = Example::Kind::text;
    example.text = rest;
    if (rest.empty()) {
      throw Error(ErrorCode::invalid_argument,
                  "'" + valid_utf8(word) + "' says nothing; give a picture file or id:N");
    }
  }
  return example;
}

}  // namespace alike::search

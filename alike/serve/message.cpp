#include "alike/serve/message.h"

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::serve {
namespace {

[[noreturn]] void refuse(const std::string& sentence) {
  throw Error(ErrorCode::invalid_argument, sentence);
}

int digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

/// Undoes percent signs; in parameters also a plus.
std::string plain(std::string_view text, bool plus_is_space) {
  std::string made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char letter = text[i];
    if (letter == '+' && plus_is_space) letter = ' ';
    if (letter == '%') {
      const int high = i + 2 < text.size() ? digit(text[i + 1]) : -1;
      const int low = high >= 0 ? digit(text[i + 2]) : -1;
      if (low < 0)
        refuse("a percent sign in the address is not followed by two hexadecimal digits");
      letter = static_cast<char>(high * 16 + low);
      i += 2;
    }
    made += letter;
  }
  if (made.find('\0') != std::string::npos || valid_utf8(made) != made) {
    refuse("the address holds bytes that are not text");
  }
  return made;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : found->second;
}

std::string Request::media_type() const {
  const std::string_view type = header("content-type");
  return small_letters(type.substr(0, type.find_first_of("; \t")));
}

Response content(std::string type, std::string body) {
  Response response;
  response.headers.emplace("content-type", std::move(type));
  response.body = std::move(body);
  return response;
}

std::string path_of(std::string_view target) {
  const std::string_view raw = target.substr(0, target.find('?'));
  if (raw.empty() || raw.front() != '/') refuse("the address does not begin with a slash");
  for (std::string_view rest = raw.substr(1); !rest.empty();) {
    const std::size_t end = std::min(rest.find('/'), rest.size());
    const std::string part = plain(rest.substr(0, end), false);
    // A slash that was written as %2F would become one of the path.
    if (part == "." || part == ".." || part.find_first_of("/\\") != std::string::npos) {
      refuse("the address has a part that is not a name");
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return plain(raw, false);
}

std::map<std::string, std::string, std::less<>> parameters_of(std::string_view target) {
  std::map<std::string, std::string, std::less<>> parameters;
  const std::size_t mark = target.find('?');
  if (mark == std::string_view::npos) return parameters;
  for (std::string_view rest = target.substr(mark + 1); !rest.empty();) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view pair = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string name = plain(pair.substr(0, equals), true);
    std::string value = equals < pair.size() ? plain(pair.substr(equals + 1), true) : std::string();
    if (!parameters.emplace(name, std::move(value)).second) {
      refuse("the parameter '" + name + "' is given twice");
    }
  }
  return parameters;
}

}  // namespace alike::serve

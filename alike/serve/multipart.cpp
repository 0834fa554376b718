#include "alike/serve/multipart.h"

#include <algorithm>

#include "alike/base/error.h"
#include "alike/base/text.h"

namespace alike::serve {
namespace {

constexpr std::size_t kMostBoundary = 70;  // RFC 2046
constexpr std::size_t kMostHead = 4096;    // bytes of the headers of a part

[[noreturn]] void refuse(const std::string& why) {
  throw Error(ErrorCode::invalid_argument, "the body is not multipart/form-data: " + why);
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// The value of `name` among the parameters of a header, in quotes or not; "" where it is not.
std::string parameter(std::string_view header, std::string_view name) {
  std::size_t at = header.find(';');
  while (at != std::string_view::npos) {
    std::string_view rest = header.substr(at + 1);
    const std::size_t equals = rest.find('=');
    if (equals == std::string_view::npos) return "";
    const bool wanted = small_letters(trimmed(rest.substr(0, equals))) == name;
    rest.remove_prefix(equals + 1);
    std::string value;
    std::size_t used = 0;
    if (!rest.empty() && rest.front() == '"') {
      for (used = 1; used < rest.size() && rest[used] != '"'; ++used) {
        if (rest[used] == '\\' && used + 1 < rest.size()) ++used;
        value += rest[used];
      }
      if (used == rest.size()) refuse("a quote in a header does not close");
      ++used;
    } else {
      used = std::min(rest.find(';'), rest.size());
      value = trimmed(rest.substr(0, used));
    }
    if (wanted) return value;
    const std::size_t next = rest.find(';', used);
    at = next == std::string_view::npos ? next : header.size() - rest.size() + next;
  }
  return "";
}

/// The name in the headers of a part.
std::string name_in(std::string_view head) {
  while (!head.empty()) {
    const std::size_t end = std::min(head.find("\r\n"), head.size());
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(std::min(end + 2, head.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) refuse("a header of a part has no colon");
    if (small_letters(line.substr(0, colon)) == "content-disposition") {
      return parameter(line.substr(colon + 1), "name");
    }
  }
  return "";
}

}  // namespace

std::vector<Part> parse_multipart(std::string_view content_type, std::string_view body) {
  const std::string boundary = parameter(content_type, "boundary");
  if (boundary.empty() || boundary.size() > kMostBoundary) refuse("its type names no boundary");
  const std::string line = "--" + boundary, between = "\r\n" + line;
  std::vector<Part> parts;
  if (!body.starts_with(line)) refuse("it does not begin with the boundary");
  body.remove_prefix(line.size());
  while (!body.starts_with("--")) {
    if (!body.starts_with("\r\n")) refuse("a boundary is not followed by a line break");
    body.remove_prefix(2);
    const std::size_t head = body.find("\r\n\r\n");
    if (head == std::string_view::npos || head > kMostHead)
      refuse("a part has no end of its headers");
    const std::string name = name_in(body.substr(0, head));
    if (name.empty()) refuse("a part has no name");
    body.remove_prefix(head + 4);
    const std::size_t end = body.find(between);
    if (end == std::string_view::npos) refuse("a part has no end");
    if (parts.size() == kMostParts) {
      refuse("it has more than " + std::to_string(kMostParts) + " parts");
    }
    parts.push_back({name, body.substr(0, end)});
    body.remove_prefix(end + between.size());
  }
  return parts;
}

}  // namespace alike::serve

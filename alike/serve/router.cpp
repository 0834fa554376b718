#include "alike/serve/router.h"

#include <charconv>

#include "alike/base/error.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

std::string_view next_part(std::string_view& path) {
  path.remove_prefix(1);  // the slash
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size());
  return part;
}

/// Whether `path` is of `pattern`; then `values` holds the parts in the places of its names.
bool fits(std::string_view pattern, std::string_view path,
          std::map<std::string, std::string, std::less<>>& values) {
  values.clear();
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_part(pattern), part = next_part(path);
    if (wanted.starts_with('{')) {
      if (part.empty()) return false;
      values.emplace(wanted.substr(1, wanted.size() - 2), part);
    } else if (wanted != part) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

bool parse(const std::string& text, std::int64_t& value) {
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  return read.ec == std::errc{} && read.ptr == end && !text.empty();
}

}  // namespace

std::string Call::parameter(std::string_view name, std::string otherwise) const {
  const auto found = query.find(name);
  if (found != query.end()) return found->second;
  return otherwise;
}

std::int64_t Call::integer_at(std::string_view name) const {
  std::int64_t value = 0;
  if (!parse(at(name), value) || value < 0) {
    throw Error(ErrorCode::not_found, "'" + at(name) + "' is not a valid id");
  }
  return value;
}

std::int64_t Call::integer(std::string_view name, std::int64_t least, std::int64_t most,
                           std::int64_t otherwise) const {
  const auto found = query.find(name);
  if (found == query.end()) return otherwise;
  std::int64_t value = 0;
  if (!parse(found->second, value) || value < least || value > most) {
    throw Error(ErrorCode::invalid_argument,
                std::string(name) + " is '" + found->second + "'; it must be a whole number from " +
                    std::to_string(least) + " to " + std::to_string(most));
  }
  return value;
}

const Route* Router::find(const Request& request, Call& call) const {
  const std::string path = path_of(request.target);
  const std::string_view asked = request.method;
  const std::string_view method = asked == "HEAD" ? "GET" : asked;
  std::string others;
  const Route* first = nullptr;
  for (const Route& route : routes_) {
    if (first != nullptr && route.pattern != first->pattern) continue;
    if (!fits(route.pattern, path, call.path)) continue;
    first = &route;
    if (route.method == method) {
      call.query = parameters_of(request.target);
      return &route;
    }
    others += (others.empty() ? "" : ", ") + route.method;
  }
  if (others.empty()) return nullptr;
  throw HttpError(405, "method_not_allowed",
                  "this address takes " + others + ", not " + request.method.substr(0, 16),
                  {{"allow", others}});
}

}  // namespace alike::serve

#include "alike/serve/dispatcher.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "alike/base/sentence.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

/// Liveness and readiness say nothing that a key would guard.
bool is_open(const Request& request) {
  return request.target == "/healthz" || request.target == "/readyz";
}

/// Whether the JSON may have a member "region", however its letters are written (r is \u0072).
bool may_name_region(const std::string& body) {
  static constexpr std::array<const char*, 3> kSigns = {"\"region\"", "\\u006", "\\u007"};
  return std::ranges::any_of(
      kSigns, [&](const char* sign) { return body.find(sign) != std::string::npos; });
}

/// Headers of every answer: no content from elsewhere, no guessing of types.
void secure(Response& response) {
  static const Headers k_always{
      {"content-security-policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
       "media-src 'self' blob:; connect-src 'self' https:; worker-src 'self'; manifest-src 'self'; "
       "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
      {"x-content-type-options", "nosniff"},
      {"referrer-policy", "no-referrer"},
      {"cross-origin-opener-policy", "same-origin"},
      {"cross-origin-resource-policy", "same-origin"},
      {"permissions-policy", "camera=(self)"},
      {"cache-control", "no-store"}};
  response.headers.insert(k_always.begin(), k_always.end());  // where they are not set
}

}  // namespace

Dispatcher::Dispatcher(Router router, GuardOptions guard, Handler otherwise,
                       std::function<void(const Failure&)> failed)
    : router_(std::move(router)),
      guard_(std::move(guard)),
      otherwise_(std::move(otherwise)),
      failed_(std::move(failed)) {}

bool Dispatcher::asks_for_health(const Request& head) { return is_open(head); }

Lane Dispatcher::lane(const Request& request) const {
  try {
    Call call{request, {}, {}};
    const Route* route = router_.find(request, call);
    if (route == nullptr) return Lane::at_once;
    const bool pictures =
        request.media_type() == "multipart/form-data" || may_name_region(request.body);
    if (route->lane == Lane::search && pictures) return Lane::upload;
    if (route->lane == Lane::light && call.query.contains("where")) return Lane::search;
    return route->lane;
  } catch (const std::exception&) {
    return Lane::at_once;
  }
}

std::uint64_t Dispatcher::most_body(const Request& head) {
  if (head.method == "GET" || head.method == "HEAD") return 0;
  return head.media_type() == "multipart/form-data" ? kMostUpload : kMostJson;
}

void Dispatcher::check(const Request& head) {
  const Access access = guard_.check(head, is_open(head));
  Call call{head, {}, {}};
  const Route* route = router_.find(head, call);
  const bool reads = head.method == "GET" || head.method == "HEAD" || (route && !route->changes);
  if (access == Access::reading && !reads) {
    throw HttpError(403, "forbidden", "this key may read and search, and change nothing");
  }
}

Response Dispatcher::handled(const Request& request, std::string& pattern) const {
  Call call{request, {}, {}};
  const Route* route = router_.find(request, call);
  if (route == nullptr) {
    if (request.method == "GET" || request.method == "HEAD") return otherwise_(call);
    throw Error(ErrorCode::not_found, "there is no such route; /v1/openapi.json lists them");
  }
  pattern = route->pattern;
  const bool has_body = request.method == "POST" || request.method == "PATCH";
  const std::string type = request.media_type();
  if (has_body && type != "multipart/form-data" && type != "application/json") {
    throw HttpError(415, "unsupported_media_type",
                    "send JSON, with content-type: application/json");
  }
  return route->handler(call);
}

Response Dispatcher::failure(const Request& request, const std::string& pattern,
                             const std::exception& error) {
  Response response = problem_of(error, request.id);
  const std::string code = code_of(error);
  metrics_.count_error(code);
  if (const auto* overload = dynamic_cast<const Overload*>(&error)) {
    metrics_.count_overload(overload->reason());
  } else if (response.status >= 500 && failed_) {
    failed_({request.id, request.peer, request.method, pattern, response.status, code,
             sentence_of(error)});
  }
  return response;
}

Response Dispatcher::answer(const Request& request) {
  const auto start = std::chrono::steady_clock::now();
  std::string pattern;
  Response response;
  try {
    response = handled(request, pattern);
  } catch (const std::exception& error) {
    response = failure(request, pattern, error);
  }
  secure(response);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  metrics_.count(pattern, response.status, taken.count());
  return response;
}

Response Dispatcher::refuse(const Request& head, const std::exception& error) {
  Response response = failure(head, "", error);
  secure(response);
  metrics_.count("", response.status, 0);
  return response;
}

}  // namespace alike::serve

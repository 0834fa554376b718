#include "alike/serve/dispatcher.h"

#include <chrono>
#include <utility>

#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

/// Liveness and readiness say nothing that a key would guard.
bool is_open(const Request& request) {
  return request.target == "/healthz" || request.target == "/readyz";
}

/// What every answer carries: nothing from elsewhere, and nothing to guess.
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

Dispatcher::Dispatcher(Router router, GuardOptions guard, Handler otherwise)
    : router_(std::move(router)), guard_(std::move(guard)), otherwise_(std::move(otherwise)) {}

bool Dispatcher::at_once(const Request& head) const {
  try {
    Call call{head, {}, {}};
    const Route* route = router_.find(head, call);
    return route == nullptr || route->at_once;
  } catch (const std::exception&) {
    return true;
  }
}

std::uint64_t Dispatcher::most_body(const Request& head) {
  if (head.method == "GET" || head.method == "HEAD") return 0;
  return head.media_type() == "multipart/form-data" ? kMostUpload : kMostJson;
}

void Dispatcher::check(const Request& head) {
  guard_.check(head, is_open(head));
  Call call{head, {}, {}};
  router_.find(head, call);
}

Response Dispatcher::handled(const Request& request, std::string& pattern) const {
  Call call{request, {}, {}};
  const Route* route = router_.find(request, call);
  if (route == nullptr) {
    if (request.method == "GET" || request.method == "HEAD") return otherwise_(call);
    throw Error(ErrorCode::not_found, "there is nothing at this address");
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

Response Dispatcher::answer(const Request& request) {
  const auto start = std::chrono::steady_clock::now();
  std::string pattern;
  Response response;
  try {
    response = handled(request, pattern);
  } catch (const std::exception& error) {
    response = problem_of(error, request.id);
  }
  secure(response);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  metrics_.count(pattern, response.status, taken.count());
  return response;
}

Response Dispatcher::refuse(const Request& head, const std::exception& error) {
  Response response = problem_of(error, head.id);
  secure(response);
  metrics_.count("", response.status, 0);
  return response;
}

}  // namespace alike::serve

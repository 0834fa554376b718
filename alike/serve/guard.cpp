#include "alike/serve/guard.h"

#include <algorithm>

#include "alike/base/base64.h"
#include "alike/base/text.h"
#include "alike/serve/address.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

constexpr std::size_t kWrongTries = 10;
constexpr std::chrono::minutes kForgotten{1};
constexpr std::size_t kMostAddresses = 10'000;

/// Equal, in a time that does not tell how much of it is.
bool same(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= static_cast<unsigned>(a[i] ^ other);
  }
  return difference == 0;
}

/// The key of "Bearer KEY", or of "Basic" with the key as password, which browsers ask for.
std::string key_of(std::string_view header) {
  const std::string kind = small_letters(header.substr(0, header.find(' ')));
  const std::string_view rest = header.size() > kind.size() ? header.substr(kind.size() + 1) : "";
  if (kind == "bearer") return std::string(rest);
  if (kind != "basic") return "";
  const std::string pair = from_base64(rest);
  const std::size_t colon = pair.find(':');
  return colon == std::string::npos ? "" : pair.substr(colon + 1);
}

/// Whether `host`, with or without a port, can only be this machine.
bool names_loopback(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && !host.ends_with(']')) host = host.substr(0, colon);
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == host.npos);
}

}  // namespace

bool Guard::is_local(const Request& request) {
  // A proxy on this machine speaks for others.
  for (const char* passed_on : {"forwarded", "x-forwarded-for", "x-real-ip", "via"}) {
    if (!request.header(passed_on).empty()) return false;
  }
  if (!names_loopback(small_letters(request.header("host")))) return false;
  return request.peer == "::1" || request.peer.starts_with("127.") ||
         request.peer.starts_with("::ffff:127.");
}

Access Guard::check(const Request& request, bool open) {
  check_host(request);
  check_origin(request);
  if (open || options_.key.empty()) return Access::all;
  return access_by_key(request);
}

void Guard::check_host(const Request& request) const {
  const std::string host = small_letters(request.header("host"));
  const std::string port = ":" + std::to_string(options_.port);
  for (const std::string& name : options_.hosts) {
    if (host == name + port || (host == name && options_.port == 80)) return;
  }
  if (std::ranges::count(options_.public_names, host) > 0) return;
  throw HttpError(421, "misdirected",
                  "this server is not '" + host.substr(0, 100) +
                      "'; ask it by the address that "
                      "'alike serve' printed, or start it with --public-name");
}

void Guard::check_origin(const Request& request) const {
  if (request.method == "GET" || request.method == "HEAD") return;
  const std::string host = small_letters(request.header("host"));
  const std::string origin = small_letters(request.header("origin"));
  const std::string_view site = request.header("sec-fetch-site");
  const bool from_us = origin.empty() || origin == "http://" + host || origin == "https://" + host;
  if (from_us && (site.empty() || site == "same-origin" || site == "none")) return;
  throw HttpError(403, "forbidden", "a page of another origin cannot change anything here");
}

Access Guard::access_by_key(const Request& request) {
  const std::string key = key_of(request.header("authorization"));
  // Both are compared, so that the time does not tell which one was nearly right.
  const bool all = same(key, options_.key);
  const bool reading = !options_.reading_key.empty() && same(key, options_.reading_key);
  if (all) return Access::all;
  if (reading) return Access::reading;
  refuse_key(request, !key.empty());
}

void Guard::refuse_key(const Request& request, bool given) {
  if (given) {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (wrong_.size() > kMostAddresses) wrong_.clear();
    auto& tries = wrong_[client_of(request.peer)];
    std::erase_if(tries, [&](const auto& when) { return now - when > kForgotten; });
    if (tries.size() >= kWrongTries) {
      throw HttpError(429, "too_many_requests", "too many wrong keys; try again in a minute",
                      {{"retry-after", "60"}});
    }
    tries.push_back(now);
  }
  throw HttpError(401, "unauthorized",
                  given ? "that is not the key of this server" : "this server needs a key",
                  {{"www-authenticate", "Basic realm=\"alike\", charset=\"UTF-8\""}});
}

}  // namespace alike::serve

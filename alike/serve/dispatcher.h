// Request → response, without a socket: guard, route, handler, and failures as problems.
#pragma once

#include <functional>
#include <string>

#include "alike/serve/guard.h"
#include "alike/serve/metrics.h"
#include "alike/serve/router.h"

namespace alike::serve {

/// Largest bodies that are read, bytes.
inline constexpr std::uint64_t kMostUpload = (16 << 20) + (64 << 10);
inline constexpr std::uint64_t kMostJson = 1 << 20;

/// A failure in answering a request, for the log.
struct Failure {
  std::string request, peer, method, route;  ///< `request`: its id, as the problem document has it.
  int status = 0;
  std::string code, cause;  ///< `cause`: text of the exception; not all of it is for the client.
};

/// Safe from several threads, once it is made.
class Dispatcher {
 public:
  /// `otherwise` answers GETs of paths without a route, with a status of 404 where it has nothing.
  /// `failed` hears of every answer of 500 and above that is not one of overload; called from any
  /// thread; may be empty.
  Dispatcher(Router router, GuardOptions guard, Handler otherwise,
             std::function<void(const Failure&)> failed = {});

  /// Where `answer` is to be called, by the whole request; at once for refusals.
  Lane lane(const Request& request) const;
  /// Whether it is asked for liveness or readiness, which are answered however full the server is.
  static bool asks_for_health(const Request& head);
  /// How large a body may be for this head.
  static std::uint64_t most_body(const Request& head);
  /// Passes on errors of the guard, and of the router for its path and method, by the head
  /// alone; `HttpError` 403 where the key may only read and the route changes something.
  void check(const Request& head);

  /// Never throws; counts the answer. The guard has let the request in.
  Response answer(const Request& request);
  /// Counts and gives the answer to a request that was unreadable or refused.
  Response refuse(const Request& head, const std::exception& error);

  const Router& router() const { return router_; }
  Metrics& metrics() { return metrics_; }
  /// Which port clients name; before the first request.
  void set_port(int port) { guard_.set_port(port); }

 private:
  Response handled(const Request& request, std::string& pattern) const;
  Response failure(const Request& request, const std::string& pattern, const std::exception& error);

  Router router_;
  Guard guard_;
  Handler otherwise_;
  std::function<void(const Failure&)> failed_;
  Metrics metrics_;
};

}  // namespace alike::serve

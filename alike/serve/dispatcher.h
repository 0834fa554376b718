// Request → response, without a socket: guard, route, handler, and what goes wrong as a problem.
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

/// Safe from several threads, once it is made.
class Dispatcher {
 public:
  /// `otherwise` answers GETs whose path is of no route, with a status of 404 where it has nothing.
  Dispatcher(Router router, GuardOptions guard, Handler otherwise);

  /// Whether `answer` may be called where nothing may wait; also for what is refused.
  bool at_once(const Request& head) const;
  /// How large a body may be for this head.
  static std::uint64_t most_body(const Request& head);
  /// Throws what the guard throws and what the router throws for its path and method, by the head
  /// alone.
  void check(const Request& head);

  /// Never throws; counts the answer. The guard has let the request in.
  Response answer(const Request& request);
  /// Counts and gives the answer to what could not be read or was not let in.
  Response refuse(const Request& head, const std::exception& error);

  const Router& router() const { return router_; }
  Metrics& metrics() { return metrics_; }
  /// Which port clients name; before the first request.
  void set_port(int port) { guard_.set_port(port); }

 private:
  Response handled(const Request& request, std::string& pattern) const;

  Router router_;
  Guard guard_;
  Handler otherwise_;
  Metrics metrics_;
};

}  // namespace alike::serve

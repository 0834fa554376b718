// Sockets. Boost.Beast reads the requests; limits and deadlines are on everything.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "alike/serve/dispatcher.h"
#include "alike/serve/event_hub.h"
#include "alike/serve/limits.h"

namespace alike::serve {

struct HttpOptions {
  std::string address = "127.0.0.1";  ///< Numbers, or a name that is looked up.
  int port = 7700;                    ///< 0: any that is free.
  int workers = 2;  ///< Threads for searches and for thumbnails; half as many for uploads.
  Limits limits;
};

/// The course of one request, for the log.
struct Logged {
  std::string id, peer, method, target;
  int status = 0;
  double ms = 0;
  std::uint64_t bytes = 0;
};

/// One thread reads and writes; each `Lane` has threads of its own that answer. The first line and
/// the headers must come within 10 s and 8 KiB, bodies as `time_for_body` says; answers must be
/// taken faster than 2 KiB a second.
class HttpServer {
 public:
  /// Opens the port. `log` is called from the thread of `run`. Throws `io` when it is taken.
  HttpServer(const HttpOptions& options, Dispatcher& dispatcher, EventHub& events,
             std::function<void(const Logged&)> log);
  /// Waits for handlers that are still at work, however long.
  ~HttpServer();

  int port() const;
  /// Answers until `stop`; then answers requests under way, for as long as `Limits::drain_ms`
  /// allows. Those that wait for a thread then are dropped. False where a handler is still at work
  /// without its client.
  bool run();
  /// May be called from any thread, and more than once.
  void stop();

 private:
  friend class Session;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::serve

// Sockets. Boost.Beast reads the requests; limits and deadlines are on everything.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "alike/serve/dispatcher.h"
#include "alike/serve/event_hub.h"

namespace alike::serve {

struct HttpOptions {
  std::string address = "127.0.0.1";  ///< Numbers, or a name that is looked up.
  int port = 7700;                    ///< 0: any that is free.
  int workers = 2;          ///< Threads that handlers run on; half as many more for pictures.
  std::size_t queue = 256;  ///< Requests, and uploads, that wait for one; more are answered 503.
  /// Open at once, where there are descriptors for them; more are answered 503 and closed.
  std::size_t connections = 2048;
};

/// What happened to one request, for the log.
struct Logged {
  std::string id, peer, method, target;
  int status = 0;
  double ms = 0;
  std::uint64_t bytes = 0;
};

/// One thread reads and writes, `workers` answer. The first line and the headers must come within
/// 10 s and 8 KiB, bodies faster than 1 KiB a second; answers must be taken faster than 2 KiB a
/// second.
class HttpServer {
 public:
  /// Opens the port. `log` is called from the thread of `run`. Throws `io` when it is taken.
  HttpServer(const HttpOptions& options, Dispatcher& dispatcher, EventHub& events,
             std::function<void(const Logged&)> log);
  ~HttpServer();

  int port() const;
  /// Answers until `stop`; then answers what is under way, for at most 10 s, and returns.
  void run();
  /// May be called from any thread, and more than once.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::serve

// The whole server: collections, interface, page, sockets.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "alike/serve/limits.h"

namespace alike::serve {

struct ServerOptions {
  std::string host = "127.0.0.1";         ///< Address or name to listen on.
  int port = 7700;                        ///< 0: any that is free.
  std::vector<std::string> public_names;  ///< `Host`s of a proxy in front: "name" or "name:port".
  /// Needed by clients, 16 characters or more; must be set where `host` is no loopback.
  std::string key;
  std::string reading_key;  ///< Another one, for reading and searching; empty: there is none.
  std::vector<std::filesystem::path> collections;  ///< Folders `.alike`.
  std::vector<std::filesystem::path> roots;        ///< That new collections may lie in.
  std::filesystem::path demo;             ///< Folder of the demo set; empty: there is none.
  std::filesystem::path demo_collection;  ///< Where its collection is made.
  int threads = 2;                        ///< Of jobs, and of handlers at least two.
  /// One line of JSON for each request, from one thread; may be empty.
  std::function<void(const std::string& line)> log;
  /// One line of JSON for each failure of the server itself; from any thread, one at a time; may be
  /// empty.
  std::function<void(const std::string& line)> failures;
  Limits limits;
};

/// Least characters of a key.
inline constexpr std::size_t kLeastKey = 16;

/// Listens from the constructor on, answers in `run`.
class Server {
 public:
  /// Throws `invalid_argument` for an address without a key that others could reach and for a key
  /// that is too short, errors of opening a collection, `io` for a port that is taken.
  explicit Server(const ServerOptions& options);
  ~Server();

  /// "http://127.0.0.1:7700/"
  std::string url() const;
  /// Answers until `stop`. Jobs are stopped then, keeping their results, and requests under way
  /// answered, for at most `Limits::drain_ms`. False where a handler or a job is still at work
  /// after that: destroying the server waits for it, however long it takes; ending the process by
  /// `_exit` does not, and loses nothing that was acknowledged.
  bool run();
  /// From any thread, also before `run`.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::serve

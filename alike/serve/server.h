// The whole server: collections, interface, page, sockets.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace alike::serve {

struct ServerOptions {
  std::string host = "127.0.0.1";         ///< Address or name to listen on.
  int port = 7700;                        ///< 0: any that is free.
  std::vector<std::string> public_names;  ///< `Host`s of a proxy in front: "name" or "name:port".
  std::string key;  ///< Wanted of clients; must be set where `host` is no loopback.
  std::vector<std::filesystem::path> collections;  ///< Folders `.alike`.
  std::vector<std::filesystem::path> roots;        ///< That new collections may lie in.
  std::filesystem::path demo;             ///< Folder of the demo set; empty: there is none.
  std::filesystem::path demo_collection;  ///< Where its collection is made.
  int threads = 2;                        ///< Of jobs, and of handlers at least two.
  /// One line of JSON for each request, from one thread; may be empty.
  std::function<void(const std::string& line)> log;
};

/// Listens from the constructor on, answers in `run`.
class Server {
 public:
  /// Throws `invalid_argument` for an address without a key that others could reach, what opening a
  /// collection throws, `io` for a port that is taken.
  explicit Server(const ServerOptions& options);
  ~Server();

  /// "http://127.0.0.1:7700/"
  std::string url() const;
  /// Answers until `stop`. Jobs are stopped then, keeping what is done, and requests under way
  /// answered, for at most 10 s.
  void run();
  /// From any thread, also before `run`.
  void stop();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace alike::serve

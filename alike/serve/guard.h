// Rights of a request: by host, origin and key.
#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "alike/serve/message.h"

namespace alike::serve {

struct GuardOptions {
  std::vector<std::string> hosts;  ///< Names under which the server is known, without a port.
  int port = 0;
  std::string key;  ///< Opens everything. Empty: none is needed.
  /// Values of Host from clients of a proxy in front, in small letters: "name" or "name:port".
  std::vector<std::string> public_names{};
  std::string reading_key{};  ///< Opens routes that change nothing; empty: there is none.
};

/// The rights of a request.
enum class Access { reading, all };

/// Stands before every handler. Safe from several threads.
class Guard {
 public:
  explicit Guard(GuardOptions options) : options_(std::move(options)) {}

  /// Throws `HttpError`: 421 where Host is not one of ours (DNS rebinding), 403 where a page of
  /// another origin tries to change something, 401 without a key, and 429 for a wrong one after ten
  /// of them in a minute from one address (`client_of`). A right key is always let in: many clients
  /// may share one address. `open`: no key is needed.
  Access check(const Request& request, bool open);

  void set_port(int port) { options_.port = port; }

  /// Whether the request comes from this machine, and not through a proxy on it that says so or
  /// passes on another Host.
  static bool is_local(const Request& request);

 private:
  using Clock = std::chrono::steady_clock;

  void check_host(const Request& request) const;
  void check_origin(const Request& request) const;
  Access access_by_key(const Request& request);
  [[noreturn]] void refuse_key(const Request& request, bool given);

  GuardOptions options_;
  std::mutex mutex_;
  std::map<std::string, std::vector<Clock::time_point>> wrong_;  // tries, by `client_of`
};

}  // namespace alike::serve

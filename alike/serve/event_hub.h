// Server-sent events: sent to all open streams.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace alike::serve {

/// Hands events to all listeners. Safe from several threads.
class EventHub {
 public:
  using Listener = std::function<void(const std::string& text)>;

  /// Tells all listeners: "id: …", "event: NAME", "data: DATA". `data` is one line.
  void tell(const std::string& name, const std::string& data);
  /// Calls `listener` for each event from now on, first with those after `last` that are still
  /// known; with all of them where `last` is yet to come. It must not block. The result is for
  /// `leave`.
  std::uint64_t listen(std::uint64_t last, Listener listener);
  void leave(std::uint64_t listener);

 private:
  static constexpr std::size_t kKept = 256;

  std::mutex mutex_;
  std::uint64_t last_event_ = 0, last_listener_ = 0;
  std::deque<std::pair<std::uint64_t, std::string>> kept_;
  std::map<std::uint64_t, Listener> listeners_;
};

}  // namespace alike::serve

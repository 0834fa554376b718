#include "alike/serve/event_hub.h"

namespace alike::serve {

void EventHub::tell(const std::string& name, const std::string& data) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t id = ++last_event_;
  const std::string text =
      "id: " + std::to_string(id) + "\nevent: " + name + "\ndata: " + data + "\n\n";
  kept_.emplace_back(id, text);
  if (kept_.size() > kKept) kept_.pop_front();
  for (const auto& [number, listener] : listeners_) listener(text);
}

std::uint64_t EventHub::listen(std::uint64_t last, Listener listener) {
  const std::lock_guard lock(mutex_);
  if (last > 0) {
    if (last > last_event_) last = 0;  // it is of an earlier run
    for (const auto& [id, text] : kept_) {
      if (id > last) listener(text);
    }
  }
  listeners_.emplace(++last_listener_, std::move(listener));
  return last_listener_;
}

void EventHub::leave(std::uint64_t listener) {
  const std::lock_guard lock(mutex_);
  listeners_.erase(listener);
}

}  // namespace alike::serve

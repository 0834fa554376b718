// A connection that has become a stream of events.
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <charconv>

#include "alike/serve/session.h"

namespace alike::serve {
namespace {

namespace net = boost::asio;

constexpr std::chrono::seconds kHeartbeat{15};
constexpr std::size_t kMostEvents = 1 << 20;  // bytes of events that wait to be taken

}  // namespace

/// Whether there is a stream left for this client; it has it then.
bool Session::may_stream() {
  return server_.streams.grow(stream_share_, client_, 1) == Shares::Refusal::none;
}

void Session::stream_events() {
  streaming_ = true;
  streaming_since_ = Clock::now();
  buffer_.clear();
  const std::string_view known = asked_->request.header("last-event-id");
  std::uint64_t last = 0;
  std::from_chars(known.data(), known.data() + known.size(), last);
  listener_ = server_.events.listen(
      last, [weak = weak_from_this(), &io = server_.io](const std::string& text) {
        net::post(io, [weak, text] {
          if (const auto self = weak.lock()) self->push(text);
        });
      });
  push(": alike\nretry: 2000\n\n");
  beat();
  stream_.expires_never();
  watch();
}

/// Hears of the client going away.
void Session::watch() {
  stream_.socket().async_read_some(buffer_.prepare(1),
                                   [self = shared_from_this()](error_code error, std::size_t) {
                                     return error ? self->close() : self->watch();
                                   });
}

/// Shows the client that the server is there; a stream that is old enough is closed, and the
/// browser opens another one after the last event that it has.
void Session::beat() {
  const auto end = streaming_since_ + std::chrono::milliseconds(server_.options.limits.stream_ms);
  heartbeat_.expires_at(std::min(Clock::now() + kHeartbeat, end));
  heartbeat_.async_wait([self = shared_from_this(), end](error_code error) {
    if (error || self->listener_ == 0) return;
    if (Clock::now() >= end) return self->close();
    self->push(":\n\n");
    self->beat();
  });
}

void Session::push(const std::string& text) {
  if (listener_ == 0) return;
  waiting_bytes_ += text.size();
  if (waiting_bytes_ > kMostEvents) return close();
  waiting_.push_back(text);
  if (waiting_.size() == 1) write_event();
}

void Session::write_event() {
  net::async_write(stream_.socket(), net::buffer(waiting_.front()),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     if (error) return self->close();
                     self->waiting_bytes_ -= self->waiting_.front().size();
                     self->waiting_.pop_front();
                     if (!self->waiting_.empty()) self->write_event();
                   });
}

}  // namespace alike::serve

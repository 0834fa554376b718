#include "alike/serve/session.h"

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <utility>

#include "alike/serve/address.h"
#include "alike/serve/http_head.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;

constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::chrono::seconds kIdle{60}, kWrite{30}, kSpareHead{2};
constexpr std::chrono::milliseconds kGrace{100};  // for a request to come, once the server ends
constexpr std::uint32_t kMostHead = 8 << 10;
constexpr std::size_t kPiece = 64 << 10;  // bytes of a body read at once

/// The answer to a connection that is one too many and sends no request.
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nserver: alike\r\nretry-after: 1\r\ncontent-length: 0\r\n"
    "connection: close\r\n\r\n";

bool is_of_http(const beast::error_code& error) {
  return error.category() == http::make_error_code(http::error::bad_method).category();
}

[[noreturn]] void too_large(std::uint64_t most) {
  throw HttpError(413, "payload_too_large",
                  "the body has more than " + std::to_string(most) +
                      " bytes; make the picture smaller, the page does that by itself");
}

}  // namespace

Session::Session(HttpServer::State& server, net::ip::tcp::socket socket, std::string peer,
                 Share connection)
    : server_(server),
      stream_(std::move(socket)),
      // More is never needed, and the extensions of a chunk would fill any.
      buffer_(kPiece + kMostHead),
      peer_(std::move(peer)),
      client_(client_of(peer_)),
      connection_(std::move(connection)),
      heartbeat_(server.io),
      deadline_(server.io) {}

void Session::wait() {
  parser_.reset();
  asked_.reset();  // an idle connection keeps nothing
  response_ = {};
  answer_.give_back();
  if (buffer_.size() > 0) return read_head();
  idle_ = true;
  stream_.expires_after(kIdle);
  stream_.async_read_some(buffer_.prepare(kMostHead),
                          [self = shared_from_this()](error_code error, std::size_t size) {
                            self->idle_ = false;
                            if (error) return self->close();
                            self->buffer_.commit(size);
                            self->read_head();
                          });
  if (server_.stopping) drain();
}

void Session::wait_as_spare(const std::string& reason) {
  spare_ = true;
  too_many_ = reason;
  read_head();
}

void Session::turn_away() {
  error_code ignored;
  stream_.socket().non_blocking(true, ignored);
  stream_.socket().write_some(net::buffer(kFull.data(), kFull.size()), ignored);
  close();
}

void Session::drain() {
  if (streaming_) return close();
  if (!idle_) return;
  // A request may be on its way, or its handler be about to run.
  deadline_.expires_after(kGrace);
  deadline_.async_wait([self = shared_from_this()](error_code error) {
    if (!error && self->idle_ && !self->has_input()) self->stream_.cancel();
  });
}

void Session::close() {
  if (!too_many_.empty()) {
    server_.dispatcher.metrics().count_overload(std::exchange(too_many_, {}));
  }
  if (listener_ != 0) server_.events.leave(std::exchange(listener_, 0));
  asked_.reset();  // a handler that still runs has it, too
  connection_.give_back();
  stream_share_.give_back();
  answer_.give_back();
  deadline_.cancel();
  heartbeat_.cancel();
  error_code ignored;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_both, ignored);
  stream_.close();
  server_.forget(shared_from_this());
}

bool Session::has_input() {
  error_code error;
  return stream_.socket().available(error) > 0 && !error;
}

void Session::read_head() {
  started_ = Clock::now();
  parser_.emplace();
  parser_->header_limit(kMostHead);
  parser_->body_limit(boost::none);  // until the head is known
  if (spare_) {
    // Not a deadline of the stream, which would close it without a word.
    stream_.expires_never();
    deadline_.expires_after(kSpareHead);
    deadline_.async_wait([self = shared_from_this()](error_code error) {
      if (!error) self->turn_away();
    });
  } else {
    stream_.expires_after(server_.options.limits.head());
  }
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->has_head(error); });
}

void Session::has_head(error_code error) {
  deadline_.cancel();
  asked_ = std::make_shared<Asked>();
  asked_->request.peer = peer_;
  asked_->request.id = std::to_string(++server_.requests);
  if (error == http::error::end_of_stream || error == net::error::eof) return close();
  if (error == beast::error::timeout) return close();
  if (error == http::error::header_limit) {
    if (!parser_->get().target().empty()) {  // the first line was read
      return refuse(HttpError(431, "malformed", "the headers have more than 8 KiB"));
    }
    return refuse(HttpError(414, "malformed", "the address has more than 8 KiB"));
  }
  if (error) {
    if (!is_of_http(error)) return close();
    return refuse(HttpError(400, "malformed", "this is not an HTTP request: " + error.message()));
  }
  try {
    Request head = request_of(parser_->get());
    head.peer = peer_;
    head.id = asked_->request.id;
    asked_->request = std::move(head);
    const std::string reason = std::exchange(too_many_, {});
    if (spare_ && !Dispatcher::asks_for_health(asked_->request)) {
      throw Overload(reason, "too many connections are open; try again in a second");
    }
    server_.dispatcher.check(asked_->request);
    check_body();
  } catch (const std::exception& refused) {
    return refuse(refused);
  }
  if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) return tell_to_go_on();
  read_body();
}

/// By the head, before any of the body is read.
void Session::check_body() {
  const std::uint64_t most = Dispatcher::most_body(asked_->request);
  const auto length = parser_->content_length();
  if (length && *length > most) too_large(most);
  parser_->body_limit(most);
}

void Session::tell_to_go_on() {
  stream_.expires_after(kWrite);
  net::async_write(stream_, net::buffer(kGoOn),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     return error ? self->close() : self->read_body();
                   });
}

void Session::read_body() {
  if (parser_->is_done()) return dispatch();
  // A deadline of the stream would close it, and there would be no answer.
  stream_.expires_never();
  deadline_.expires_at(started_ +
                       time_for_body(server_.options.limits, parser_->get().body().size()));
  deadline_.async_wait([self = shared_from_this(), read = reads_](error_code error) {
    if (error || read != self->reads_) return;
    self->late_ = true;
    self->stream_.cancel();
  });
  http::async_read_some(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->has_some(error); });
}

void Session::has_some(error_code error) {
  ++reads_;
  deadline_.cancel();
  if (error == http::error::body_limit) {
    return refuse(HttpError(413, "payload_too_large", "the body is too large"));
  }
  if (error && late_) return refuse(HttpError(408, "timeout", "the body came too slowly"));
  if (is_of_http(error)) {
    return refuse(HttpError(400, "malformed", "this is not an HTTP body: " + error.message()));
  }
  if (error) return close();
  if (!holds_body()) return;
  read_body();
}

/// Whether there is memory for the received part of the body; refuses it otherwise.
bool Session::holds_body() {
  const auto refusal = server_.bodies.grow(asked_->body, client_, parser_->get().body().capacity());
  if (refusal == Shares::Refusal::none) return true;
  const bool all = refusal == Shares::Refusal::all;
  refuse(Overload(all ? "bodies" : "bodies_of_address",
                  all ? "too many pictures come in at once; try again in a second"
                      : "too many pictures come from your address at once; try again in a second"));
  return false;
}

void Session::dispatch() {
  keep_alive_ = parser_->get().keep_alive() && !spare_;
  asked_->request.body = std::move(parser_->get().body());
  Dispatcher& dispatcher = server_.dispatcher;
  const Lane lane = dispatcher.lane(asked_->request);
  if (lane == Lane::at_once) return respond(dispatcher.answer(asked_->request));
  WorkQueue& queue = server_.queue(lane);
  const bool has_place =
      server_.places.at(lane).grow(asked_->place, client_, 1) == Shares::Refusal::none;
  if (has_place && offer_to(queue)) return;
  respond(dispatcher.refuse(
      asked_->request,
      Overload(queue.name() + (has_place ? "" : "_of_address"),
               "too many " + queue.name() + (has_place ? "" : " from your address") +
                   " wait; try again in a second")));
}

bool Session::offer_to(WorkQueue& queue) {
  Metrics& metrics = server_.dispatcher.metrics();
  metrics.change("queued", 1);
  const bool taken = queue.offer([self = shared_from_this(), asked = asked_]() mutable {
    auto response = std::make_shared<Response>(self->server_.dispatcher.answer(asked->request));
    asked.reset();  // the body is not needed any more
    net::io_context& io = self->server_.io;
    net::post(io, [self = std::move(self), response] {
      self->server_.dispatcher.metrics().change("queued", -1);
      self->respond(std::move(*response));
    });
  });
  if (!taken) metrics.change("queued", -1);
  return taken;
}

}  // namespace alike::serve

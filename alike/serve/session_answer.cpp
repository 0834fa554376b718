// Answers: head, pieces of the body, and the next request or the end.
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <span>
#include <utility>

#include "alike/base/error.h"
#include "alike/serve/http_head.h"
#include "alike/serve/problem.h"
#include "alike/serve/session.h"

namespace alike::serve {
namespace {

namespace net = boost::asio;

constexpr std::chrono::seconds kWrite{30}, kLinger{1};
constexpr std::size_t kPiece = 64 << 10;  // bytes of a body written at once

}  // namespace

/// Answers a refused request; the rest of its body is not read.
void Session::refuse(const std::exception& error) {
  const bool understood = !asked_->request.method.empty() && parser_->is_done();
  keep_alive_ = understood && parser_->get().keep_alive() && !spare_;
  respond(server_.dispatcher.refuse(asked_->request, error));
}

void Session::respond(Response response) {
  if (!asked_) return;  // closed while a handler was at work
  const Request& request = asked_->request;
  response_ = std::move(response);
  if (request.method == "HEAD") response_.events = false;
  if (request.method != "HEAD") check_room();
  if (server_.stopping || response_.events) keep_alive_ = false;
  const std::string& body = response_.shared ? *response_.shared : response_.body;
  left_ = body;
  const std::uint64_t size = response_.part ? response_.part->size : body.size();
  head_ = head_of(response_, size, keep_alive_);
  const Clock::duration taken = Clock::now() - started_;
  server_.log({request.id, peer_, request.method, request.target, response_.status,
               std::chrono::duration<double, std::milli>(taken).count(), size});
  if (request.method == "HEAD" || response_.status == 304) {
    left_ = {};
    response_.part.reset();
    response_.body = std::string();
  }
  asked_->request.body = std::string();
  asked_->body.give_back();
  asked_->place.give_back();
  if (!response_.part && left_.size() <= kPiece) head_ += std::exchange(left_, {});
  write(head_);
}

/// Puts a refusal in the place of an answer for which there is no stream or no memory left.
void Session::check_room() {
  if (response_.events && !may_stream()) {
    return overload("streams", "too many streams of events are open; try again in a second");
  }
  const std::uint64_t size =
      response_.shared ? response_.shared->size() : response_.body.capacity();
  if (response_.part || size <= kPiece) return;
  switch (server_.answers.grow(answer_, client_, size)) {
    case Shares::Refusal::none: return;
    case Shares::Refusal::all:
      return overload("answers", "too many answers are not taken yet; try again in a second");
    case Shares::Refusal::address:
      return overload("answers_of_address",
                      "too many answers to your address are not taken yet; try again in a second");
  }
}

void Session::overload(const std::string& reason, const std::string& sentence) {
  response_ = server_.dispatcher.refuse(asked_->request, Overload(reason, sentence));
}

void Session::write(std::string_view text) {
  stream_.expires_after(kWrite);
  net::async_write(stream_, net::buffer(text.data(), text.size()),
                   [self = shared_from_this()](error_code error, std::size_t) {
                     return error ? self->close() : self->write_on();
                   });
}

/// The next piece of the body, or the step after its end.
void Session::write_on() {
  if (response_.events) return stream_events();
  if (response_.part && response_.part->size > 0) {
    return next_of_file() ? write(piece_) : close();
  }
  response_.part.reset();
  if (!left_.empty()) {
    const std::string_view piece = left_.substr(0, kPiece);
    left_.remove_prefix(piece.size());
    return write(piece);
  }
  if (keep_alive_) return wait();
  linger();
}

/// False where the file became shorter than the announced length.
bool Session::next_of_file() {
  FilePart& part = *response_.part;
  piece_.resize(std::min<std::uint64_t>(kPiece, part.size));
  try {
    part.file->read_at(part.begin, std::as_writable_bytes(std::span(piece_)));
  } catch (const Error&) {
    return false;
  }
  part.begin += piece_.size();
  part.size -= piece_.size();
  return true;
}

/// Lets the client read the answer to a request that was read in part, before further bytes reset
/// the connection.
void Session::linger() {
  error_code ignored;
  stream_.socket().shutdown(net::ip::tcp::socket::shutdown_send, ignored);
  stream_.expires_after(kLinger);
  discard();
}

void Session::discard() {
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(kPiece),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            return error ? self->close() : self->discard();
                          });
}

}  // namespace alike::serve

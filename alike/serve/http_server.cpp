#include "alike/serve/http_server.h"

#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <utility>

#include "alike/base/error.h"
#include "alike/base/file.h"
#include "alike/base/priority.h"
#include "alike/base/text.h"
#include "alike/serve/problem.h"

namespace alike::serve {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace net = boost::asio;
using net::ip::tcp;
using Clock = std::chrono::steady_clock;
using beast::error_code;

constexpr std::string_view kGoOn = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::chrono::seconds kIdle{60}, kHead{10}, kWrite{30}, kDrain{10}, kHeartbeat{15};
constexpr std::uint32_t kMostHead = 8 << 10;
constexpr std::size_t kMostFields = 100;
constexpr std::size_t kPiece = 64 << 10;                 // bytes of a body read or written at once
constexpr double kSlowest = 1024;                        // bytes of a body a second
constexpr std::uint64_t kMostBodies = 512 << 20;         // bytes of bodies in memory at once
constexpr std::size_t kMostEvents = 1 << 20;             // bytes of events that wait to be taken
constexpr std::chrono::milliseconds kNoDescriptor{100};  // before the next try to accept

/// What a connection is told that is one too many.
constexpr std::string_view kFull =
    "HTTP/1.1 503 Service Unavailable\r\nserver: alike\r\nretry-after: 1\r\ncontent-length: 0\r\n"
    "connection: close\r\n\r\n";

/// Headers that a second of would shadow.
constexpr http::field kOnce[] = {http::field::host,           http::field::origin,
                                 http::field::authorization,  http::field::content_type,
                                 http::field::content_length, http::field::transfer_encoding,
                                 http::field::expect};

/// The request without its body. Throws `HttpError` for what no honest client sends.
Request request_of(const http::request_header<>& head) {
  Request request;
  request.method = head.method_string();
  request.target = head.target();
  std::size_t fields = 0;
  for (const auto& field : head) {
    if (++fields > kMostFields)
      throw HttpError(431, "malformed", "the request has too many headers");
    const std::string name = small_letters(field.name_string());
    const auto [at, fresh] = request.headers.emplace(name, std::string(field.value()));
    if (fresh) continue;
    for (const http::field once : kOnce) {
      if (field.name() == once) {
        throw HttpError(400, "malformed", "the header '" + name + "' is given twice");
      }
    }
    at->second += ", " + std::string(field.value());
  }
  // What another server on the way would read otherwise than this one.
  const std::string_view coding = request.header("transfer-encoding");
  if (request.headers.contains("transfer-encoding") &&
      (small_letters(coding) != "chunked" || head.version() < 11)) {
    throw HttpError(400, "malformed", "the only transfer-encoding is 'chunked', of HTTP/1.1");
  }
  const std::string_view length = request.header("content-length");
  if (length.find_first_not_of("0123456789") != std::string_view::npos) {
    throw HttpError(400, "malformed", "the header 'content-length' is no number");
  }
  if (head.version() >= 11 && !request.headers.contains("host")) {
    throw HttpError(400, "malformed", "the header 'host' is missing");
  }
  return request;
}

/// As many connections as there are descriptors for, a quarter of which is for files.
std::size_t affordable(std::size_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return connections;
  return std::min(connections, static_cast<std::size_t>(limit.rlim_cur) / 4 * 3);
}

/// Whether pictures are decoded and encoded for it.
bool is_costly(const Request& request) {
  return request.media_type() == "multipart/form-data" ||
         request.body.find("\"region\"") != std::string::npos;
}

/// On two processors a picture in each hand would otherwise leave nothing to what takes 5 ms.
void go_second() {
  thread_local bool lowered = false;
  if (!std::exchange(lowered, true)) lower_priority(10);
}

const char* phrase(int status) {
  return http::obsolete_reason(static_cast<http::status>(status)).data();
}

std::string head_of(const Response& response, std::uint64_t size, bool keep_alive) {
  std::string head = "HTTP/1.1 " + std::to_string(response.status) + " " + phrase(response.status) +
                     "\r\nserver: alike\r\n";
  for (const auto& [name, value] : response.headers) {
    head += name + ": ";
    for (const char letter : value) {
      head += static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f ? ' ' : letter;
    }
    head += "\r\n";
  }
  if (!response.events && response.status != 304) {
    head += "content-length: " + std::to_string(size) + "\r\n";
  }
  return head + (keep_alive ? "connection: keep-alive\r\n\r\n" : "connection: close\r\n\r\n");
}

}  // namespace

struct HttpServer::State {
  class Session;

  State(const HttpOptions& how, Dispatcher& to, EventHub& hub,
        std::function<void(const Logged&)> logged)
      : options(how),
        dispatcher(to),
        events(hub),
        log(std::move(logged)),
        workers(static_cast<std::size_t>(how.workers)),
        upload_workers(static_cast<std::size_t>(std::max(1, how.workers / 2))) {
    options.connections = affordable(options.connections);
  }

  HttpOptions options;
  Dispatcher& dispatcher;
  EventHub& events;
  std::function<void(const Logged&)> log;
  net::io_context io{1};
  tcp::acceptor acceptor{io};
  net::steady_timer drained{io};
  net::thread_pool workers, upload_workers;  // pictures take long, and nothing waits behind them
  std::set<std::shared_ptr<Session>> sessions;
  std::size_t queued = 0, uploads_queued = 0;
  std::uint64_t body_bytes = 0;  // in memory
  std::uint64_t requests = 0;
  std::atomic<bool> stopping = false;
  net::steady_timer again{io};  // to accept, when there was no descriptor

  void open();
  void accept();
  void begin(tcp::socket socket);
  void drain();
  void end();
};

/// One connection. All of it runs on the thread of `run`, but handlers.
class HttpServer::State::Session : public std::enable_shared_from_this<Session> {
 public:
  Session(State& server, tcp::socket socket) : server_(server), stream_(std::move(socket)) {
    error_code ignored;
    peer_ = stream_.socket().remote_endpoint(ignored).address().to_string();
  }

  /// Waits for the next request.
  void wait() {
    give_back_body();
    parser_.reset();
    request_ = {};  // an idle connection keeps nothing
    response_ = {};
    if (buffer_.size() > 0) return read_head();
    if (server_.stopping && !has_input()) return close();
    idle_ = true;
    stream_.expires_after(kIdle);
    stream_.async_read_some(buffer_.prepare(kMostHead),
                            [self = shared_from_this()](error_code error, std::size_t size) {
                              self->idle_ = false;
                              if (error) return self->close();
                              self->buffer_.commit(size);
                              self->read_head();
                            });
  }

  /// Ends what is not under way.
  void drain() {
    if (streaming_) return close();
    // Not closed: a request may have been read, and its handler be about to run.
    if (idle_ && !has_input()) stream_.cancel();
  }

  void close() {
    if (listener_ != 0) server_.events.leave(std::exchange(listener_, 0));
    give_back_body();
    deadline_.cancel();
    heartbeat_.cancel();
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
    stream_.close();
    if (server_.sessions.erase(shared_from_this()) > 0) {
      server_.dispatcher.metrics().change("connections", -1);
    }
    if (server_.stopping && server_.sessions.empty()) server_.drained.cancel();
  }

 private:
  /// Whether something came that is not read yet.
  bool has_input() {
    error_code error;
    return stream_.socket().available(error) > 0 && !error;
  }

  void read_head() {
    started_ = Clock::now();
    parser_.emplace();
    parser_->header_limit(kMostHead);
    parser_->body_limit(boost::none);  // until the head is known
    stream_.expires_after(kHead);
    http::async_read_header(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->has_head(error); });
  }

  void has_head(error_code error) {
    request_ = {};
    request_.peer = peer_;
    request_.id = std::to_string(++server_.requests);
    if (error == http::error::end_of_stream || error == net::error::eof) return close();
    if (error == beast::error::timeout) return close();
    if (error == http::error::header_limit) {
      if (!parser_->get().target().empty()) {  // the first line was read
        return refuse(HttpError(431, "malformed", "the headers have more than 8 KiB"));
      }
      return refuse(HttpError(414, "malformed", "the address has more than 8 KiB"));
    }
    if (error) {
      if (error.category() != http::make_error_code(http::error::bad_method).category())
        return close();
      return refuse(HttpError(400, "malformed", "that is no HTTP request: " + error.message()));
    }
    try {
      Request head = request_of(parser_->get());
      head.peer = peer_;
      head.id = request_.id;
      request_ = std::move(head);
      server_.dispatcher.check(request_);
      check_body();
    } catch (const std::exception& refused) {
      return refuse(refused);
    }
    if (beast::iequals(parser_->get()[http::field::expect], "100-continue")) return tell_to_go_on();
    read_body();
  }

  /// By the head, before any of the body is read.
  void check_body() {
    const std::uint64_t most = Dispatcher::most_body(request_);
    const auto length = parser_->content_length();
    if (length && *length > most) too_large(most);
    parser_->body_limit(most);
    reserved_ = length ? *length : (parser_->chunked() ? most : 0);
    if (server_.body_bytes + reserved_ > kMostBodies) {
      reserved_ = 0;
      throw HttpError(503, "overloaded", "too many pictures come in at once; try again in a second",
                      {{"retry-after", "1"}});
    }
    server_.body_bytes += reserved_;
  }

  [[noreturn]] static void too_large(std::uint64_t most) {
    throw HttpError(413, "payload_too_large",
                    "the body has more than " + std::to_string(most) +
                        " bytes; make the picture "
                        "smaller, the page does that by itself");
  }

  void tell_to_go_on() {
    stream_.expires_after(kWrite);
    net::async_write(stream_, net::buffer(kGoOn),
                     [self = shared_from_this()](error_code error, std::size_t) {
                       return error ? self->close() : self->read_body();
                     });
  }

  void read_body() {
    if (parser_->is_done()) return dispatch();
    const auto read = static_cast<double>(parser_->get().body().size());
    const auto allowed = kHead + std::chrono::duration_cast<Clock::duration>(
                                     std::chrono::duration<double>(read / kSlowest));
    // A deadline of the stream would close it, and there would be no answer.
    stream_.expires_never();
    deadline_.expires_at(started_ + allowed);
    deadline_.async_wait([self = shared_from_this(), read = reads_](error_code error) {
      if (error || read != self->reads_) return;
      self->late_ = true;
      self->stream_.cancel();
    });
    http::async_read_some(
        stream_, buffer_, *parser_,
        [self = shared_from_this()](error_code error, std::size_t) { self->has_some(error); });
  }

  void has_some(error_code error) {
    ++reads_;
    deadline_.cancel();
    if (error == http::error::body_limit) {
      return refuse(HttpError(413, "payload_too_large", "the body is too large"));
    }
    if (error && late_) return refuse(HttpError(408, "timeout", "the body came too slowly"));
    if (error.category() == http::make_error_code(http::error::bad_method).category()) {
      return refuse(HttpError(400, "malformed", "that is no HTTP body: " + error.message()));
    }
    if (error) return close();
    read_body();
  }

  void dispatch() {
    keep_alive_ = parser_->get().keep_alive();
    request_.body = std::move(parser_->get().body());
    if (server_.dispatcher.at_once(request_)) return respond(server_.dispatcher.answer(request_));
    const bool upload = is_costly(request_);
    std::size_t& waiting = upload ? server_.uploads_queued : server_.queued;
    if (waiting >= server_.options.queue) {
      return respond(server_.dispatcher.refuse(
          request_, HttpError(503, "overloaded", "too many requests wait; try again in a second",
                              {{"retry-after", "1"}})));
    }
    ++waiting;
    server_.dispatcher.metrics().change("queued", 1);
    auto& pool = upload ? server_.upload_workers : server_.workers;
    net::post(pool, [self = shared_from_this(), &waiting, upload] {
      if (upload) go_second();
      auto response = std::make_shared<Response>(self->server_.dispatcher.answer(self->request_));
      net::post(self->server_.io, [self, response, &waiting] {
        --waiting;
        self->server_.dispatcher.metrics().change("queued", -1);
        self->respond(std::move(*response));
      });
    });
  }

  /// Answers what is not let in; what is left of the body is not read.
  void refuse(const std::exception& error) {
    const bool understood = !request_.method.empty() && parser_->is_done();
    keep_alive_ = understood && parser_->get().keep_alive();
    respond(server_.dispatcher.refuse(request_, error));
  }

  void respond(Response response) {
    response_ = std::move(response);
    if (server_.stopping) keep_alive_ = false;
    const std::string& body = response_.shared ? *response_.shared : response_.body;
    left_ = body;
    std::uint64_t size = body.size();
    if (response_.part) size = response_.part->size;
    if (request_.method == "HEAD") response_.events = false;
    if (response_.events) keep_alive_ = false;
    head_ = head_of(response_, size, keep_alive_);
    const Clock::duration taken = Clock::now() - started_;
    server_.log({request_.id, peer_, request_.method, request_.target, response_.status,
                 std::chrono::duration<double, std::milli>(taken).count(), size});
    if (request_.method == "HEAD" || response_.status == 304) {
      left_ = {};
      response_.part.reset();
    }
    if (!response_.part && left_.size() <= kPiece) head_ += std::exchange(left_, {});
    write(head_);
  }

  void write(std::string_view text) {
    stream_.expires_after(kWrite);
    net::async_write(stream_, net::buffer(text.data(), text.size()),
                     [self = shared_from_this()](error_code error, std::size_t) {
                       return error ? self->close() : self->write_on();
                     });
  }

  /// The next piece of the body, or what comes after it.
  void write_on() {
    if (response_.events) return stream_events();
    if (response_.part && response_.part->size > 0) {
      piece_.resize(std::min<std::uint64_t>(kPiece, response_.part->size));
      try {
        FilePart& part = *response_.part;
        part.file->read_at(part.begin, std::as_writable_bytes(std::span(piece_)));
        part.begin += piece_.size();
        part.size -= piece_.size();
      } catch (const Error&) {
        return close();  // it became shorter; what was promised cannot be kept
      }
      return write(piece_);
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

  /// Lets the client read the answer to a request of which not all was read, before the connection
  /// is reset by what still comes.
  void linger() {
    error_code ignored;
    stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(std::chrono::seconds(1));
    discard();
  }

  void discard() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(kPiece),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              return error ? self->close() : self->discard();
                            });
  }

  void stream_events() {
    streaming_ = true;
    buffer_.clear();
    std::uint64_t last = 0;
    try {
      last = std::stoull("0" + std::string(request_.header("last-event-id")));
    } catch (const std::exception&) {
      last = 0;
    }
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
  void watch() {
    stream_.socket().async_read_some(buffer_.prepare(1),
                                     [self = shared_from_this()](error_code error, std::size_t) {
                                       return error ? self->close() : self->watch();
                                     });
  }

  void beat() {
    heartbeat_.expires_after(kHeartbeat);
    heartbeat_.async_wait([self = shared_from_this()](error_code error) {
      if (error || self->listener_ == 0) return;
      self->push(":\n\n");
      self->beat();
    });
  }

  void push(const std::string& text) {
    if (listener_ == 0) return;
    waiting_bytes_ += text.size();
    if (waiting_bytes_ > kMostEvents) return close();
    waiting_.push_back(text);
    if (waiting_.size() == 1) write_event();
  }

  void write_event() {
    net::async_write(stream_.socket(), net::buffer(waiting_.front()),
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (error) return self->close();
                       self->waiting_bytes_ -= self->waiting_.front().size();
                       self->waiting_.pop_front();
                       if (!self->waiting_.empty()) self->write_event();
                     });
  }

  void give_back_body() {
    server_.body_bytes -= std::exchange(reserved_, 0);
    request_.body.clear();
    request_.body.shrink_to_fit();
  }

  State& server_;
  beast::tcp_stream stream_;
  // More is never needed, and the extensions of a chunk would fill any.
  beast::flat_buffer buffer_{kPiece + kMostHead};
  std::optional<http::request_parser<http::string_body>> parser_;
  std::string peer_;
  Clock::time_point started_;
  Request request_;
  Response response_;
  std::uint64_t reserved_ = 0;
  bool keep_alive_ = false, idle_ = false, streaming_ = false;
  std::string head_, piece_;
  std::string_view left_;
  std::uint64_t listener_ = 0;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  net::steady_timer heartbeat_{server_.io}, deadline_{server_.io};
  std::uint64_t reads_ = 0;  // of pieces of bodies
  bool late_ = false;
};

void HttpServer::State::open() {
  error_code error;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(options.address, std::to_string(options.port), error);
  if (error || found.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "'" + options.address + "' is no address of this machine: " + error.message());
  }
  const tcp::endpoint where = *found.begin();
  acceptor.open(where.protocol(), error);
  if (!error) acceptor.set_option(net::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(where, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    throw Error(ErrorCode::io, "cannot listen on " + options.address + ":" +
                                   std::to_string(options.port) + ": " + error.message() +
                                   "; choose another with --port");
  }
}

void HttpServer::State::accept() {
  acceptor.async_accept([this](error_code error, tcp::socket socket) {
    if (!error) begin(std::move(socket));
    if (stopping) return;
    if (!error || error == net::error::connection_aborted) return accept();
    again.expires_after(kNoDescriptor);
    again.async_wait([this](error_code) {
      if (!stopping) accept();
    });
  });
}

void HttpServer::State::begin(tcp::socket socket) {
  error_code ignored;
  if (sessions.size() >= options.connections) {
    socket.non_blocking(true, ignored);
    socket.write_some(net::buffer(kFull.data(), kFull.size()), ignored);
    return;
  }
  socket.set_option(tcp::no_delay(true), ignored);
  const auto session = std::make_shared<Session>(*this, std::move(socket));
  sessions.insert(session);
  dispatcher.metrics().change("connections", 1);
  session->wait();
}

void HttpServer::State::drain() {
  // Who is connected already and waits to be accepted has perhaps asked.
  error_code error;
  acceptor.non_blocking(true, error);
  while (!error) {
    tcp::socket socket(io);
    acceptor.accept(socket, error);
    if (!error) begin(std::move(socket));
  }
  acceptor.close(error);
  again.cancel();
  const auto open = sessions;
  for (const auto& session : open) session->drain();
  // What has come already and waits for its handler comes before this.
  net::post(io, [this] {
    if (sessions.empty()) return end();
    drained.expires_after(kDrain);
    drained.async_wait([this](error_code) { end(); });
  });
}

void HttpServer::State::end() {
  const auto left = sessions;
  for (const auto& session : left) session->close();
  io.stop();
}

HttpServer::HttpServer(const HttpOptions& options, Dispatcher& dispatcher, EventHub& events,
                       std::function<void(const Logged&)> log)
    : state_(std::make_unique<State>(options, dispatcher, events, std::move(log))) {
  state_->open();
}

HttpServer::~HttpServer() {
  state_->workers.join();
  state_->upload_workers.join();
  const auto left = state_->sessions;
  for (const auto& session : left) session->close();
}

int HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

void HttpServer::run() {
  state_->accept();
  state_->io.run();
  state_->workers.join();
  state_->upload_workers.join();
}

void HttpServer::stop() {
  if (state_->stopping.exchange(true)) return;
  net::post(state_->io, [this] { state_->drain(); });
}

}  // namespace alike::serve

// One connection: its requests, one after the other, and their answers. Private to the server.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "alike/serve/http_body.h"
#include "alike/serve/http_state.h"
#include "alike/serve/message.h"
#include "alike/serve/shares.h"

namespace alike::serve {

/// All of it runs on the thread of `HttpServer::run`; handlers get an `Asked` of their own.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(HttpServer::State& server, boost::asio::ip::tcp::socket socket, std::string peer,
          Share connection);

  /// Waits for the next request.
  void wait();
  /// As `wait` for a connection that is one too many: only liveness and readiness are answered. It
  /// is counted as an overload of `reason` unless it is asked for those.
  void wait_as_spare(const std::string& reason);
  /// Tells a connection that is one too many so, and closes it.
  void turn_away();
  /// Ends the session unless a request is under way.
  void drain();
  void close();

 private:
  using Clock = std::chrono::steady_clock;
  using Parser = boost::beast::http::request_parser<GrowingBody>;
  using error_code = boost::beast::error_code;

  /// A request with the memory that it may take and its place in a queue; its handler owns it.
  struct Asked {
    Request request;
    Share body, place;
  };

  // session.cpp: from bytes to a handler
  bool has_input();
  void read_head();
  void has_head(error_code error);
  void check_body();
  void tell_to_go_on();
  void read_body();
  void has_some(error_code error);
  bool holds_body();
  void dispatch();
  bool offer_to(WorkQueue& queue);

  // session_answer.cpp: from an answer to bytes
  void refuse(const std::exception& error);
  void respond(Response response);
  void check_room();
  void overload(const std::string& reason, const std::string& sentence);
  void write(std::string_view text);
  void write_on();
  bool next_of_file();
  void linger();
  void discard();

  // session_events.cpp
  bool may_stream();
  void stream_events();
  void watch();
  void beat();
  void push(const std::string& text);
  void write_event();

  HttpServer::State& server_;
  boost::beast::tcp_stream stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  const std::string peer_;
  const std::string client_;  // `client_of` it, by which there are shares
  Share connection_, stream_share_, answer_;
  Clock::time_point started_, streaming_since_;
  std::shared_ptr<Asked> asked_;
  Response response_;
  bool keep_alive_ = false, idle_ = false, streaming_ = false, spare_ = false, late_ = false;
  std::string too_many_;  // why this connection is refused, until that is counted
  std::string head_, piece_;
  std::string_view left_;
  std::uint64_t listener_ = 0;
  std::deque<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  boost::asio::steady_timer heartbeat_, deadline_;
  std::uint64_t reads_ = 0;  // of pieces of bodies
};

}  // namespace alike::serve

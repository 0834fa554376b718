#include "alike/serve/http_server.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <limits>
#include <utility>

#include "alike/base/error.h"
#include "alike/serve/address.h"
#include "alike/serve/session.h"

namespace alike::serve {
namespace {

namespace net = boost::asio;
using boost::beast::error_code;
using net::ip::tcp;

constexpr std::chrono::milliseconds kNoDescriptor{100};  // before the next try to accept
constexpr std::uint64_t kNoBound = std::numeric_limits<std::uint64_t>::max();
constexpr std::chrono::seconds kLast{1};  // for handlers to end after their clients are gone

/// As many connections as there are descriptors for, a quarter of which is for files.
std::int64_t affordable(std::int64_t connections) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return connections;
  return std::clamp<std::int64_t>(static_cast<std::int64_t>(limit.rlim_cur) / 4 * 3, 1,
                                  connections);
}

/// More connections, only for an answer that there are too many, or about the server's health.
std::size_t spare_of(std::int64_t connections) {
  return static_cast<std::size_t>(std::clamp<std::int64_t>(connections / 16, 2, 64));
}

HttpOptions within_system(HttpOptions options) {
  options.limits.connections = affordable(options.limits.connections);
  return options;
}

Shares shares_of(std::int64_t most, std::int64_t most_each, std::uint64_t unit = 1) {
  return {static_cast<std::uint64_t>(most) * unit, static_cast<std::uint64_t>(most_each) * unit};
}

/// Work of 5 ms goes before work of 50, and that before pictures (decision 0010).
std::unique_ptr<WorkQueue> queue_of(const char* name, int threads, int nice, std::int64_t wait_ms,
                                    const Limits& limits) {
  return std::make_unique<WorkQueue>(
      WorkQueueOptions{.name = name,
                       .threads = static_cast<std::size_t>(threads),
                       .nice = nice,
                       .most = static_cast<std::size_t>(limits.queue),
                       .longest_wait = std::chrono::milliseconds(wait_ms)});
}

}  // namespace

HttpServer::State::State(const HttpOptions& how, Dispatcher& to, EventHub& hub,
                         std::function<void(const Logged&)> logged)
    : options(within_system(how)),
      dispatcher(to),
      events(hub),
      log(std::move(logged)),
      connections(shares_of(options.limits.connections, options.limits.connections_per_address)),
      streams(shares_of(options.limits.streams, options.limits.streams_per_address)),
      bodies(shares_of(options.limits.body_mb, options.limits.body_mb_per_address, 1 << 20)),
      answers(
          shares_of(options.limits.answers_mb, options.limits.answers_mb_per_address, 1 << 20)) {
  constexpr int kLight = 2;
  const Limits& limits = options.limits;
  const int half = std::max(1, options.workers / 2);
  queues[Lane::light] = queue_of("requests", kLight, 0, limits.search_wait_ms, limits);
  queues[Lane::search] = queue_of("searches", options.workers, 2, limits.search_wait_ms, limits);
  queues[Lane::thumbnail] =
      queue_of("thumbnails", options.workers, 8, limits.thumbnail_wait_ms, limits);
  queues[Lane::upload] = queue_of("uploads", half, 10, limits.upload_wait_ms, limits);
  for (const auto& [lane, queue] : queues) {
    places.try_emplace(lane, kNoBound, static_cast<std::uint64_t>(limits.queue_per_address));
  }
}

void HttpServer::State::open() {
  error_code error;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(options.address, std::to_string(options.port), error);
  if (error || found.empty()) {
    throw Error(ErrorCode::invalid_argument,
                "'" + options.address + "' is not an address of this machine: " + error.message());
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
  socket.set_option(tcp::no_delay(true), ignored);
  const std::string peer = socket.remote_endpoint(ignored).address().to_string();
  Share share;
  const auto refusal = connections.grow(share, client_of(peer), 1);
  const auto session = std::make_shared<Session>(*this, std::move(socket), peer, std::move(share));
  sessions.insert(session);
  dispatcher.metrics().change("connections", 1);
  if (refusal == Shares::Refusal::none) return session->wait();
  if (spare.size() >= spare_of(options.limits.connections)) {
    const auto oldest = spare.front();
    oldest->turn_away();
  }
  spare.push_back(session);
  session->wait_as_spare(refusal == Shares::Refusal::all ? "connections"
                                                         : "connections_of_address");
}

void HttpServer::State::forget(const std::shared_ptr<Session>& session) {
  spare.remove(session);
  if (sessions.erase(session) > 0) dispatcher.metrics().change("connections", -1);
  if (stopping && sessions.empty()) drained.cancel();
}

void HttpServer::State::drain() {
  // A connection not yet accepted may already have sent a request.
  error_code error;
  acceptor.non_blocking(true, error);
  while (!error || error == net::error::connection_aborted) {
    tcp::socket socket(io);
    acceptor.accept(socket, error);
    if (!error) begin(std::move(socket));
  }
  acceptor.close(error);
  again.cancel();
  const auto open = sessions;
  for (const auto& session : open) session->drain();
  // Events that already wait for their handlers come before this.
  net::post(io, [this] {
    if (sessions.empty()) return end();
    drained.expires_after(options.limits.drain());
    drained.async_wait([this](error_code) { end(); });
  });
}

/// Clients that still wait are cut off; their handlers keep the data in use.
void HttpServer::State::end() {
  for (const auto& [lane, work] : queues) work->stop();
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
  state_->queues.clear();  // waits for their threads
  const auto left = state_->sessions;
  for (const auto& session : left) session->close();
}

int HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

bool HttpServer::run() {
  state_->accept();
  state_->io.run();
  const auto until = WorkQueue::Clock::now() + kLast;
  bool idle = true;
  for (const auto& [lane, work] : state_->queues) idle = work->idle_by(until) && idle;
  return idle;
}

void HttpServer::stop() {
  if (state_->stopping.exchange(true)) return;
  net::post(state_->io, [this] { state_->drain(); });
}

}  // namespace alike::serve

// The state shared by the connections of one server. Private to the server.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>

#include "alike/serve/http_server.h"
#include "alike/serve/shares.h"
#include "alike/serve/work_queue.h"

namespace alike::serve {

class Session;

/// All members are used by the thread of `run` only, unless their comment says otherwise.
struct HttpServer::State {
  State(const HttpOptions& how, Dispatcher& to, EventHub& hub,
        std::function<void(const Logged&)> logged);

  void open();
  void accept();
  void begin(boost::asio::ip::tcp::socket socket);
  void drain();
  void end();
  /// Takes a session that has ended out of all lists.
  void forget(const std::shared_ptr<Session>& session);
  WorkQueue& queue(Lane lane) { return *queues.at(lane); }

  HttpOptions options;
  Dispatcher& dispatcher;
  EventHub& events;
  std::function<void(const Logged&)> log;
  Shares connections, streams, bodies, answers;  // before the holders of their shares
  std::map<Lane, Shares> places;                 // likewise: requests that wait or are worked on
  boost::asio::io_context io{1};
  boost::asio::ip::tcp::acceptor acceptor{io};
  boost::asio::steady_timer drained{io}, again{io};  // again: to accept, when there was no room
  std::set<std::shared_ptr<Session>> sessions;
  std::list<std::shared_ptr<Session>> spare;  // oldest first: one too many each, of `sessions` too
  std::uint64_t requests = 0;
  std::atomic<bool> stopping = false;                 // any thread
  std::map<Lane, std::unique_ptr<WorkQueue>> queues;  // last: their work uses the others
};

}  // namespace alike::serve
